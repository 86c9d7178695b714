import PDFDocument from 'pdfkit';
import type { LetterStyle } from '../../shared/letter-style.ts';
import { fontBytes, piecesByFont } from './pdf-fonts.ts';
import { createFoot } from './pdf-foot.ts';
import { type Line, type Measure, noteScale } from './pdf-lines.ts';
import type { PrintModel } from './printable.ts';

/** Points. US Letter. */
export const paper = { width: 612, height: 792 } as const;
/** Of its lines, as close as they may stand, times its size: what DOCX readers make of the same typeface. */
const natural = 15 / 13.2;
export const noteSize = 9;

const ink = '#1a1a1a';
const grey = '#6b6b6b';
const red = '#a61b1b';

/** Points, by size, font and word: shaping a word takes most of the time a page does, and letters say much in the same words. */
const widths = new Map<string, number>();
const mostWidths = 20_000;

/** pdfkit writes an XMP packet that repeats its own name; a letter says nothing about its maker. */
class LetterPdf extends PDFDocument {
  override endMetadata(): void {
    // Nothing is written.
  }
}

export type Structure = ReturnType<PDFKit.PDFDocument['struct']>;

/** A line of a footnote, and what it is content of. */
export interface FootLine {
  line: Line;
  owner: Structure;
}

/** Points from the left and from above. */
export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const frameOf = ({ margins }: LetterStyle): Frame => ({
  left: margins.left,
  right: paper.width - margins.right,
  top: Math.max(72, margins.top) + 18,
  bottom: Math.min(720, paper.height - margins.bottom),
});

/** Pages being filled from top to bottom. `y` is where the next thing goes. */
export interface Pages {
  doc: PDFKit.PDFDocument;
  root: Structure;
  style: LetterStyle;
  /** Where the text of a page may stand, below the running head and above the number. */
  page: Frame;
  /** Of the letter's text. */
  lineHeight: number;
  y: number;
  measure(size: number): Measure;
  /** Starts a page unless `height` points, and room for footnotes of that many lines, are left on this one. */
  need(height: number, noteLines?: number): boolean;
  /** Puts a footnote at the foot of this page, of which `height` points below `y` are taken; what of a long one finds no room goes to the next. */
  note(lines: readonly FootLine[], height: number): void;
  startPage(): void;
  /** Draws one line with its top at `y`, as content of `owner`, or as an artifact where that is null. `stretch`: points more for each space. */
  drawLine(line: Line, x: number, y: number, size: number, owner: Structure | null, tag?: string, stretch?: number): void;
  rule(x1: number, x2: number, y: number, width: number): void;
  /** Page numbers, running heads and draft marks, when the number of pages is known. Ends the document. */
  finish(print: PrintModel): Promise<Uint8Array>;
}

