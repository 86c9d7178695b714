import { Menu } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import type { LetterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { replaceHits } from './replace-hits.ts';
import type { SpelledWord } from './spelling-words.ts';

interface SpellingMenuProps {
  editor: Editor;
  letterId: LetterId;
  asked: SpelledWord;
  /** Words are looked at again: one was kept. */
  onKept: () => void;
  onClose: () => void;
}

/** The menu is not on screen yet when its first item is made. */
function focusSoon(item: HTMLElement | null): void {
  requestAnimationFrame(() => item?.focus());
}

/** What may be meant by a word that nobody knows. */
export function SpellingMenu({ editor, letterId, asked, onKept, onClose }: SpellingMenuProps) {
  const { word, from, to } = asked;
  const mends = useCall('letters.spellingMends', { letterId, word });
  const keep = useCommand('settings.keepWord');
  const forget = useCommand('settings.forgetWord');
  const { left, bottom } = editor.view.coordsAtPos(from);
  const close = (): void => {
    onClose();
    editor.commands.focus();
  };
  const keepIt = async (): Promise<void> => {
    const kept = await keep.run({ word });
    onKept();
    if (!kept.ok) tell(sentenceOf(kept.error));
    else
      tell(`“${word}” is one of your words now.`, () => {
        void forget.run({ word }).then(onKept);
      });
  };
  if (mends.isPending) return null;
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-start"
      width={240}
      trapFocus
      returnFocus={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <button type="button" tabIndex={-1} className="spelling-anchor" style={{ left, top: bottom }} aria-label={`Spelling of ${word}`} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`What may be meant by ${word}`}>
        {(mends.data ?? []).map((meant, nth) => (
          <Menu.Item
            key={meant}
            {...(nth === 0 && { ref: focusSoon })}
            onClick={() => {
              replaceHits(editor, [{ from, to, variable: null }], meant);
            }}
          >
            <strong>{meant}</strong>
          </Menu.Item>
        ))}
        {(mends.data ?? []).length === 0 && <Menu.Item disabled>Nothing is spelled like it</Menu.Item>}
        <Menu.Item
          className="spelling-keep"
          {...((mends.data ?? []).length === 0 && { ref: focusSoon })}
          onClick={() => {
            void keepIt();
          }}
        >
          Add “{word}” to my words
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
