import type { Editor } from '@tiptap/core';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import type { Hit } from './hits.ts';

/** So many paragraphs' next hits are replaced in one go, and then the next: see `replaceHits`. */
const mostRounds = 40;

/**
 * Replaces hits by words, as an edit that one undo takes back; how many were. What chips show is computed and left alone. Each round replaces one hit of each paragraph:
 * of two replaced at once Yjs would write anew all that stands between them, over what a colleague does there meanwhile.
 */
export function replaceHits(editor: Editor, hits: readonly Hit[], words: string): number {
  let open = hits.filter(({ variable }) => variable === null).toSorted((a, b) => a.from - b.from);
  const count = open.length;
  if (count === 0) return 0;
  const undo = undoOf(editor);
  undo?.stopCapturing();
  for (let round = 1; open.length > 0; round += 1) {
    const now = round < mostRounds ? oneOfEachBlock(editor, open) : open;
    const { tr, schema } = editor.state;
    for (const hit of now.toReversed()) {
      const marks = tr.doc.resolve(hit.from + 1).marks();
      if (words === '') tr.delete(hit.from, hit.to);
      else tr.replaceWith(hit.from, hit.to, schema.text(words, marks));
    }
    open = open
      .filter((hit) => !now.includes(hit))
      .map((hit) => ({ ...hit, from: tr.mapping.map(hit.from, 1), to: tr.mapping.map(hit.to, -1) }));
    editor.view.dispatch(tr);
  }
  undo?.stopCapturing();
  return count;
}

function oneOfEachBlock(editor: Editor, hits: readonly Hit[]): Hit[] {
  const byBlock = new Map<number, Hit>();
  for (const hit of hits) {
    const block = editor.state.doc.resolve(hit.from).start();
    if (!byBlock.has(block)) byBlock.set(block, hit);
  }
  return [...byBlock.values()];
}

/** What keeps the history of this window's own changes; its own types say `any`. */
export function undoOf(editor: Editor): { stopCapturing(): void } | null {
  const state = yUndoPluginKey.getState(editor.state) as { undoManager: { stopCapturing(): void } } | undefined;
  return state?.undoManager ?? null;
}
