import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { MatterId, TemplateId } from '../../shared/ids.ts';
import type { AsksView } from '../../shared/letters.ts';
import type { EnteredValues } from '../../shared/template-content.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { EnteredField } from './EnteredField.tsx';
import '@mantine/core/styles/Checkbox.css';

/** What the chosen template asks before the letter is drafted, and the way to it. */
export function DraftForm({ matterId, templateId }: { matterId: MatterId; templateId: TemplateId }) {
  const asks = useCall('letters.asks', { matterId, templateId });
  return (
    <Loaded answer={asks} text="Reading the template">
      {(view) => <Form matterId={matterId} templateId={templateId} view={view} />}
    </Loaded>
  );
}

function Form({ matterId, templateId, view }: { matterId: MatterId; templateId: TemplateId; view: AsksView }) {
  const { variables, sections, parties } = view;
  const draft = useCommand('letters.draft');
  const [entered, setEntered] = useState<EnteredValues>({});
  const [leftOut, setLeftOut] = useState<string[]>([]);
  const missing = variables.filter(({ name, required }) => required && !Object.hasOwn(entered, name));
  return (
    <form
      className="draft-form stack"
      aria-label="Draft the letter"
      onSubmit={(event) => {
        event.preventDefault();
        void draft.run({ matterId, templateId, entered, leaveOut: leftOut });
      }}
    >
      {variables.length > 0 && (
        <p className="quiet">No document tells these. What you leave empty is marked in the letter, and can be entered there.</p>
      )}
      {variables.map((variable) => (
        <EnteredField
          key={variable.name}
          variable={variable}
          value={null}
          parties={parties}
          onChange={(value) => {
            setEntered((before) => {
              const others = Object.fromEntries(Object.entries(before).filter(([name]) => name !== variable.name));
              return value === null ? others : { ...others, [variable.name]: value };
            });
          }}
        />
      ))}
      {sections.length > 0 && (
        <fieldset className="draft-sections">
          <legend>Optional sections</legend>
          {sections.map(({ id, title }) => (
            <Checkbox
              key={id}
              size="xs"
              label={title === '' ? 'Section without a title' : title}
              checked={!leftOut.includes(id)}
              onChange={(event) => {
                const isIn = event.currentTarget.checked;
                setLeftOut((before) => (isIn ? before.filter((other) => other !== id) : [...before, id]));
              }}
            />
          ))}
        </fieldset>
      )}
      <div>
        <Button type="submit" loading={draft.busy} disabled={missing.length > 0}>
          Draft from template
        </Button>
        {missing.length > 0 && <p className="quiet">Needed first: {missing.map(({ label }) => label).join(', ')}.</p>}
      </div>
      {draft.error && <ErrorNotice error={draft.error} />}
    </form>
  );
}
