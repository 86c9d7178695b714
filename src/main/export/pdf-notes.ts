import { type Line, notesOn, wrapRuns } from './pdf-lines.ts';
import { noteSize, type Pages, type Structure } from './pdf-pages.ts';
import type { PrintNote, PrintRun } from './printable.ts';

/** The lines of footnotes by their numbers. */
export type NoteLines = ReadonlyMap<number, Line[]>;

const space: PrintRun = { text: ' ', bold: false, italic: false, underline: false, missing: false };

/** Footnotes as they are set at the foot of a page: number, words. */
export function layOutNotes(pages: Pages, notes: readonly PrintNote[]): NoteLines {
  return new Map(
    notes.map((note) => {
      const number = { ...space, text: String(note.number), note: { number: note.number, runs: [] } };
      return [note.number, wrapRuns([number, space, ...note.runs], pages.page.right - pages.page.left, pages.measure(noteSize))];
    }),
  );
}

/** How many lines the footnotes of some lines of text take. */
export const noteLinesOf = (notes: NoteLines, lines: readonly Line[]): number =>
  notesOn(lines).reduce((sum, { number }) => sum + (notes.get(number)?.length ?? 0), 0);

/** Puts the footnotes of one line of text, which is drawn next and `height` points high, at the foot of its page. */
export function putNotes(pages: Pages, notes: NoteLines, line: Line, height: number, owner: Structure): void {
  for (const { number } of notesOn([line])) {
    const structure = pages.doc.struct('Note');
    owner.add(structure);
    pages.note(
      (notes.get(number) ?? []).map((own) => ({ line: own, owner: structure })),
      height,
    );
  }
}
