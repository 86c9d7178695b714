import { letterheadLines } from '../../shared/letterhead.ts';
import { layOutNotes, noteLinesOf, putNotes } from './pdf-notes.ts';
import { notesOn, wrapRuns } from './pdf-lines.ts';
import { createPages, paper, spacesIn, type Pages, type Structure } from './pdf-pages.ts';
import { drawTable } from './pdf-table.ts';
import { drawTypedTable } from './pdf-typed-table.ts';
import type { PrintBlock, PrintModel, PrintRun } from './printable.ts';

const indent = 24;
/** Wider: the paragraphs of a letter may count into the hundreds. */
const numberIndent = 30;
/** Items of a list stand closer than paragraphs do. */
const itemTuck = 4;

/**
 * The letter as a tagged PDF, US Letter, Source Serif 4 embedded: of a letter's own style the sizes, spaces, margins and headings. It names no author, program or date, and the same
 * model gives the same bytes. See `charactersWithoutGlyph` for names it cannot print.
 */
export function renderPdf(print: PrintModel): Promise<Uint8Array> {
  const pages = createPages(print.title, print.style);
  drawLetterhead(pages, print);
  drawBlocks(pages, print.blocks, pages.page.left, pages.root);
  return pages.finish(print);
}

function drawLetterhead(pages: Pages, { letterhead }: PrintModel): void {
  pages.doc.switchToPage(0);
  const owner = pages.doc.struct('P');
  pages.root.add(owner);
  pages.y = 48;
  const centre = (runs: PrintRun[], size: number, leading: number): void => {
    for (const line of wrapRuns(runs, pages.page.right - pages.page.left, pages.measure(size))) {
      pages.drawLine(line, (paper.width - line.width) / 2, pages.y, size, owner);
      pages.y += leading;
    }
  };
  centre([plain(letterhead.name, true)], 16, 22);
  for (const line of letterheadLines(letterhead)) centre([plain(line)], 9, 12.5);
  pages.rule(pages.page.left, pages.page.right, pages.y + 5, 0.8);
  pages.y += 30;
}

/** Draws the mark of a list item, or the number of a paragraph, beside the first line of its text. */
type Mark = () => void;

function drawBlocks(pages: Pages, blocks: readonly PrintBlock[], left: number, owner: Structure, mark?: Mark): void {
  if (blocks[0]?.type !== 'paragraph') mark?.();
  for (const [index, block] of blocks.entries()) drawBlock(pages, block, left, owner, blocks[index + 1], index === 0 ? mark : undefined);
}

function drawBlock(pages: Pages, block: PrintBlock, left: number, owner: Structure, next: PrintBlock | undefined, mark?: Mark): void {
  switch (block.type) {
    case 'heading': {
      pages.y += 8;
      pages.need(70);
      const { size, caps, centred, ...look } = pages.style.headings[(block.level - 1) as 0 | 1 | 2];
      const runs = block.runs.map((run) => ({
        ...run,
        text: caps ? run.text.toUpperCase() : run.text,
        bold: look.bold || run.bold,
        italic: look.italic || run.italic,
        underline: look.underline || run.underline,
      }));
      return drawRuns(pages, runs, left, child(pages, owner, `H${String(block.level)}`), { size, after: 5, centred });
    }
    case 'paragraph': {
      if (block.closing) pages.need(140);
      else if (block.leadsIn) pages.need(5 * pages.lineHeight);
      const look = { size: pages.style.size, after: block.closing ? 44 : pages.style.after };
      if (block.number === undefined)
        return drawRuns(pages, block.runs, left, child(pages, owner, 'P'), { ...look, ...(mark && { mark }) });
      const [item, inner] = [child(pages, owner, 'P'), left + numberIndent];
      return drawRuns(pages, block.runs, inner, item, {
        ...look,
        mark: marker(pages, `${String(block.number)}.`, inner, child(pages, item, 'Lbl')),
      });
    }
    case 'quote':
      return drawBlocks(pages, block.blocks, left + indent, child(pages, owner, 'BlockQuote'));
    case 'list': {
      const list = child(pages, owner, 'L');
      for (const [index, item] of block.items.entries()) {
        const structure = child(pages, list, 'LI');
        // The mark and the start of its text: a three-line item is not split at all.
        pages.need(3 * pages.lineHeight);
        const ownMark = marker(pages, block.ordered ? `${String(index + 1)}.` : '•', left + indent, child(pages, structure, 'Lbl'));
        drawBlocks(pages, item, left + indent, child(pages, structure, 'LBody'), ownMark);
        pages.y -= itemTuck;
      }
      pages.y += itemTuck;
      return;
    }
    case 'table':
      drawTable(pages, block);
      pages.y += next ? 14 : 0;
      return;
    case 'typedTable':
      drawTypedTable(pages, block);
      pages.y += next ? 14 : 0;
      return;
    case 'pageBreak':
      // where the last line of a page was its last already, nothing is left to break
      if (pages.y > pages.page.top) pages.startPage();
      return;
    case 'exhibits':
      for (const { mark, name } of block.exhibits) {
        drawRuns(pages, [plain(`Exhibit ${mark}`, true), plain(`   ${name}`)], left, child(pages, owner, 'P'), {
          size: pages.style.size,
          after: 2,
        });
      }
      return;
  }
}

function marker(pages: Pages, text: string, left: number, label: Structure): Mark {
  return () => {
    for (const line of wrapRuns([plain(text)], indent, pages.measure(pages.style.size)))
      pages.drawLine(line, left - 8 - line.width, pages.y, pages.style.size, label, 'Lbl');
  };
}

/** No page starts or ends with a single line of a longer paragraph; a footnote stands on the page of its line. */
function drawRuns(
  pages: Pages,
  runs: readonly PrintRun[],
  left: number,
  owner: Structure,
  { size, after, mark, centred = false }: { size: number; after: number; mark?: Mark; centred?: boolean },
): void {
  const width = pages.page.right - left;
  const lines = wrapRuns(runs, width, pages.measure(size));
  const leading = size === pages.style.size ? pages.lineHeight : size * 1.3;
  const notes = layOutNotes(pages, notesOn(lines));
  for (const [index, line] of lines.entries()) {
    const isStart = index === 0 && lines.length > 1;
    const isSecondLast = index === lines.length - 2;
    const together = isStart || isSecondLast ? (lines.length === 3 && isStart ? 3 : 2) : 1;
    pages.need(leading * together, noteLinesOf(notes, lines.slice(index, index + together)));
    if (index === 0) mark?.();
    putNotes(pages, notes, line, leading, owner);
    const isFull = pages.style.justified && !centred && index < lines.length - 1 && line.isEnded === undefined;
    const spaces = isFull ? line.pieces.reduce((sum, { text }) => sum + spacesIn(text), 0) : 0;
    const stretch = spaces > 0 ? (width - line.width) / spaces : 0;
    pages.drawLine(line, centred ? left + (width - line.width) / 2 : left, pages.y, size, owner, 'P', stretch);
    pages.y += leading;
  }
  pages.y += after;
}

function child(pages: Pages, owner: Structure, tag: string): Structure {
  const structure = pages.doc.struct(tag);
  owner.add(structure);
  return structure;
}

function plain(text: string, bold = false): PrintRun {
  return { text, bold, italic: false, underline: false, missing: false };
}
