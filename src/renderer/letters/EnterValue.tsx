import { Button } from '@mantine/core';
import { useState } from 'react';
import type { LetterOnDesk } from '../../shared/letters.ts';
import type { EnteredValue, TemplateVariable } from '../../shared/template-content.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { EnteredField } from './EnteredField.tsx';

/** Changes what a person entered for what the template asked; every place in the letter follows. */
export function EnterValue({ letter, variable }: { letter: LetterOnDesk; variable: TemplateVariable }) {
  const before = letter.entered[variable.name] ?? null;
  const [value, setValue] = useState<EnteredValue | null>(before);
  const facts = useCall('facts.list', { matterId: letter.matterId }, { enabled: variable.type === 'party' });
  const enter = useCommand('letters.enter');
  const parties = [
    ...new Set(
      (facts.data ?? []).filter(({ kind }) => /name$|counsel$|^(carrier|adjuster|witness|provider)$/.test(kind)).map((fact) => fact.value),
    ),
  ];
  return (
    <form
      className="stack"
      aria-label="Enter the value"
      onSubmit={(event) => {
        event.preventDefault();
        void enter.run({ letterId: letter.letterId, name: variable.name, value });
      }}
    >
      <EnteredField variable={variable} value={before} parties={parties} onChange={setValue} />
      <div>
        <Button type="submit" variant="default" loading={enter.busy} disabled={JSON.stringify(value) === JSON.stringify(before)}>
          {value === null && before !== null ? 'Take it out' : 'Enter'}
        </Button>
      </div>
      {enter.error && <ErrorNotice error={enter.error} />}
    </form>
  );
}
