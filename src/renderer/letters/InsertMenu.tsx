import { Button, Menu, TextInput } from '@mantine/core';
import { IconChevronDown, IconPlus, IconSearch } from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import { useState } from 'react';
import { isPassage } from '../../shared/citations.ts';
import type { LetterValues, LetterVariable } from '../../shared/letters.ts';
import { insertFootnote } from './footnote-places.ts';
import { breakPage, insertBlock } from './page-breaks.ts';
import { insertTable } from './table-commands.ts';

/** Puts a value, its citation, or one of the computed blocks at the caret. */
export function InsertMenu({ editor, values }: { editor: Editor; values: LetterValues }) {
  return (
    <>
      <VariableMenu
        label="Fact"
        variables={Object.values(values.variables).filter(({ name }) => !isPassage(name))}
        onPick={(variable) => {
          editor
            .chain()
            .focus()
            .insertContent({ type: 'variable', attrs: { name: variable.name } })
            .run();
        }}
      />
      <VariableMenu
        label="Citation"
        variables={Object.values(values.variables).filter((variable) => variable.sources.length > 0)}
        onPick={(variable) => {
          editor
            .chain()
            .focus()
            .insertContent([
              { type: 'text', text: ' ' },
              { type: 'citation', attrs: { of: variable.name } },
            ])
            .run();
        }}
      />
      <Menu position="bottom-start" returnFocus={false}>
        <Menu.Target>
          <InsertButton label="Block" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              insertComputed(editor, 'specialsTable');
            }}
          >
            Damages table
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              insertComputed(editor, 'exhibitList');
            }}
          >
            List of exhibits
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            onClick={() => {
              insertTable(editor, { rows: 3, columns: 3 });
              editor.view.focus();
            }}
          >
            Table
          </Menu.Item>
          <Menu.Item
            rightSection={<span className="quiet">{mod}Alt+F</span>}
            onClick={() => {
              insertFootnote(editor);
            }}
          >
            Footnote
          </Menu.Item>
          <Menu.Item
            rightSection={<span className="quiet">{mod}Enter</span>}
            onClick={() => {
              breakPage(editor);
              editor.view.focus();
            }}
          >
            Page break
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

const mod = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl+';

function insertComputed(editor: Editor, name: 'specialsTable' | 'exhibitList'): void {
  const block = editor.schema.nodes[name]?.create();
  if (block) insertBlock(editor, block);
  editor.view.focus();
}

function InsertButton({ label, ...rest }: { label: string } & React.ComponentProps<typeof Button<'button'>>) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconPlus size={14} />}
      rightSection={<IconChevronDown size={13} />}
      {...rest}
    >
      {label}
    </Button>
  );
}

interface VariableMenuProps {
  label: string;
  variables: LetterVariable[];
  onPick: (variable: LetterVariable) => void;
}

function VariableMenu({ label, variables, onPick }: VariableMenuProps) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLocaleLowerCase();
  const found = variables
    .filter((variable) => `${variable.label} ${variable.text}`.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Menu
      position="bottom-start"
      width={340}
      onClose={() => {
        setFilter('');
      }}
      trapFocus
      returnFocus={false}
    >
      <Menu.Target>
        <InsertButton label={label} />
      </Menu.Target>
      <Menu.Dropdown>
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
        <div className="insert-list">
          {found.map((variable) => (
            <Menu.Item
              key={variable.name}
              onClick={() => {
                onPick(variable);
              }}
              rightSection={<span className="quiet cut insert-text">{variable.state === 'missing' ? 'not known yet' : variable.text}</span>}
            >
              {variable.label}
            </Menu.Item>
          ))}
          {found.length === 0 && (
            <p className="quiet" style={{ padding: 8 }}>
              Nothing by that name.
            </p>
          )}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}
