import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { parseDay } from '../../shared/days.ts';
import { dayKinds, moneyKinds, type FactView } from '../../shared/facts.ts';
import { useCommand } from '../client.ts';
import { readMoney } from '../ui/money-input.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { tell } from '../ui/undo.tsx';

/** Corrects one fact in its row. The value read from the page stays in the history; so does the reason. */
export function FactEditor({ fact, onDone }: { fact: FactView; onDone: () => void }) {
  const [value, setValue] = useState(fact.value);
  const correct = useCommand('facts.correct');
  const problem = problemOf(fact, value);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (problem !== null) return;
    if (value.trim() === fact.value) {
      onDone();
      return;
    }
    const outcome = await correct.run({ factId: fact.factId, value: value.trim() });
    if (!outcome.ok) return;
    tell(`Corrected to ${value.trim()}.`, () => {
      void correct.run({ factId: fact.factId, value: fact.value, reason: 'Undone' });
    });
    onDone();
  };

  return (
    <form
      className="row fact-editor"
      onSubmit={(event) => {
        void submit(event);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <TextInput
        autoFocus
        aria-label="Correct value"
        value={value}
        error={problem}
        style={{ flex: 1 }}
        onChange={(event) => {
          setValue(event.currentTarget.value);
        }}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
      <Button type="submit" loading={correct.busy} disabled={problem !== null}>
        Save
      </Button>
      <Button variant="subtle" color="gray" onClick={onDone}>
        Cancel
      </Button>
      {correct.error && <ErrorNotice error={correct.error} />}
    </form>
  );
}

function problemOf(fact: FactView, value: string): string | null {
  if (value.trim() === '') return 'Write the value, or reject the fact.';
  if (dayKinds.includes(fact.kind) && parseDay(value) === null) return 'Write the date as Feb 15, 2024 or 02/15/2024.';
  return moneyKinds.includes(fact.kind) ? readMoney(value).problem : null;
}
