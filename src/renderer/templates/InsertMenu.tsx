import { Button, Menu, TextInput } from '@mantine/core';
import { IconChevronDown, IconPlus, IconSearch } from '@tabler/icons-react';
import { useContext, useState } from 'react';
import { VocabularyContext } from './vocabulary.ts';

interface Insertion {
  label: string;
  words: string;
}

const conditions: Insertion[] = [
  { label: 'If a value is known', words: '{{#if claim_number}}\n…\n{{/if}}\n' },
  { label: 'If it is known, or else', words: '{{#if claim_number}}\n…\n{{else}}\n…\n{{/if}}\n' },
  { label: 'If a value is not known', words: '{{#if wage_loss is empty}}\n…\n{{/if}}\n' },
  { label: 'If an amount is more than', words: '{{#if total_billed > $10,000.00}}\n…\n{{/if}}\n' },
  { label: 'If a list has more than one', words: '{{#if providers > 1}}\n…\n{{/if}}\n' },
];
const blocks: Insertion[] = [
  { label: 'Damages table', words: '\n{{specials_table}}\n' },
  { label: 'List of exhibits', words: '\n{{exhibit_list}}\n' },
];

/** What a text may hold besides words; put where the caret is. */
export function InsertMenu({ name, onInsert }: { name: string; onInsert: (words: string) => void }) {
  const { variables, lists } = useContext(VocabularyContext);
  const rows = lists.flatMap(({ list, label, fields }) => [
    {
      label: `Repeat: ${label}`,
      words: `{{#each ${list}}}\n- ${fields
        .slice(0, 3)
        .map((field) => `{{${field.name}}}`)
        .join(' ')}\n{{/each}}\n`,
    },
  ]);
  const items = lists.flatMap(({ fields }) =>
    fields.map((field) => ({ label: `In a repeat: ${field.label}`, words: `{{${field.name}}}` })),
  );
  return (
    <div className="row wrap section-insert" role="group" aria-label={`Insert into ${name}`}>
      <Choices label="Variable" choices={variables.map((one) => ({ label: one.label, words: `{{${one.name}}}` }))} onInsert={onInsert} />
      <Choices
        label="Citation"
        choices={variables.map((one) => ({ label: one.label, words: `{{cite:${one.name}}}` }))}
        onInsert={onInsert}
      />
      <Choices label="Condition" choices={conditions} onInsert={onInsert} />
      <Choices label="Repeat" choices={[...rows, ...items]} onInsert={onInsert} />
      <Choices label="Block" choices={blocks} onInsert={onInsert} />
    </div>
  );
}

function Choices({ label, choices, onInsert }: { label: string; choices: Insertion[]; onInsert: (words: string) => void }) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLocaleLowerCase();
  const found = choices.filter((choice) => `${choice.label} ${choice.words}`.toLocaleLowerCase().includes(wanted));
  return (
    <Menu
      position="bottom-start"
      width={360}
      trapFocus
      returnFocus={false}
      onClose={() => {
        setFilter('');
      }}
    >
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconPlus size={13} />}
          rightSection={<IconChevronDown size={12} />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.length > 6 && (
          <TextInput
            m={4}
            data-autofocus
            aria-label={`Find a ${label.toLowerCase()}`}
            placeholder="Type to find"
            leftSection={<IconSearch size={14} />}
            value={filter}
            onChange={(event) => {
              setFilter(event.currentTarget.value);
            }}
          />
        )}
        <div className="insert-choices">
          {found.map((choice) => (
            <Menu.Item
              key={choice.label + choice.words}
              rightSection={<code className="quiet cut insert-code">{choice.words.trim().split('\n')[0]}</code>}
              onClick={() => {
                onInsert(choice.words);
              }}
            >
              {choice.label}
            </Menu.Item>
          ))}
          {found.length === 0 && <p className="quiet insert-none">Nothing by that name.</p>}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}
