import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBlockquote,
  IconBold,
  IconH1,
  IconH2,
  IconH3,
  IconItalic,
  IconLayoutSidebar,
  IconList,
  IconListDetails,
  IconListNumbers,
  IconMessagePlus,
  IconPencilQuestion,
  IconUnderline,
} from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import type { ReactNode } from 'react';
import type { LetterValues } from '../../shared/letters.ts';
import { InsertMenu } from './InsertMenu.tsx';
import { areNumbered, toggleNumbered } from './numbered.ts';
import { isInTable } from './table-commands.ts';
import { TableMenu } from './TableMenu.tsx';

interface ToolbarProps {
  editor: Editor;
  values: LetterValues;
  mayEdit: boolean;
  showsOutline: boolean;
  onToggleOutline: () => void;
  /** Null where this person may not say anything here. */
  onComment: (() => void) | null;
  onSuggest: (() => void) | null;
}

const size = 17;
const mod = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl+';

export function Toolbar({ editor, values, mayEdit, showsOutline, onToggleOutline, onComment, onSuggest }: ToolbarProps) {
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive('bold'),
      italic: now.isActive('italic'),
      underline: now.isActive('underline'),
      h1: now.isActive('heading', { level: 1 }),
      h2: now.isActive('heading', { level: 2 }),
      h3: now.isActive('heading', { level: 3 }),
      bullets: now.isActive('bulletList'),
      numbers: now.isActive('orderedList'),
      quote: now.isActive('blockquote'),
      counting: areNumbered(now),
      table: isInTable(now),
    }),
  });
  const chain = () => editor.chain().focus();
  return (
    <div className="toolbar" role="toolbar" aria-label="Formatting">
      <Tool label={showsOutline ? 'Hide the outline' : 'Show the outline'} on={showsOutline} onClick={onToggleOutline}>
        <IconLayoutSidebar size={size} />
      </Tool>
      {mayEdit && (
        <>
          <i />
          <Tool
            label={`Undo (${mod}Z)`}
            onClick={() => {
              chain().undo().run();
            }}
          >
            <IconArrowBackUp size={size} />
          </Tool>
          <Tool
            label={`Redo (${mod}Shift+Z)`}
            onClick={() => {
              chain().redo().run();
            }}
          >
            <IconArrowForwardUp size={size} />
          </Tool>
          <i />
          <Tool
            label={`Bold (${mod}B)`}
            on={on.bold}
            onClick={() => {
              chain().toggleBold().run();
            }}
          >
            <IconBold size={size} />
          </Tool>
          <Tool
            label={`Italic (${mod}I)`}
            on={on.italic}
            onClick={() => {
              chain().toggleItalic().run();
            }}
          >
            <IconItalic size={size} />
          </Tool>
          <Tool
            label={`Underline (${mod}U)`}
            on={on.underline}
            onClick={() => {
              chain().toggleUnderline().run();
            }}
          >
            <IconUnderline size={size} />
          </Tool>
          <i />
          <Tool
            label="Heading 1"
            on={on.h1}
            onClick={() => {
              chain().toggleHeading({ level: 1 }).run();
            }}
          >
            <IconH1 size={size} />
          </Tool>
          <Tool
            label="Heading 2"
            on={on.h2}
            onClick={() => {
              chain().toggleHeading({ level: 2 }).run();
            }}
          >
            <IconH2 size={size} />
          </Tool>
          <Tool
            label="Heading 3"
            on={on.h3}
            onClick={() => {
              chain().toggleHeading({ level: 3 }).run();
            }}
          >
            <IconH3 size={size} />
          </Tool>
          <Tool
            label="Bullet list"
            on={on.bullets}
            onClick={() => {
              chain().toggleBulletList().run();
            }}
          >
            <IconList size={size} />
          </Tool>
          <Tool
            label="Numbered list"
            on={on.numbers}
            onClick={() => {
              chain().toggleOrderedList().run();
            }}
          >
            <IconListNumbers size={size} />
          </Tool>
          <Tool
            label={`Number paragraphs through the letter (${mod}Shift+9)`}
            on={on.counting}
            onClick={() => {
              toggleNumbered(editor);
              editor.view.focus();
            }}
          >
            <IconListDetails size={size} />
          </Tool>
          <Tool
            label="Quotation"
            on={on.quote}
            onClick={() => {
              chain().toggleBlockquote().run();
            }}
          >
            <IconBlockquote size={size} />
          </Tool>
          <i />
          <InsertMenu editor={editor} values={values} />
          <TableMenu editor={editor} isInTable={on.table} />
        </>
      )}
      {onComment && (
        <>
          <i />
          <Tool label={`Comment (${mod}Alt+M)`} onClick={onComment}>
            <IconMessagePlus size={size} />
          </Tool>
        </>
      )}
      {onSuggest && (
        <Tool label={`Suggest a change (${mod}Alt+S)`} onClick={onSuggest}>
          <IconPencilQuestion size={size} />
        </Tool>
      )}
    </div>
  );
}

function Tool({ label, on = false, onClick, children }: { label: string; on?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} aria-pressed={on} variant={on ? 'light' : 'subtle'} color={on ? 'ink' : 'gray'} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
