import { Button, NativeSelect, Popover, Textarea, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';

/** Sends the letter to review: to somebody by name, with what she should look at and by when, or to whoever looks. */
export function SendToReview({ letterId, isInReview, beforeSending }: Omit<ReviewFormProps, 'onDone'>) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={340}
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
          {isInReview ? 'Ask somebody…' : 'Send to review…'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {isOpen && (
          <ReviewForm
            {...{ letterId, isInReview, beforeSending }}
            onDone={() => {
              setIsOpen(false);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface ReviewFormProps {
  letterId: LetterId;
  isInReview: boolean;
  beforeSending: () => Promise<boolean>;
  onDone: () => void;
}

function ReviewForm({ letterId, isInReview, beforeSending, onDone }: ReviewFormProps) {
  const { data } = useCall('reviews.list', { letterId });
  const ask = useCommand('reviews.ask');
  const [of, setOf] = useState('');
  const [note, setNote] = useState('');
  const [dueOn, setDueOn] = useState('');
  const people = data?.people ?? [];
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await beforeSending())) return;
    const person = people.find(({ userId }) => userId === of);
    const asked = await ask.run({ letterId, of: person?.userId ?? null, note, dueOn: dueOn === '' ? null : dueOn });
    if (!asked.ok) return;
    onDone();
    tell(`${isInReview ? '' : 'Sent to review. '}${person ? `${person.name} is asked to look at it.` : ''}`.trim());
  };
  return (
    <form className="stack" aria-label={isInReview ? 'Ask somebody' : 'Send to review'} onSubmit={(event) => void submit(event)}>
      <NativeSelect
        label="Who looks at it"
        data-autofocus
        value={of}
        data={[
          { value: '', label: isInReview ? 'Choose somebody' : 'Nobody in particular' },
          ...people.map(({ userId, name, role }) => ({ value: userId, label: `${name}, ${role}` })),
        ]}
        onChange={(event) => {
          setOf(event.currentTarget.value);
        }}
      />
      {of !== '' && (
        <>
          <Textarea
            label="What to look at"
            placeholder="Optional"
            autosize
            minRows={2}
            maxRows={6}
            maxLength={2000}
            value={note}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
          <TextInput
            type="date"
            label="By when"
            value={dueOn}
            onChange={(event) => {
              setDueOn(event.currentTarget.value);
            }}
          />
        </>
      )}
      <Button type="submit" loading={ask.busy} disabled={isInReview && of === ''}>
        {isInReview ? 'Ask' : 'Send to review'}
      </Button>
      {ask.error && <ErrorNotice error={ask.error} />}
    </form>
  );
}
