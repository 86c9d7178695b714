import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { readDocxStyle, type DocxStyle } from './docx-style.ts';
import { attributeOf, decodeEntities, scanMarkup } from './markup.ts';
import { limits, refuse } from './reading.ts';
import { sniff } from './sniff.ts';
import { isTooMuch, readZipDirectory, unzip } from './zip.ts';

export interface DocxRun {
  text: string;
  bold: boolean;
  italic: boolean;
}
export interface DocxParagraph {
  /** 1 to 9 where its style is a heading; null otherwise. */
  heading: number | null;
  list: 'bullet' | 'number' | null;
  /** One run list for each cell of a table's row; a paragraph outside of tables has one. */
  cells: DocxRun[][];
  isRow: boolean;
}
/** A Word document as its paragraphs, with what of their looks a letter can have. */
export interface DocxStructure {
  paragraphs: DocxParagraph[];
  /** Whether it has words at the head or foot of its pages. */
  hasRunningText: boolean;
  hasPictures: boolean;
  hasTrackedChanges: boolean;
  hasTextBoxes: boolean;
  style: DocxStyle;
}

/** Of the body: many times the longest letter. */
const mostParagraphs = 5_000;
const mostCharacters = 1_000_000;

/** Reads a DOCX with its structure, in a worker. Merge fields become «their name»; what tracked changes took out is left out. Errors: unsupported, corrupt, with a reason. */
export async function readDocxStructure({ bytes, fileName }: { bytes: Uint8Array; fileName: string }): Promise<Outcome<DocxStructure>> {
  const sniffed = await sniff(bytes, fileName);
  if (sniffed.type === 'unsupported') return err(refuse.unsupported(fileName, sniffed.reason));
  if (sniffed.type === 'corrupt') return err(refuse.corrupt(fileName, sniffed.reason));
  if (sniffed.type !== 'docx') return err(refuse.unsupported(fileName, 'It is no Word document. Open it in Word and save it as .docx.'));
  const entries = readZipDirectory(bytes);
  if (!entries) return err(refuse.corrupt(fileName, 'The Word file is cut off or damaged. Open and save it again in Word.'));
  if (isTooMuch(entries))
    return err(refuse.unsupported(fileName, 'The Word file would unpack to far more than a letter needs, so it was not opened.'));
  const part = (name: string): string | null => {
    const entry = entries.find((one) => one.name === name);
    const unpacked = entry && unzip(bytes, entry, limits.xmlBytes);
    return unpacked ? new TextDecoder().decode(unpacked) : null;
  };
  const body = part('word/document.xml');
  if (body === null) return err(refuse.corrupt(fileName, 'The Word file holds no text that can be read. Open and save it again in Word.'));
  const styles = part('word/styles.xml') ?? '';
  const headings = headingStyles(styles);
  const paragraphs = readBody(body, headings, listKinds(part('word/numbering.xml') ?? ''));
  if (paragraphs === null)
    return err(refuse.unsupported(fileName, 'It holds far more text than a letter. Take a letter of the firm, not a bundle of them.'));
  const running = entries.filter(({ name }) => /^word\/(?:header|footer)\d*\.xml$/.test(name));
  return ok({
    paragraphs,
    hasRunningText: running.some(({ name }) => /<w:t[\s>][^<]*\p{L}{2}/u.test(part(name) ?? '')),
    hasPictures: entries.some(({ name }) => name.startsWith('word/media/')),
    hasTrackedChanges: /<w:(?:del|ins|moveFrom)[\s>]/.test(body),
    hasTextBoxes: body.includes('<w:txbxContent'),
    style: readDocxStyle({ body, styles, theme: part('word/theme/theme1.xml') ?? '' }, headings),
  });
}

/** Styles that are headings, by id: Word names them "heading 1" in every language, and others give themselves an outline level. */
function headingStyles(xml: string): Map<string, number> {
  const levels = new Map<string, number>();
  let id: string | null = null;
  scanMarkup(xml, {
    open(name, attributes) {
      if (name === 'w:style') id = attributeOf(attributes, 'w:styleId');
      else if (name === 'w:name' && id !== null) {
        const words = attributeOf(attributes, 'w:val') ?? '';
        const level = /^heading ([1-9])$/i.exec(words)?.[1];
        if (level !== undefined) levels.set(id, Number(level));
        else if (/^title$/i.test(words)) levels.set(id, 1);
      } else if (name === 'w:outlineLvl' && id !== null) {
        const level = Number(attributeOf(attributes, 'w:val'));
        if (level >= 0 && level < 9) levels.set(id, level + 1);
      }
    },
    close(name) {
      if (name === 'w:style') id = null;
    },
    text: () => undefined,
  });
  return levels;
}

/** Whether a list by its number has marks or numbers; only the outermost level is looked at. */
function listKinds(xml: string): Map<string, 'bullet' | 'number'> {
  const formats = new Map<string, 'bullet' | 'number'>();
  const kinds = new Map<string, 'bullet' | 'number'>();
  let [abstract, number]: [string | null, string | null] = [null, null];
  scanMarkup(xml, {
    open(name, attributes) {
      if (name === 'w:abstractNum') abstract = attributeOf(attributes, 'w:abstractNumId');
      else if (name === 'w:num') number = attributeOf(attributes, 'w:numId');
      else if (name === 'w:numFmt' && abstract !== null && !formats.has(abstract))
        formats.set(abstract, attributeOf(attributes, 'w:val') === 'bullet' ? 'bullet' : 'number');
      else if (name === 'w:abstractNumId' && number !== null)
        kinds.set(number, formats.get(attributeOf(attributes, 'w:val') ?? '') ?? 'bullet');
    },
    close(name) {
      if (name === 'w:abstractNum') abstract = null;
      else if (name === 'w:num') number = null;
    },
    text: () => undefined,
  });
  return kinds;
}

