import { Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { EnteredValue, type TemplateVariable } from '../../shared/template-content.ts';
import { MoneyField } from '../ui/MoneyField.tsx';
import { centsToInput, readMoney } from '../ui/money-input.ts';

interface EnteredFieldProps {
  variable: TemplateVariable;
  value: EnteredValue | null;
  /** People and firms of the matter. */
  parties: readonly string[];
  /** null: nothing is entered, or nothing that is of this type yet. */
  onChange: (value: EnteredValue | null) => void;
}

/** A field for what a template asks, by its type. */
export function EnteredField({ variable, value, parties, onChange }: EnteredFieldProps) {
  const { type, label, required, help } = variable;
  const [typed, setTyped] = useState(() => textOf(value));
  const [address, setAddress] = useState(() => (value?.type === 'party' ? value.address : ''));
  const choices = useId();
  const enter = (text: string, place = address) => {
    setTyped(text);
    onChange(valueOf(type, text, place));
  };
  const words = { label, ...(help !== '' && { description: help }), withAsterisk: required };
  if (type === 'money')
    return (
      <div>
        <MoneyField label={required ? `${label} *` : label} value={typed} width={160} onChange={enter} />
        {help !== '' && <p className="quiet">{help}</p>}
      </div>
    );
  if (type === 'list')
    return (
      <Textarea
        {...words}
        description={help === '' ? 'One on each line' : `${help} One on each line.`}
        autosize
        minRows={2}
        maxRows={10}
        value={typed}
        onChange={(event) => {
          enter(event.currentTarget.value);
        }}
      />
    );
  return (
    <div className="stack">
      <TextInput
        {...words}
        type={type === 'date' ? 'date' : 'text'}
        maxLength={2000}
        {...(type === 'party' && { list: choices })}
        value={typed}
        onChange={(event) => {
          enter(event.currentTarget.value);
        }}
      />
      {type === 'party' && (
        <>
          <datalist id={choices}>
            {parties.map((party) => (
              <option key={party} value={party} />
            ))}
          </datalist>
          <Textarea
            label={`${label}, address`}
            autosize
            minRows={2}
            maxRows={5}
            maxLength={1000}
            value={address}
            onChange={(event) => {
              setAddress(event.currentTarget.value);
              enter(typed, event.currentTarget.value);
            }}
          />
        </>
      )}
    </div>
  );
}

function textOf(value: EnteredValue | null): string {
  if (value === null) return '';
  if (value.type === 'money') return centsToInput(value.value);
  return value.type === 'list' ? value.value.join('\n') : value.value;
}

/** What was typed as a value of its type, or null where it is none. */
function valueOf(type: TemplateVariable['type'], text: string, address: string): EnteredValue | null {
  const made = {
    text: () => text,
    date: () => text,
    money: () => readMoney(text, { allowNegative: false }).cents,
    party: () => text,
    list: () =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  }[type]();
  const parsed = EnteredValue.safeParse({ type, value: made, ...(type === 'party' && { address }) });
  return parsed.success ? parsed.data : null;
}
