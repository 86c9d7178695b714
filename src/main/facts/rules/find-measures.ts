import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const wordValues: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 },
  ...{ fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60 },
};
const number = `(?:\\d{1,4}(?:\\.\\d)?|${Object.keys(wordValues).join('|')})`;
const unit = '(?:feet|foot|ft|inch(?:es)?|minutes?|mins?|hours?)';
/** A quantity in one run of words: "approximately 5–6 feet", "27+ minutes". */
const quantity = new RegExp(`(?<![\\w.:/$-])(${number})(?:\\s*(?:-|–|—|to)\\s*(${number}))?\\+?(?:\\s+|-)(${unit})(?![\\w/])`, 'dgi');

/** What is measured at the scene of a loss; of anything else no measure is compared. */
const things: readonly { name: string; pattern: RegExp }[] = [
  { name: 'warning cone', pattern: /\b(?:warning\s+|wet-?\s*floor\s+)?(?:cones?|signs?)\b/gi },
  { name: 'sweep check', pattern: /\b(?:sweep(?:s|[- ]checks?)?|inspection(?:s|-sweeps?)?|floor checks?)\b/gi },
  { name: 'spill', pattern: /\b(?:spill|puddle|liquid|water|overflow)\b/gi },
  { name: 'skid marks', pattern: /\bskid ?marks?\b/gi },
];
const before = 150;
const after = 70;
/** A sentence's end, or a new item of a list; the numbers of a transcript's lines are neither. */
const breaks = /[.!?;]["”’)]*\s|\n\s*\n|\n\s*(?:[-•*«]|\d{1,2}[.)])\s|\n\s*(?:\d{1,2}\s+)?[QA]\.\s/g;

/**
 * How far, how long and how often, of things at the scene: "cone approximately four feet". Normal form: thing|of what|unit|least|most, in inches or minutes.
 * What two documents say of one thing can then be held against each other (src/main/contradictions/).
 */
export const findMeasures: FactRule = ({ text }, document) => {
  if (document.kind === 'Medical_Record' || document.kind === 'Bill') return [];
  return matches(text, quantity, /feet|foot|ft|inch|min|hour/i).flatMap((match): Candidate[] => {
    const { start, end } = match.span(0);
    // how large it is, is no distance; of a spill, its diameter is what people tell
    if (/^\s+(?:wide|long|tall|high|deep)\b/i.test(text.slice(end, end + 24))) return [];
    // "not “four feet” as he reported": what is denied is somebody else's
    if (/\bnot\s+[“"]?(?:approximately\s+|about\s+)?$/i.test(text.slice(Math.max(0, start - 24), start))) return [];
    const low = valueOf(match.groups[1]);
    const high = match.groups[2] === undefined ? low : valueOf(match.groups[2]);
    const raw = (match.groups[3] ?? '').toLowerCase();
    const thing = thingAt(text, start, end);
    if (!thing || low === null || high === null || low > high) return [];
    const isTime = /^(?:m|h)/.test(raw);
    const times = raw.startsWith('h') ? 60 : raw.startsWith('f') ? 12 : 1;
    const aspect = isTime ? aspectOf(text, start, end) : 'distance';
    if (aspect === null || (aspect === 'due' && thing.name !== 'sweep check')) return [];
    const normal = [thing.name, aspect, isTime ? 'min' : 'in', String(low * times), String(high * times)].join('|');
    const tail = aspect === 'gap' ? (gapAfter.exec(text.slice(end))?.[0].length ?? 0) : 0;
    const [from, to] = [Math.min(thing.start, start), Math.max(thing.end, end + tail)];
    return [
      {
        kind: 'measure',
        value: wordsOf(thing.name, aspect, low, high, raw),
        normal,
        confidence: 76,
        start: from,
        end: to,
        method: 'rule:measure',
      },
    ];
  });
};

function valueOf(raw = ''): number | null {
  const value = /^\d/.test(raw) ? Number(raw) : wordValues[raw.toLowerCase()];
  return value === undefined || !Number.isFinite(value) ? null : value;
}

/** "A 15-minute sweep check": what the quantity is joined to. Else the thing that is named last before it in its sentence, else first after it. */
function thingAt(text: string, start: number, end: number): { name: string; start: number; end: number } | null {
  const from = Math.max(0, start - before);
  const head = text.slice(from, start);
  const cut = Math.max(0, ...[...head.matchAll(breaks)].map((found) => found.index + found[0].length));
  const tail = text.slice(end, end + after);
  const stop = tail.search(breaks);
  const found = (part: string, offset: number) =>
    things.flatMap(({ name, pattern }) =>
      [...part.matchAll(pattern)].map((one) => ({ name, start: offset + one.index, end: offset + one.index + one[0].length })),
    );
  const ahead = found(head.slice(cut), from + cut).toSorted((a, b) => b.start - a.start)[0];
  const behind = found(stop < 0 ? tail : tail.slice(0, stop), end).toSorted((a, b) => a.start - b.start)[0];
  const isJoined = behind !== undefined && behind.start - end <= 12 && /\d-[a-z]+$/i.test(text.slice(start, end));
  return (isJoined ? behind : ahead) ?? behind ?? null;
}

const gapAfter = /^\s+(?:\d{1,2}\s+)?(?:before|prior|earlier|after|ago|since)\b/i;

/** How often something is due, how long before something else it was, or how long it lasted; null where a time says none of these. */
function aspectOf(text: string, start: number, end: number): 'due' | 'gap' | 'time' | null {
  const head = text.slice(Math.max(0, start - 30), start);
  const tail = text.slice(end, end + 40);
  if (/\bevery\s+(?:\d{1,2}\s+)?$/i.test(head)) return 'due';
  if (/-$/.test(text.slice(start, end).replace(/[a-z]+$/i, '')) && /^\s+["“]?(?:written\s+)?(?:sweep|inspection|check|policy)/i.test(tail))
    return 'due';
  if (gapAfter.test(tail)) return 'gap';
  return /\b(?:for|at least)\s+(?:approximately\s+|about\s+)?$/i.test(head) ? 'time' : null;
}

function wordsOf(thing: string, aspect: string, low: number, high: number, raw: string): string {
  const plural = /^(?:ft|foot|feet)$/.test(raw) ? 'feet' : raw.startsWith('in') ? 'inches' : raw.startsWith('h') ? 'hours' : 'minutes';
  const many = `${low === high ? String(low) : `${String(low)} to ${String(high)}`} ${plural}`;
  const said = { due: `due every ${many}`, gap: `${many} before`, time: `for ${many}`, distance: many }[aspect] ?? many;
  return `${thing.charAt(0).toUpperCase()}${thing.slice(1)}: ${said}`;
}
