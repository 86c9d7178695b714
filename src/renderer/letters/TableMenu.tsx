import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import {
  addColumnLeft,
  addColumnRight,
  addRowAbove,
  addRowBelow,
  deleteColumns,
  deleteRows,
  deleteTable,
  toggleHead,
} from './table-commands.ts';

const groups: { label: string; run: (editor: Editor) => boolean }[][] = [
  [
    { label: 'Add a row above', run: addRowAbove },
    { label: 'Add a row below', run: addRowBelow },
    { label: 'Delete the row', run: deleteRows },
  ],
  [
    { label: 'Add a column at the left', run: addColumnLeft },
    { label: 'Add a column at the right', run: addColumnRight },
    { label: 'Delete the column', run: deleteColumns },
  ],
  [
    { label: 'First row is the head', run: toggleHead },
    { label: 'Delete the table', run: deleteTable },
  ],
];

/** What can be done to the table the caret is in; it keeps its room while the caret is in none, so that the letter does not move. */
export function TableMenu({ editor, isInTable }: { editor: Editor; isInTable: boolean }) {
  return (
    <Menu position="bottom-start" returnFocus={false}>
      <Menu.Target>
        <Tooltip label={isInTable ? 'Change the table' : 'Change a table: put the caret in one'}>
          <ActionIcon aria-label="Table" variant={isInTable ? 'light' : 'subtle'} color={isInTable ? 'ink' : 'gray'} disabled={!isInTable}>
            <IconTable size={17} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((group, nth) => [
          nth > 0 && <Menu.Divider key={`line ${String(nth)}`} />,
          ...group.map(({ label, run }) => (
            <Menu.Item
              key={label}
              onClick={() => {
                run(editor);
                editor.view.focus();
              }}
            >
              {label}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}
