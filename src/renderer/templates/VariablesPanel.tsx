import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { nameShape, VariableType, type TemplateVariable } from '../../shared/template-content.ts';
import type { Draft } from './use-draft.ts';
import { nameFrom, typeLabels } from './words.ts';

/** What the template asks a person for before a letter is drafted, because no document tells it. */
export function VariablesPanel({ draft, mayEdit }: { draft: Draft; mayEdit: boolean }) {
  const { variables } = draft.content;
  const asked = variables.filter((variable) => typeof variable !== 'string');
  const set = (at: number, next: TemplateVariable | null) => {
    draft.change((before) => {
      const own = before.variables.filter((variable) => typeof variable !== 'string');
      const others = before.variables.filter((variable) => typeof variable === 'string');
      const changed = next === null ? own.toSpliced(at, 1) : own.toSpliced(at, 1, next);
      // a mark of the same name is asked for now
      return { ...before, variables: [...others.filter((name) => !changed.some((one) => one.name === name)), ...changed] };
    });
  };
  return (
    <div className="stack">
      <p className="quiet">
        What facts and bills tell fills itself. What only a person knows is asked here before the letter is drafted, checked by its type,
        and kept with the letter.
      </p>
      {asked.length === 0 && <p className="quiet">This template asks nothing.</p>}
      <ul className="asked-list" aria-label="What the template asks">
        {asked.map((variable, at) => (
          <li key={at}>
            <Variable
              variable={variable}
              mayEdit={mayEdit}
              isTaken={(name) => variables.some((other) => typeof other !== 'string' && other !== variable && other.name === name)}
              onChange={(next) => {
                set(at, next);
              }}
            />
          </li>
        ))}
      </ul>
      {mayEdit && (
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            const taken = new Set(variables.map((variable) => (typeof variable === 'string' ? variable : variable.name)));
            const nth = Array.from({ length: 500 }, (_, n) => n + 1).find((n) => !taken.has(`question_${String(n)}`)) ?? 1;
            set(asked.length, {
              name: `question_${String(nth)}`,
              label: `Question ${String(nth)}`,
              type: 'text',
              required: false,
              help: '',
            });
          }}
        >
          Ask for something
        </Button>
      )}
    </div>
  );
}

interface VariableProps {
  variable: TemplateVariable;
  mayEdit: boolean;
  isTaken: (name: string) => boolean;
  onChange: (next: TemplateVariable | null) => void;
}

function Variable({ variable, mayEdit, isTaken, onChange }: VariableProps) {
  const [label, setLabel] = useState(variable.label);
  const [name, setName] = useState(variable.name);
  const problem = !nameShape.test(name)
    ? 'Lower-case letters, digits and underscores.'
    : isTaken(name)
      ? 'Another question has this name.'
      : null;
  return (
    <div className="asked">
      <div className="row">
        <TextInput
          label="Question"
          className="fill"
          maxLength={100}
          readOnly={!mayEdit}
          value={label}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setLabel(text);
            if (text.trim() === '') return;
            const isOwn = name === nameFrom(variable.label) || /^question_\d+$/.test(name);
            const own = nameFrom(text);
            const next = isOwn && !isTaken(own) ? own : name;
            setName(next);
            onChange({ ...variable, label: text.trim(), name: nameShape.test(next) ? next : variable.name });
          }}
        />
        {mayEdit && (
          <ActionIcon
            className="asked-remove"
            aria-label={`Do not ask: ${variable.label}`}
            onClick={() => {
              onChange(null);
            }}
          >
            <IconTrash size={15} />
          </ActionIcon>
        )}
      </div>
      <div className="row asked-row">
        <TextInput
          label="Name in the text"
          className="fill"
          maxLength={64}
          readOnly={!mayEdit}
          error={problem}
          value={name}
          onChange={(event) => {
            const next = event.currentTarget.value.toLowerCase();
            setName(next);
            if (nameShape.test(next) && !isTaken(next)) onChange({ ...variable, name: next });
          }}
        />
        <NativeSelect
          label="Type"
          disabled={!mayEdit}
          value={variable.type}
          data={VariableType.options.map((type) => ({ value: type, label: typeLabels[type] }))}
          onChange={(event) => {
            onChange({ ...variable, type: VariableType.parse(event.currentTarget.value) });
          }}
        />
      </div>
      <TextInput
        label="Help (may be left empty)"
        maxLength={500}
        readOnly={!mayEdit}
        value={variable.help}
        onChange={(event) => {
          onChange({ ...variable, help: event.currentTarget.value });
        }}
      />
      <Checkbox
        size="xs"
        label="No letter without it"
        checked={variable.required}
        disabled={!mayEdit}
        onChange={(event) => {
          onChange({ ...variable, required: event.currentTarget.checked });
        }}
      />
    </div>
  );
}
