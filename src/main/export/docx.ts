import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  FootnoteReferenceRun,
  Header,
  HeadingLevel,
  type ILevelsOptions,
  LevelFormat,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  TabStopType,
  type Table,
} from 'docx';
import type { HeadingStyle } from '../../shared/letter-style.ts';
import { letterheadLines } from '../../shared/letterhead.ts';
import { docxTable, docxTypedTable, type Run, styledRun } from './docx-table.ts';
import { scrubbedParts, withFixedDates } from './docx-scrub.ts';
import type { PrintBlock, PrintModel, PrintNote, PrintRun } from './printable.ts';

const grey = '6B6B6B';
const red = 'A61B1B';
/** Twentieths of a point, as Word counts. */
const inch = 1440;
const indent = 480;
/** Of paragraphs that count on, perhaps into the hundreds. */
const numberIndent = { left: 600, hanging: 540 };

/**
 * The letter as DOCX: US Letter, letterhead on the first page, claimant and date on the others, "Page 1 of 4" below.
 * It carries its title and nothing else about itself: no author, editor, program, template, date or revision ids. The
 * same model gives the same bytes.
 */
export async function renderDocx(print: PrintModel): Promise<Uint8Array> {
  const { font, size, lines, after, justified, margins, headings } = print.style;
  const counts: Counts = { lists: 0, notes: [], width: widthOf(print), justified };
  const children = print.blocks.flatMap((block, at) => {
    const isAfterBreak = print.blocks[at - 1]?.type === 'pageBreak';
    return blockParagraphs(block, {
      left: 0,
      counts,
      list: null,
      startsPage: isAfterBreak && canStartPage(block),
      next: print.blocks[at + 1],
    });
  });
  const document = new Document({
    title: print.title,
    styles: {
      default: {
        document: {
          run: { font, size: Math.round(size * 2), language: { value: 'en-US' } },
          paragraph: { spacing: { after: twips(after), line: Math.round(lines * 240) } },
        },
        heading1: headingStyle(font, headings[0]),
        heading2: headingStyle(font, headings[1]),
        heading3: headingStyle(font, headings[2]),
      },
    },
    numbering: {
      config: [
        { reference: 'ordered', levels: levels(LevelFormat.DECIMAL, (level) => `%${String(level + 1)}.`) },
        { reference: 'bullets', levels: levels(LevelFormat.BULLET, () => '•') },
        { reference: 'numbered', levels: levels(LevelFormat.DECIMAL, (level) => `%${String(level + 1)}.`, numberIndent) },
      ],
    },
    footnotes: Object.fromEntries(counts.notes.map((note) => [String(note.number), { children: [footnoteParagraph(note, counts)] }])),
    sections: [
      {
        properties: {
          titlePage: true,
          page: {
            size: { width: 8.5 * inch, height: 11 * inch },
            margin: {
              top: twips(margins.top),
              right: twips(margins.right),
              bottom: twips(margins.bottom),
              left: twips(margins.left),
              header: inch / 2,
              footer: inch / 2,
            },
          },
        },
        headers: { first: new Header({ children: letterheadParagraphs(print) }), default: new Header({ children: [runningHead(print)] }) },
        footers: { first: footer(), default: footer() },
        children,
      },
    ],
  });
  const bytes = await Packer.pack(document, 'uint8array', undefined, scrubbedParts(print.title, font));
  return withFixedDates(bytes);
}

const twips = (points: number): number => Math.round(points * 20);
/** Of the text between the margins. */
const widthOf = ({ style: { margins } }: PrintModel): number => 8.5 * inch - twips(margins.left) - twips(margins.right);

function headingStyle(font: string, { size, bold, italic, underline, caps, centred }: HeadingStyle): object {
  return {
    run: {
      font,
      size: Math.round(size * 2),
      bold,
      color: '000000',
      ...(italic && { italics: true }),
      ...(underline && { underline: {} }),
      ...(caps && { allCaps: true }),
    },
    paragraph: { spacing: { before: 240, after: 100 }, keepNext: true, ...(centred && { alignment: AlignmentType.CENTER }) },
  };
}

function levels(
  format: (typeof LevelFormat)[keyof typeof LevelFormat],
  text: (level: number) => string,
  { left, hanging } = { left: indent, hanging: 300 },
): ILevelsOptions[] {
  return [0, 1, 2, 3, 4, 5, 6, 7, 8].map((level) => ({
    level,
    format,
    text: text(level),
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: left * (level + 1), hanging } } },
  }));
}

function letterheadParagraphs({ letterhead, draft }: PrintModel): Paragraph[] {
  const lines = letterheadLines(letterhead);
  const rule = { bottom: { style: BorderStyle.SINGLE, size: 6, space: 8, color: grey } };
  return [
    ...(draft ? [new Paragraph({ alignment: AlignmentType.RIGHT, children: [draftRun()] })] : []),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { after: 40 },
      ...(lines.length === 0 && { border: rule }),
      children: [styledRun({ text: letterhead.name, bold: true, size: 32 })],
    }),
    ...lines.map(
      (line, index) =>
        new Paragraph({
          alignment: AlignmentType.CENTER,
          spacing: { after: index === lines.length - 1 ? 240 : 0, line: 240 },
          ...(index === lines.length - 1 && { border: rule }),
          children: [styledRun({ text: line, size: 18 })],
        }),
    ),
  ];
}

