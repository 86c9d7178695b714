import { formatDayLong } from '../../shared/days.ts';
import { askedKinds } from '../ai/ai.ts';
import { dayKinds, FactKind, factLabels, moneyKinds } from '../../shared/facts.ts';
import { formatCents, parseCents } from '../../shared/money.ts';
import { datePattern, readDay, readTime, timePattern } from './rules/dates.ts';
import { inTitleCase } from './rules/names.ts';

/** What a model says a page states. Nothing of it is believed. */
export interface Said {
  kind: string;
  value: string;
  page: number;
  quote: string;
}

export interface ReadPage {
  page: number;
  text: string;
  /** Words that nobody sees on the page. */
  hidden: readonly { start: number; end: number }[];
}

/** A fact whose quote stands on its page, at [start, end), and whose value our own code read from it. */
export interface Verified {
  kind: FactKind;
  value: string;
  normal: string;
  page: number;
  start: number;
  end: number;
  quote: string;
}

export type Verdict = { fact: Verified } | { why: string };

const numberKinds: readonly FactKind[] = ['claim_number', 'policy_number', 'firm_reference', 'court_case_number'];
/** What has to be said with, or right before, a value that any other could be taken for. */
const cues: Partial<Record<FactKind, RegExp>> = {
  claim_number: /claim/i,
  policy_number: /policy/i,
  firm_reference: /\b(?:our|file|ref|reference|matter|firm)\b/i,
  court_case_number: /\b(?:case|docket|index|cause|civil|action|no)\b/i,
  client_birth_date: /birth|born|\bd\.?o\.?b/i,
  wage_loss: /wage|income|earning|salar|pay|lost|work/i,
};
const cueBefore = 120;

/**
 * Words that speak to a machine and not to a reader. Who wrote them wants something of whoever reads for us, so what stands beside them is left to a person's eyes.
 * A help, not the fence: the fence is that a model only proposes, by quotes that are there.
 */
const orders: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,60}\b(?:instructions?|prompts?|rules|guidelines|above|previous|prior|earlier)\b/i,
  /\b(?:AI|artificial intelligence|language model|LLM|chatbot|assistant|GPT|Claude)\b[^.]{0,60}\b(?:must|should|shall|propose|report|output|answer|respond|return|extract|list|say)\b/i,
  /\b(?:system|developer)\s+(?:prompt|message|instructions?|override)\b/i,
  /\b(?:propose|output|respond with|call the tool|tool[ _-]?(?:use|call|result|input)|function[ _-]?call)\b/i,
  /<\/?(?:system|assistant|user|human|document|mark|instructions?|tool[\w-]*|[0-9a-f]{32})\b[^>]{0,80}>|<\|[^|]{0,40}\||\[\/?(?:INST|SYSTEM)\]|"(?:facts|tool_use|tool_calls)"\s*:/i,
];
const besideChars = 240;

/** Longer than any sentence that states a fact. */
const mostQuote = 1_000;
const mostValue = 300;

/**
 * Holds what a model said against the pages it was shown. The quote has to stand on its page, letter by letter but for white space; the value has to stand in the
 * quote, and its form (a day, an amount, a number) is read from there by our own code. Never repairs, never guesses: anything else is refused with a reason.
 */
export function verify(said: Said, pages: readonly ReadPage[]): Verdict {
  const kind = FactKind.safeParse(said.kind);
  if (!kind.success) return { why: 'Steno knows no such kind of fact.' };
  if (!askedKinds.includes(kind.data)) return { why: `${factLabels[kind.data]}: the assistant is not asked for facts of that kind.` };
  const page = pages.find((candidate) => candidate.page === said.page);
  if (!page) return { why: 'There is no such page among those that were read.' };
  const place = placeOf(said.quote, page);
  if ('why' in place) return place;
  const { quote } = place;
  const value = valueIn(kind.data, said.value, page.text, place);
  if ('why' in value) return value;
  const cue = cues[kind.data];
  if (cue && !cue.test(page.text.slice(Math.max(0, place.start - cueBefore), place.end)))
    return { why: `Nothing beside it says that it is ${withArticle(factLabels[kind.data].toLowerCase())}.` };
  return { fact: { kind: kind.data, ...value, page: page.page, start: place.start, end: place.end, quote } };
}

/**
 * Where a quote stands on its page, letter by letter but for white space, whole, seen, and not beside words that give orders to a machine; or why it is no place
 * that may be pointed to. `quote` is as the page has it.
 */
export function placeOf(said: string, page: ReadPage): { start: number; end: number; quote: string } | { why: string } {
  const words = said.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return { why: 'No words of the page were given for it.' };
  if (said.length > mostQuote) return { why: 'The words given for it are too long to be its place.' };
  const places = placesOf(words, page.text);
  if (places.length === 0) return { why: `The words given for it do not stand on page ${String(page.page)}.` };
  const whole = places.filter((place) => isWhole(page.text, place));
  if (whole.length === 0)
    return { why: `The words given for it begin or end in the middle of a word or number of page ${String(page.page)}.` };
  const seen = whole.filter((place) => !page.hidden.some((part) => part.start < place.end && part.end > place.start));
  if (seen.length === 0) return { why: 'Nobody sees these words on the page: they are hidden in it.' };
  const [place] = seen.filter(({ start, end }) => !givesOrders(page.text.slice(Math.max(0, start - besideChars), end + besideChars)));
  if (!place) return { why: 'The words around it give orders to the assistant. Read the page yourself.' };
  return { ...place, quote: page.text.slice(place.start, place.end) };
}

