import { Button } from '@mantine/core';
import { styleWords } from '../../shared/letter-style.ts';
import { tell } from '../ui/undo.tsx';
import type { Draft } from './use-draft.ts';

/** How letters of an imported template look; nothing where they look as all of Steno's. */
export function Look({ draft, mayEdit }: { draft: Draft; mayEdit: boolean }) {
  const { style } = draft.content;
  if (!style) return null;
  return (
    <div className="template-look row">
      <p className="quiet">Its letters are set in {styleWords(style)}. A PDF has the same sizes and margins, in Source Serif 4.</p>
      {mayEdit && (
        <Button
          variant="subtle"
          color="gray"
          style={{ flex: 'none' }}
          onClick={() => {
            draft.change(({ style: _before, ...before }) => before);
            tell('Its letters will look as Steno’s own.', () => {
              draft.change((before) => ({ ...before, style }));
            });
          }}
        >
          Use Steno’s own
        </Button>
      )}
    </div>
  );
}
