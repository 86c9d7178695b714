import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { tidyLines } from './markup.ts';
import type { ReadPage } from './reading.ts';
import { refuse } from './reading.ts';

/** Groups whose words are not the document's. */
const asides = new Set([
  ...['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'themedata', 'colorschememapping', 'datastore', 'latentstyles'],
  ...['listtable', 'listoverridetable', 'rsidtbl', 'generator', 'xmlnstbl', 'fldinst', 'bkmkstart', 'bkmkend', 'nonshppict', 'revtbl'],
]);
const signs: Record<string, string> = {
  ...{ par: '\n', line: '\n', sect: '\n', row: '\n', cell: '\t', tab: '\t', page: '\f' },
  ...{ emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•' },
  ...{ emspace: ' ', enspace: ' ' },
};
/** Deeper than any word processor writes. */
const mostDepth = 10_000;

interface Group {
  isAside: boolean;
  /** How many characters stand in for each \u, for readers that do not know it. */
  standIns: number;
}

/** The words of an RTF file; \page parts its pages. Pictures and embedded objects are left alone. */
export function readRtfPages(bytes: Uint8Array, file: string): Outcome<ReadPage[]> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const text = rtfToText(source);
  if (text === null) return err(refuse.corrupt(file, 'The RTF file is damaged. Open it in Word and save it as .docx or PDF.'));
  return ok(text.split('\f').map((part, index) => ({ page: index + 1, text: tidyLines(part), words: [], needsOcr: false })));
}

/** null where groups are nested beyond all reason, or more are closed than were opened. */
export function rtfToText(source: string): string | null {
  const groups: Group[] = [];
  let group: Group = { isAside: false, standIns: 1 };
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
      group = outer;
      skip = 0;
    } else if (word !== undefined) {
      const value = number === undefined ? null : Number(number);
      if (asides.has(word)) group.isAside = true;
      else if (word === 'bin') token.lastIndex += Math.max(0, value ?? 0);
      else if (word === 'ansicpg') decoder = decoderOf(value) ?? decoder;
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
      if (!group.isAside) out.push(all.slice(from));
    }
  }
  return out.join('').toWellFormed();
}

function decoderOf(codePage: number | null): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(codePage === 65001 ? 'utf-8' : codePage === 932 ? 'shift_jis' : `windows-${String(codePage)}`);
  } catch {
    return null;
  }
}