function runningHead(print: PrintModel): Paragraph {
  const { runningHead: words, draft } = print;
  return new Paragraph({
    tabStops: [{ type: TabStopType.RIGHT, position: widthOf(print) }],
    spacing: { after: 240 },
    children: [
      styledRun({ text: words.join('  ·  '), size: 18, color: grey }),
      ...(draft ? [styledRun({ text: '\t', size: 18 }), draftRun()] : []),
    ],
  });
}

function draftRun(): Run {
  return styledRun({ text: 'DRAFT – not for service', bold: true, size: 18, color: red });
}

function footer(): Footer {
  return new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [styledRun({ children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES], size: 18, color: grey })],
      }),
    ],
  });
}

interface Counts {
  /** Each ordered list counts from one: its own instance of the numbering. */
  lists: number;
  notes: PrintNote[];
  /** Of the text, twentieths of a point. */
  width: number;
  justified: boolean;
}

const canStartPage = ({ type }: PrintBlock): boolean => type === 'paragraph' || type === 'heading';

function footnoteParagraph({ runs }: PrintNote, counts: Counts): Paragraph {
  return new Paragraph({
    spacing: { after: 40, line: 240 },
    children: [styledRun({ text: ' ', size: 18 }), ...textRuns(runs, counts, 18)],
  });
}

interface Place {
  /** Indent of what is quoted, twentieths of a point. */
  left: number;
  counts: Counts;
  /** Of a paragraph or heading behind a page break. */
  startsPage?: boolean;
  next?: PrintBlock | undefined;
  align?: 'left' | 'right';
  list: { reference: string; level: number; instance: number } | null;
}

const headings = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 } as const;

function blockParagraphs(block: PrintBlock, place: Place): (Paragraph | Table)[] {
  const shift = place.left > 0 ? { indent: { left: place.left } } : {};
  const begins = place.startsPage ? { pageBreakBefore: true } : {};
  const { counts } = place;
  switch (block.type) {
    case 'heading':
      return [new Paragraph({ heading: headings[block.level], ...shift, ...begins, children: textRuns(block.runs, counts) })];
    case 'paragraph':
      return [
        new Paragraph({
          ...(place.list ? { numbering: place.list, spacing: { after: 80 } } : shift),
          ...(block.number !== undefined && { numbering: { reference: 'numbered', level: 0, instance: 0 } }),
          ...(counts.justified && !block.closing && { alignment: AlignmentType.JUSTIFIED }),
          ...(place.align && {
            alignment: place.align === 'right' ? AlignmentType.RIGHT : AlignmentType.LEFT,
            spacing: { after: 0, line: 240 },
          }),
          ...begins,
          ...((block.closing || block.leadsIn) && { keepNext: true }),
          ...(block.closing && { spacing: { after: 880 } }),
          children: textRuns(block.runs, counts, place.align ? 20 : undefined),
        }),
      ];
    case 'quote':
      return block.blocks.flatMap((inner) => blockParagraphs(inner, { ...place, left: place.left + indent, list: null }));
    case 'list': {
      counts.lists += 1;
      const level = Math.min(8, place.list ? place.list.level + 1 : 0);
      const list = { reference: block.ordered ? 'ordered' : 'bullets', level, instance: counts.lists };
      return block.items.flatMap((item) =>
        item.flatMap((inner, index) => {
          const numbered = index === 0 || inner.type === 'list';
          return blockParagraphs(inner, numbered ? { ...place, list } : { ...place, left: indent * (level + 1), list: null });
        }),
      );
    }
    case 'table':
      return [docxTable(block, counts.width), new Paragraph({ spacing: { after: 0, line: 200 }, children: [] })];
    case 'typedTable':
      return [
        docxTypedTable(
          block,
          (cell, align) => cell.flatMap((inner) => blockParagraphs(inner, { left: 0, counts, list: null, align })),
          counts.width,
        ),
        new Paragraph({ spacing: { after: 0, line: 200 }, children: [] }),
      ];
    case 'pageBreak':
      // what comes next says it by itself where it can
      return place.next && canStartPage(place.next)
        ? []
        : [new Paragraph({ spacing: { after: 0, line: 20 }, children: [new PageBreak()] })];
    case 'exhibits':
      return block.exhibits.map(
        ({ mark, name }) =>
          new Paragraph({
            ...shift,
            spacing: { after: 60 },
            children: [styledRun({ text: `Exhibit ${mark}`, bold: true }), styledRun({ text: `   ${name}` })],
          }),
      );
  }
}

/** `size`: in half points, where it is not the style's. */
function textRuns(runs: readonly PrintRun[], counts: Counts, size?: number): Run[] {
  return runs.flatMap(({ text, bold, italic, underline, missing, note }): Run[] => {
    if (note) {
      counts.notes.push(note);
      return [new FootnoteReferenceRun(note.number)];
    }
    return text.split(/(\n)/).flatMap((part) => {
      if (part === '') return [];
      if (part === '\n') return [styledRun({ break: 1 })];
      return [
        styledRun({
          text: part,
          ...(size !== undefined && { size }),
          // Only what is set: an explicit "not bold" would undo a heading's style.
          ...(bold && { bold }),
          ...(italic && { italics: true }),
          ...(underline && { underline: {} }),
          ...(missing && { color: red }),
        }),
      ];
    });
  });
}
