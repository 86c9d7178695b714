import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { tidyLines } from './markup.ts';
import { inLines } from '../said.ts';
import { isLargePicture, picturesSaid } from './left-out.ts';
import type { ReadPages } from './reading.ts';
import { refuse } from './reading.ts';

/** Groups whose words are not the document's. */
const asides = new Set([
  ...['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'themedata', 'colorschememapping', 'datastore', 'latentstyles'],
  ...['listtable', 'listoverridetable', 'rsidtbl', 'generator', 'xmlnstbl', 'fldinst', 'bkmkstart', 'bkmkend', 'revtbl'],
]);
/** Text boxes: groups inside ones that readers may skip, which are nevertheless the document's words. */
const boxes = new Set(['shptxt', 'dptxbxtext']);
const signs: Record<string, string> = {
  ...{ par: '\n', line: '\n', sect: '\n', row: '\n', cell: '\t', tab: '\t', page: '\f' },
  ...{ emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•' },
  ...{ emspace: ' ', enspace: ' ' },
};
/** Deeper than any word processor writes. */
const mostDepth = 10_000;

interface Group {
  isAside: boolean;
  /** Nothing in it is read, a text box neither. */
  isGone: boolean;
  isPicture: boolean;
  /** How many characters stand in for each \u, for readers that do not know it. */
  standIns: number;
}

/** The words of an RTF file, those of its text boxes too; \page parts its pages. Pictures, comments and embedded objects are left out, and that is said. */
export function readRtfPages(bytes: Uint8Array, file: string): Outcome<ReadPages> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const found = rtfToText(source);
  if (found === null) return err(refuse.corrupt(file, 'The RTF file is damaged. Open it in Word and save it as .docx or PDF.'));
  const { text, pictures, hasComments, hasObjects } = found;
  const note = inLines([
    picturesSaid(pictures),
    hasComments ? 'Comments in it were not read.' : null,
    hasObjects ? 'What was embedded in it from other programs was not read.' : null,
  ]);
  return ok({
    pages: text.split('\f').map((part, index) => ({ page: index + 1, text: tidyLines(part), words: [], needsOcr: false })),
    note,
  });
}

interface RtfText {
  text: string;
  /** Large ones. */
  pictures: number;
  hasComments: boolean;
  hasObjects: boolean;
}

/** null where groups are nested beyond all reason, or more are closed than were opened. */
function rtfToText(source: string): RtfText | null {
  const groups: Group[] = [];
  let group: Group = { isAside: false, isGone: false, isPicture: false, standIns: 1 };
  let [pictures, pictureDigits] = [0, 0];
  let [hasComments, hasObjects] = [false, false];
  /** The text box in front was read: what follows for older readers repeats it. */
  let isBoxRead = false;
  let decoder = new TextDecoder('windows-1252');
  const out: string[] = [];
  let skip = 0;
  const say = (text: string): void => {
    if (skip > 0) skip -= 1;
    else if (!group.isAside) out.push(text);
  };
  const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|[^\\{}\r\n]+|\\/gi;
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [all, word, number, hex, symbol, brace] = match;
    if (brace === '{') {
      if (groups.length >= mostDepth) return null;
      groups.push(group);
      group = { ...group };
    } else if (brace === '}') {
      const outer = groups.pop();
      if (!outer) return null;
      if (group.isPicture && !outer.isPicture && isLargePicture(pictureDigits)) pictures += 1;
      group = outer;
      skip = 0;
    } else if (word !== undefined) {
      const value = number === undefined ? null : Number(number);
      if (word === 'pict' && !group.isGone) {
        Object.assign(group, { isAside: true, isPicture: true });
        pictureDigits = 0;
      } else if (word === 'nonshppict' || (word === 'shprslt' && isBoxRead)) Object.assign(group, { isAside: true, isGone: true });
      else if (boxes.has(word)) {
        isBoxRead = true;
        if (group.isAside && !group.isGone) out.push('\n');
        group.isAside = group.isGone;
      } else if (word === 'shp') isBoxRead = false;
      else if (asides.has(word)) {
        hasObjects ||= word === 'object' && !group.isGone;
        group.isAside = true;
      } else if (word === 'annotation') {
        hasComments = true;
        Object.assign(group, { isAside: true, isGone: true });
      } else if (word === 'bin') {
        token.lastIndex += Math.max(0, value ?? 0);
        if (group.isPicture) pictureDigits += 2 * Math.max(0, value ?? 0);
      } else if (word === 'ansicpg') decoder = decoderOf(value) ?? decoder;
      else if (word === 'uc') group.standIns = Math.min(16, Math.max(0, value ?? 1));
      else if (word === 'u' && value !== null) {
        say(String.fromCharCode(value & 0xffff));
        skip = group.standIns;
      } else if (signs[word] !== undefined) say(signs[word]);
    } else if (hex !== undefined) say(decoder.decode(Uint8Array.of(Number.parseInt(hex, 16))));
    else if (symbol === '*') group.isAside = true;
    else if (symbol !== undefined)
      say(symbol === '~' ? ' ' : symbol === '_' ? '-' : symbol === '-' ? '' : /[\r\n]/.test(symbol) ? '\n' : symbol);
    else if (all !== '\\' && !/^[\r\n]/.test(all)) {
      const from = Math.min(skip, all.length);
      skip -= from;
      if (group.isPicture) pictureDigits += all.length;
      if (!group.isAside) out.push(all.slice(from));
    }
  }
  return { text: out.join('').toWellFormed(), pictures, hasComments, hasObjects };
}

function decoderOf(codePage: number | null): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(codePage === 65001 ? 'utf-8' : codePage === 932 ? 'shift_jis' : `windows-${String(codePage)}`);
  } catch {
    return null;
  }
}