/** An empty tagged document with a title and a language, and no word on who or what made it, or when. */
export function createPages(title: string, style: LetterStyle): Pages {
  const page = frameOf(style);
  const doc: PDFKit.PDFDocument = new LetterPdf({
    size: 'LETTER',
    margin: 0,
    bufferPages: true,
    // else Helvetica would be read, which no letter is set in
    font: '',
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-US',
    displayTitle: true,
    // The file's ID is a hash of these, so that the same letter gives the same bytes.
    info: { Title: title, CreationDate: new Date(0) },
  });
  for (const key of ['Producer', 'Creator', 'CreationDate', 'ModDate']) Reflect.deleteProperty(doc.info, key);
  const registered = new Set<string>();
  const use = (font: string, size: number): void => {
    if (!registered.has(font)) doc.registerFont(font, fontBytes(font));
    registered.add(font);
    doc.font(font, size);
  };
  const root = doc.struct('Document');
  doc.addStructure(root);
  const foot = createFoot<FootLine>(page.bottom - page.top);
  const endPage = (): void => {
    const { lines, height } = foot.page();
    if (lines.length > 0) pages.rule(page.left, page.left + 144, page.bottom - height + foot.gap / 2, 0.5);
    for (const [at, { line, owner }] of lines.entries())
      pages.drawLine(line, page.left, page.bottom - height + foot.gap + at * foot.leading, noteSize, owner, 'Note');
  };
  const pages: Pages = {
    doc,
    root,
    style,
    page,
    lineHeight: style.size * style.lines * natural,
    y: page.top,
    measure: (size) => (text, font) => {
      const isWord = !text.includes(' ');
      const key = `${String(size)} ${font} ${text}`;
      const known = isWord ? widths.get(key) : undefined;
      if (known !== undefined) return known;
      use(font, size);
      const width = doc.widthOfString(text);
      if (widths.size > mostWidths) widths.clear();
      if (isWord) widths.set(key, width);
      return width;
    },
    need(height, noteLines = 0) {
      if (foot.fits(page.bottom - pages.y - height, noteLines)) return false;
      do pages.startPage();
      while (noteLines > 0 && foot.isBehind());
      return true;
    },
    note(lines, height) {
      foot.add(lines, page.bottom - pages.y - height);
    },
    startPage() {
      endPage();
      doc.addPage();
      foot.turn();
      pages.y = page.top;
    },
    drawLine(line, x, y, size, owner, tag = 'P', stretch = 0) {
      if (line.pieces.length === 0) return;
      const content = owner ? doc.markStructureContent(tag) : null;
      if (!content) doc.markContent('Artifact', { type: 'Pagination' });
      let at = x;
      for (const piece of line.pieces) {
        use(piece.font, piece.note ? size * noteScale : size);
        const wider = stretch === 0 ? {} : { wordSpacing: stretch };
        doc.fillColor(piece.missing ? red : ink).text(piece.text, at, y, { lineBreak: false, underline: piece.underline, ...wider });
        at += piece.width + stretch * spacesIn(piece.text);
      }
      doc.endMarkedContent();
      if (content) owner?.add(content);
    },
    rule(x1, x2, y, width) {
      doc.markContent('Artifact', { type: 'Layout' });
      doc.moveTo(x1, y).lineTo(x2, y).lineWidth(width).strokeColor(grey).stroke();
      doc.endMarkedContent();
    },
    async finish(print) {
      while (foot.isBehind()) pages.startPage();
      endPage();
      const { count } = doc.bufferedPageRange();
      for (let index = 0; index < count; index += 1) {
        doc.switchToPage(index);
        doc.markContent('Artifact', { type: 'Pagination' });
        const text = (words: string, y: number, color: string, align: 'left' | 'right' | 'center'): void => {
          const pieces = piecesByFont(words, 'regular').map((piece) => ({ ...piece, width: pages.measure(9)(piece.text, piece.font) }));
          const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
          let x: number = align === 'left' ? page.left : align === 'right' ? page.right - width : (paper.width - width) / 2;
          for (const piece of pieces) {
            use(piece.font, 9);
            doc.fillColor(color).text(piece.text, x, y, { lineBreak: false });
            x += piece.width;
          }
        };
        if (index > 0) text(shortened(print.runningHead.join('  ·  ')), 48, grey, 'left');
        text(`Page ${String(index + 1)} of ${String(count)}`, 744, grey, 'center');
        if (print.draft) {
          text('DRAFT – not for service', index > 0 ? 48 : 24, red, 'right');
          use('latin bold', 130);
          doc
            .save()
            .rotate(-52, { origin: [paper.width / 2, paper.height / 2] })
            .fillColor(grey)
            .fillOpacity(0.08);
          doc.text('DRAFT', (paper.width - doc.widthOfString('DRAFT')) / 2, paper.height / 2 - 80, { lineBreak: false });
          doc.restore();
        }
        doc.endMarkedContent();
      }
      return bytesOf(doc);
    },
  };
  return pages;
}

export const spacesIn = (text: string): number => text.split(' ').length - 1;

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function bytesOf(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => {
      resolve(new Uint8Array(Buffer.concat(chunks)));
    });
    doc.on('error', reject);
    doc.end();
  });
}