const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const withArticle = (noun: string): string => (/^(?:our|client's)/.test(noun) ? noun : `a ${noun}`);

interface Place {
  start: number;
  end: number;
}

/** Where words stand one after the other, whatever white space lies between. */
function placesOf(words: readonly string[], text: string): Place[] {
  return allOf(new RegExp(words.map(escape).join('\\s+'), 'g'), text);
}
const allOf = (pattern: RegExp, text: string): Place[] =>
  [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));

/** What goes on across a place between two characters: a word, or a number with its points, dashes and strokes ("1,500|.00", "991234|-77"). */
const goesOn = /[\p{L}\p{M}\p{N}]\|[\p{L}\p{M}\p{N}]|\p{N}[.,/:\u2010-\u2015-]\|[\p{L}\p{N}]|[\p{L}\p{N}]\|[.,/:\u2010-\u2015-]\p{N}/u;
/** A number of a claim, a policy or a file has letters between its dashes, too. */
const anyGoesOn = new RegExp(`${goesOn.source}|[\\p{L}\\p{N}][/_-]\\|\\p{N}|\\p{N}\\|[/_-][\\p{L}\\p{N}]`, 'u');

/** Whether nothing that begins inside of a place ends outside of it: "500.00" is no part of "$1,500.00" that says anything. */
function isWhole(text: string, { start, end }: Place, broken = goesOn): boolean {
  return [start, end].every(
    (at) => !broken.test(`${text.slice(Math.max(0, at - 2), at).replaceAll('|', ' ')}|${text.slice(at, at + 2).replaceAll('|', ' ')}`),
  );
}

const dayToken = new RegExp(datePattern, 'gi');
// a point after it may be the sentence's
const timeToken = new RegExp(`${timePattern}(?<!\\.)`, 'g');
const number = '(?:\\$\\s?)?\\d+(?:,\\d+)*(?:\\.\\d+)?';
/** "$1,500", "(45.00)" for a credit; a number with neither a dollar sign nor cents may be of days or hours, and one "million" is no amount by itself. */
const amountToken = new RegExp(`(?:\\(-?${number}\\)|(?:(?<!\\d)-)?${number})(?!\\s*(?:hundred|thousand|million|billion|k\\b|m\\b))`, 'gi');
const isAmount = (token: string): boolean => /\$|\.\d\d\)?$/.test(token);

export function givesOrders(text: string): boolean {
  return orders.some((pattern) => pattern.test(text));
}

/** The value as the page has it at a place, in the forms facts have; or why the words there do not support it. */
function valueIn(kind: FactKind, said: string, text: string, place: Place): { value: string; normal: string } | { why: string } {
  if (said.trim() === '' || said.length > mostValue) return { why: 'It has no value, or one that is too long.' };
  // found on the page and not in the quote, so that each is as long as the page has it
  const tokens = (pattern: RegExp, broken = goesOn): string[] =>
    allOf(pattern, text)
      .filter((one) => one.start >= place.start && one.end <= place.end && isWhole(text, one, broken))
      .map(({ start, end }) => text.slice(start, end));
  if (dayKinds.includes(kind)) {
    const day = readDay(said);
    if (day === null) return { why: `“${said}” is not a date that can be read without guessing.` };
    return tokens(dayToken).some((token) => readDay(token) === day)
      ? { value: formatDayLong(day), normal: day }
      : { why: 'The words given for it name another day, or none.' };
  }
  if (moneyKinds.includes(kind)) {
    const cents = parseCents(said);
    if (cents === null) return { why: `“${said}” is not an amount that can be read without guessing.` };
    return tokens(amountToken).some((token) => isAmount(token) && parseCents(token) === cents)
      ? { value: formatCents(cents), normal: String(cents) }
      : { why: 'The words given for it name another amount, or none.' };
  }
  if (kind === 'time_of_loss') {
    const time = readTime(said);
    if (time === null) return { why: `“${said}” is not a time that can be read without guessing.` };
    return tokens(timeToken).some((token) => readTime(token)?.normal === time.normal)
      ? time
      : { why: 'The words given for it name another time, or none.' };
  }
  const isNumber = numberKinds.includes(kind);
  const words = new RegExp(said.trim().split(/\s+/).map(escape).join('\\s+'), 'giu');
  const found = tokens(words, isNumber ? anyGoesOn : goesOn)[0]?.replace(/\s+/g, ' ');
  if (found === undefined) return { why: 'The words given for it do not contain the value.' };
  if (isNumber) {
    if (!/^(?=.*\d)[A-Z0-9][A-Z0-9 ./-]{2,59}$/i.test(found)) return { why: `“${found}” does not look like a number of that kind.` };
    return { value: found, normal: found.toUpperCase() };
  }
  if (!/\p{L}{2}/u.test(found)) return { why: `“${found}” is no name.` };
  const value = inTitleCase(found);
  return { value, normal: value };
}

/** Whether a fact that is here already says the same: its value, or a fuller form of it. */
export function isSaidBy(fact: Pick<Verified, 'kind' | 'normal'>, others: readonly { kind: string; normal: string }[]): boolean {
  const key = (text: string): string =>
    ` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `;
  const isName = !dayKinds.includes(fact.kind) && !moneyKinds.includes(fact.kind) && !numberKinds.includes(fact.kind);
  return others.some(
    ({ kind, normal }) => kind === fact.kind && (isName ? key(normal).includes(key(fact.normal)) : key(normal) === key(fact.normal)),
  );
}