/** The paragraphs of the body in one pass; null where there are more than a letter has. */
function readBody(
  xml: string,
  headings: ReadonlyMap<string, number>,
  lists: ReadonlyMap<string, 'bullet' | 'number'>,
): DocxParagraph[] | null {
  const paragraphs: DocxParagraph[] = [];
  let characters = 0;
  let heading: number | null = null;
  let list: DocxParagraph['list'] = null;
  let runs: DocxRun[] = [];
  let look = { bold: false, italic: false };
  let [isText, isRun, isInstruction] = [false, false, false];
  /** Within what is not part of the letter's words. */
  let skipped = 0;
  let row: DocxRun[][] | null = null;
  let tables = 0;
  /** A field that Word fills in: its instruction, and whether what was filled in last is being passed over. */
  let field: { words: string; isResult: boolean; isMerge: boolean } | null = null;
  const say = (text: string): void => {
    if (skipped > 0 || text === '' || (field?.isMerge === true && field.isResult)) return;
    const last = runs.at(-1);
    characters += text.length;
    if (last && last.bold === look.bold && last.italic === look.italic) last.text += text;
    else runs.push({ text, ...look });
  };
  const merge = (instruction: string): boolean => {
    const name = /^\s*MERGEFIELD\s+"?([^"\\]{1,80}?)"?\s*(?:\\|$)/i.exec(instruction)?.[1]?.trim();
    if (name === undefined) return false;
    say(`«${name}»`);
    return true;
  };
  const isOff = (attributes: string): boolean => /^(?:0|false|off|none)$/.test(attributeOf(attributes, 'w:val') ?? '');
  const left = new Set(['w:del', 'w:moveFrom', 'mc:Fallback', 'w:txbxContent']);
  scanMarkup(xml, {
    open(name, attributes, isEmpty) {
      if (left.has(name)) skipped += isEmpty ? 0 : 1;
      else if (skipped > 0) return;
      else if (name === 'w:tbl') tables += isEmpty ? 0 : 1;
      else if (name === 'w:tr' && tables === 1) row = [];
      else if (name === 'w:p' && tables === 0) [heading, list, runs] = [null, null, []];
      else if (name === 'w:tc' && tables === 1) runs = [];
      else if (name === 'w:pStyle') heading = headings.get(attributeOf(attributes, 'w:val') ?? '') ?? null;
      else if (name === 'w:numId') list = lists.get(attributeOf(attributes, 'w:val') ?? '') ?? null;
      else if (name === 'w:r') [look, isRun] = [{ bold: false, italic: false }, !isEmpty];
      else if (name === 'w:b' && isRun) look = { ...look, bold: !isOff(attributes) };
      else if (name === 'w:i' && isRun) look = { ...look, italic: !isOff(attributes) };
      else if (name === 'w:t') isText = !isEmpty;
      else if (name === 'w:instrText') isInstruction = !isEmpty;
      else if ((name === 'w:tab' && isRun) || name === 'w:noBreakHyphen') say(name === 'w:tab' ? ' ' : '-');
      else if (name === 'w:br' || name === 'w:cr') say(row === null ? '\n' : ' ');
      else if (name === 'w:fldSimple' && !isEmpty) {
        const isMerge = merge(attributeOf(attributes, 'w:instr') ?? '');
        field = { words: '', isResult: true, isMerge };
      } else if (name === 'w:fldChar') {
        const type = attributeOf(attributes, 'w:fldCharType');
        if (type === 'begin') field = { words: '', isResult: false, isMerge: false };
        else {
          // what Word filled in last is somebody else's name
          if (field && !field.isResult) field = { ...field, isMerge: merge(field.words), isResult: true };
          if (type === 'end') field = null;
        }
      }
    },
    close(name) {
      if (left.has(name)) skipped = Math.max(0, skipped - 1);
      else if (skipped > 0) return;
      else if (name === 'w:t') isText = false;
      else if (name === 'w:instrText') isInstruction = false;
      else if (name === 'w:r') isRun = false;
      else if (name === 'w:fldSimple') field = null;
      else if (name === 'w:tbl') tables = Math.max(0, tables - 1);
      else if (name === 'w:p' && tables > 0) say(' ');
      else if (name === 'w:tc' && tables === 1) {
        row?.push(trimmed(runs));
        runs = [];
      } else if (name === 'w:tr' && tables === 1) {
        if (row) paragraphs.push({ heading: null, list: null, cells: row, isRow: true });
        row = null;
      } else if (name === 'w:p') {
        paragraphs.push({ heading, list, cells: [trimmed(runs)], isRow: false });
        runs = [];
      }
      if (paragraphs.length > mostParagraphs) skipped = Number.MAX_SAFE_INTEGER;
    },
    text(text) {
      if (isText) say(decodeEntities(text));
      else if (isInstruction && field && !field.isResult) field.words = (field.words + decodeEntities(text)).slice(0, 500);
    },
  });
  return paragraphs.length > mostParagraphs || characters > mostCharacters ? null : paragraphs;
}

function trimmed(runs: readonly DocxRun[]): DocxRun[] {
  const kept = runs.map((run) => ({ ...run }));
  const [first, last] = [kept[0], kept.at(-1)];
  if (first) first.text = first.text.trimStart();
  if (last) last.text = last.text.trimEnd();
  return kept.filter(({ text }) => text !== '');
}
