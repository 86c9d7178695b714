import { Button, Popover, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';

/** Makes a finalized letter a draft again; why is kept with the version it begins with. */
export function ReopenButton({ letterId }: { letterId: LetterId }) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  const reopen = useCommand('letters.reopen');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim() === '') return;
    const reopened = await reopen.run({ letterId, reason: reason.trim() });
    if (reopened.ok) tell('The letter is a draft again. What was finalized stays, under Versions.');
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={320}
      shadow="md"
      trapFocus
      returnFocus
      transitionProps={{ duration: 80 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          Reopen…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="stack"
          aria-label="Reopen the letter"
          onSubmit={(event) => {
            void submit(event);
          }}
        >
          <p>The letter becomes a draft again. The finalized version stays readable and can be exported as it was.</p>
          <TextInput
            label="Why it is reopened"
            maxLength={2000}
            data-autofocus
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={reopen.busy} disabled={reason.trim() === ''}>
            Reopen as a draft
          </Button>
          {reopen.error && <ErrorNotice error={reopen.error} />}
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
