import { dayPattern, readBlock, readDay, sentenceAt, type BlockReading } from './block-reading.ts';
import { isTyped, type ReadLintBlock } from './lint-rule.ts';
import type { LintBlock, Span } from './lint-letter.ts';
import { carriersIn } from './parties.ts';

/** A value that the letter names by a label: "Claim No.: HM-1234". Its place is that of the value. */
export interface Labelled extends LabelledValue {
  block: ReadLintBlock;
}

interface LabelledValue extends Span {
  value: string;
  isTyped: boolean;
}

/** What a block names by labels wherever it stands; it depends on the block alone. */
export type BlockLabels = Record<'claimNumbers' | 'policyNumbers' | 'lossDays', LabelledValue[]>;

/** What the letter says about itself before its salutation, and by labels anywhere. */
export interface LetterHead {
  /** How many blocks stand above the salutation. */
  length: number;
  clients: Labelled[];
  insureds: Labelled[];
  carriers: Labelled[];
  claimNumbers: Labelled[];
  policyNumbers: Labelled[];
  /** Each day that the letter gives as that of the loss, ISO in `value`, in reading order. */
  lossDays: Labelled[];
}

/** Blocks of a letter that has no salutation that are looked at as its head. */
const mostHead = 12;
const salutation = /^\W{0,3}(?:Dear\b|To whom|Counsel:|Gentle|Ladies|Greetings)/im;

const name = '([\\p{Lu}][^\\n\\t:;()]{2,80})';
const clientLabel = new RegExp(`(?<!your )\\b(?:our client(?:, your insured)?|my client|client|claimant|injured party|plaintiff)(?:'s name|’s name)?s?\\s{0,3}:[\\s*]{0,4}${name}`, 'giu'); // prettier-ignore
const insuredLabel = new RegExp(`\\b(?:your insured|insured|your client|defendant|tortfeasor)s?\\s{0,3}:[\\s*]{0,4}${name}`, 'giu');
const number = (what: string): RegExp =>
  new RegExp(
    `\\b${what}\\s{0,2}(?:(?:no\\.?|numbers?|num\\.?|nos\\.)\\s{0,2}[:#]?|[#:]{1,2})[\\s*]{0,4}([A-Z0-9][A-Z0-9/-]{2,30}[A-Z0-9])`,
    'gi',
  );
const claimLabel = number('claim');
const policyLabel = number('policy');

const event = '(?:collision|accident|incident|crash|fall|loss|occurrence|wreck|injury)';
const lossLabel = new RegExp(`\\b(?:date of (?:the )?${event}|DOL|D/O/L|D/L|${event} date)\\s{0,2}[:.-]?[\\s*]{0,4}(${dayPattern})`, 'gi');
const lossOf = new RegExp(`\\b${event} (?:(?:that|which) )?(?:(?:occurred|happened|took place|occurring) )?(?:of|on)(?: or about)?\\s{1,3}(${dayPattern})`, 'gi'); // prettier-ignore
const lossOn = new RegExp(`\\b${event}\\b[^.;]{0,80}\\b(?:occurred|happened|took place) on(?: or about)?\\s{1,3}(${dayPattern})`, 'gi');
const onDay = new RegExp(`\\bOn(?: or about)?\\s{1,3}(${dayPattern}),?[^.;]{0,200}\\b(?:was|were) (?:struck|rear-ended|hit by|injured (?:when|in)|involved in)`, 'gi'); // prettier-ignore
const slipped = new RegExp(`\\bOn(?: or about)?\\s{1,3}(${dayPattern}),?[^.;]{0,200}\\b(?:slipped|tripped|collided|crashed)\\b`, 'gi');
/** A sentence with one of these may speak of another loss. */
const other = /\b(?:prior|previous|earlier|another|unrelated|subsequent|different|history|deposed|deposition|policy period)\b/i;

export function headOf(blocks: readonly ReadLintBlock[]): LetterHead {
  const at = blocks.findIndex(({ text, kind }) => kind !== 'row' && salutation.test(text));
  const length = at === -1 || at > 60 ? Math.min(mostHead, blocks.length) : at;
  const head = blocks.slice(0, length + 1);
  return {
    length,
    clients: head.flatMap((block) => labelled(block, clientLabel, person).map((one) => ({ ...one, block }))),
    insureds: head.flatMap((block) => labelled(block, insuredLabel, person).map((one) => ({ ...one, block }))),
    carriers: head.flatMap((block) =>
      carriersIn(block.text).map(({ name: value, ...place }) => ({ block, value, ...place, isTyped: isTyped(block, place) })),
    ),
    claimNumbers: blocks.flatMap((block) => block.labels.claimNumbers.map((one) => ({ ...one, block }))),
    policyNumbers: blocks.flatMap((block) => block.labels.policyNumbers.map((one) => ({ ...one, block }))),
    lossDays: blocks.flatMap((block) => block.labels.lossDays.map((one) => ({ ...one, block }))),
  };
}

/** A block with all that rules ask of it alone, read once for as long as it says the same. */
export function readLintBlock(block: LintBlock): ReadLintBlock {
  const reading = readBlock(block);
  const labels = {
    claimNumbers: /claim/i.test(block.text) ? labelled(block, claimLabel, withDigit) : [],
    policyNumbers: /policy/i.test(block.text) ? labelled(block, policyLabel, withDigit) : [],
    lossDays: lossDaysIn(block, reading),
  };
  return { ...block, reading, labels };
}

const withDigit = (value: string): string | null => (/\d/.test(value) ? value : null);

/** What stands behind a label, as far as it is a name. */
function person(value: string): string | null {
  const said = (value.split(/\s{3,}|\bv\.|\bvs\.|, (?:DOB|born|age)\b/i)[0] ?? '').replace(/[\s*,.]+$/, '');
  return said.split(' ').length >= 2 && said.length <= 80 ? said : null;
}

function labelled(block: LintBlock, pattern: RegExp, read: (value: string) => string | null): LabelledValue[] {
  return [...block.text.matchAll(pattern)].flatMap((match): LabelledValue[] => {
    const value = read(match[1] ?? '');
    if (value === null) return [];
    const start = match.index + match[0].lastIndexOf(match[1] ?? '');
    const place = { start, end: start + value.length };
    return [{ value, ...place, isTyped: isTyped(block, place) }];
  });
}

function lossDaysIn(block: LintBlock, reading: BlockReading): LabelledValue[] {
  if (reading.days.length === 0) return [];
  const found = new Map<number, LabelledValue>();
  for (const pattern of [lossLabel, lossOf, lossOn, onDay, slipped])
    for (const one of labelled(block, pattern, readDay)) {
      const day = reading.days.find(({ start }) => start === one.start);
      const sentence = sentenceAt(reading, one.start);
      if (!day || other.test(block.text.slice(sentence.start, sentence.end))) continue;
      found.set(one.start, { ...one, end: day.end, isTyped: isTyped(block, day) });
    }
  return [...found.values()].toSorted((a, b) => a.start - b.start);
}
