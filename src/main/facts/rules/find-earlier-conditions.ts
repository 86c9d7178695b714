import type { DocumentKind } from '../../../shared/documents.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';
import { once } from './care.ts';

/** Where a patient's earlier state is told by who examined her; what the other side alleges of it is no record. */
const telling: readonly DocumentKind[] = ['Medical_Record', 'Bill', 'Testimony'];

/** Parts of the body, each with what records write for it. */
const parts: readonly { part: string; pattern: RegExp }[] = [
  { part: 'lumbar spine', pattern: /\blumbar\b|\blow(?:er)?[- ]back\b|\bL[1-5](?:\s*[-–/]\s*[LS]?[1-5])?\b|\blumbosacral\b/i },
  { part: 'cervical spine', pattern: /\bcervical\b|\bneck\b|\bC[2-7](?:\s*[-–/]\s*[CT]?[1-7])?\b/i },
  { part: 'thoracic spine', pattern: /\bthoracic\b|\bmid(?:dle)?[- ]back\b/i },
  { part: 'shoulder', pattern: /\bshoulders?\b|\brotator cuff\b/i },
  { part: 'knee', pattern: /\bknees?\b|\bmenisc\w+\b/i },
  { part: 'hip', pattern: /\bhips?\b/i },
  { part: 'wrist or hand', pattern: /\bwrists?\b|\bhands?\b|\bcarpal\b/i },
  { part: 'ankle or foot', pattern: /\bankles?\b|\bf(?:oo|ee)t\b(?!\s+(?:from|away|of))/i },
  { part: 'head', pattern: /\bheadaches?\b|\bmigraines?\b|\bconcussions?\b/i },
  { part: 'back', pattern: /\bback\b|\bspin(?:e|al)\b/i },
];
const harm =
  'strains?|sprains?|pain|injur(?:y|ies)|fractures?|surger(?:y|ies)|herniations?|bulges?|arthritis|osteoarthritis|arthrosis|stenosis|spondylosis|tears?|accidents?|concussions?';

/** "degenerative changes", "consistent with age", "pre-existing": whoever reads it says that it was there before. */
const aged = new RegExp(
  `\\b(?:pre-?existing|degenerative|consistent with (?:the patient's )?age|age-related|age-appropriate|long-?standing|chronic (?:\\w+ )?(?:${harm}))\\b`,
  'dgi',
);
/** "lumbar strain, 2019", "prior neck injury": an earlier one by its year or by its name. */
const dated = new RegExp(`\\b(?:${harm})\\b,?\\s+(?:in\\s+)?\\(?((?:19|20)\\d{2})\\b(?![-/])`, 'dgi');
const prior = new RegExp(
  `\\b(?<!family )(?:prior|previous|history of|h/o|hx of)\\s+(?!(?:visit|appointment|encounter|exam|note)\\b)(?:\\w+\\s+){0,3}?(?:${harm})\\b`,
  'dgi',
);
const denied = /\b(?:family history|no|not|denies|denied|without|negative for|never)\b[^.;\n]{0,40}$/i;
const needs = /pre-?existing|degenerative|with (?:the patient's )?age|age-|standing|chronic|(?:19|20)\d{2}|prior|previous|history|h\/o|hx/i;

/**
 * What records say was there before the loss: earlier injuries, and what comes with age. The other side will find it; a letter that is silent about it
 * loses. Normal form: part of the body|what|year.
 */
export const findEarlierConditions: FactRule = ({ text }, document) => {
  if (!telling.includes(document.kind)) return [];
  const written = yearOf(document);
  const found = [
    ...matches(text, aged, needs).map((match) => ({ ...match.span(0), what: 'degenerative or pre-existing', year: '', confidence: 82 })),
    ...matches(text, prior, needs).map((match) => ({ ...match.span(0), what: 'earlier', year: '', confidence: 74 })),
    ...matches(text, dated, needs).flatMap((match) => {
      const year = match.groups[1] ?? '';
      return Number(year) === written ? [] : [{ ...match.span(0), what: 'earlier', year, confidence: 84 }];
    }),
  ];
  return found.flatMap(({ start, end, what, year, confidence }): Candidate[] => {
    const sentence = sentenceAt(text, start, end);
    if (denied.test(text.slice(sentence.start, start))) return [];
    const said = flatten(text.slice(sentence.start, sentence.end));
    const part =
      partOf(text.slice(sentence.start, sentence.end)) ?? partOf(text.slice(Math.max(0, sentence.start - 220), sentence.start), true);
    if (part === null || said.length > 290) return [];
    const method = year === '' ? 'rule:earlier-condition' : 'rule:earlier-injury';
    return [{ kind: 'earlier_condition', value: said, normal: [part, what, year].join('|'), confidence, ...sentence, method }];
  });
};

/** The latest year of a document's dates, in which it was written: what is of that year is of this loss. Null where it has no date. */
const yearOf = once(({ pages }): number | null => {
  const years = pages.flatMap(({ text }) =>
    [...text.matchAll(/\b\d{1,2}\/\d{1,2}\/((?:19|20)\d{2})\b|\b((?:19|20)\d{2})-\d{2}-\d{2}\b/g)].map((one) => Number(one[1] ?? one[2])),
  );
  return years.length === 0 ? null : years.reduce((most, year) => Math.max(most, year));
});

function partOf(words: string, isLast = false): string | null {
  const at = parts.flatMap(({ part, pattern }) => {
    const places = [...words.matchAll(new RegExp(pattern, 'gi'))].map(({ index }) => index);
    const place = isLast ? places.at(-1) : places[0];
    return place === undefined ? [] : [{ part, place }];
  });
  // "lumbar spine" is the lumbar spine, not a back as well
  const named = at.filter(({ part }) => part !== 'back');
  const [best] = (named.length > 0 ? named : at).toSorted((a, b) => (isLast ? b.place - a.place : a.place - b.place));
  return best?.part ?? null;
}

const item = String.raw`\n\s*\n|\n\s*(?:[-•*«+]|o\t|\d{1,2}[.)])\s+`;
const sentenceEnd = new RegExp(`[.!?:;]["”’)]*\\s+|${item}`, 'g');
const stopAt = new RegExp(`[.!?]["”’)]*(?=\\s|$)|${item}|$`);
/** A line that ends so far from the page's edge ended by itself. */
const shortLine = 80;

/** Line ends that are only a page's width are none of a sentence's; those of a list are. */
function sentenceAt(text: string, start: number, end: number): { start: number; end: number } {
  const first = Math.max(0, start - 280);
  const head = text.slice(first, start);
  const breaks = [...head.matchAll(sentenceEnd)].map((found) => first + found.index + found[0].length);
  const ended = [...head.matchAll(/\n(?=\s*[A-Z])/g)].map(({ index }) => first + index).filter((at) => isShort(text, at));
  const from = Math.max(first, ...breaks, ...ended.map((at) => at + 1));
  const tail = text.slice(end, end + 280);
  const stop = stopAt.exec(tail);
  const byMark = end + (stop ? stop.index + (/^[.!?]/.test(stop[0]) ? stop[0].length : 0) : tail.length);
  const byLine = [...tail.matchAll(/\n(?=\s*[A-Z])/g)].map(({ index }) => end + index).filter((at) => isShort(text, at));
  return { start: from, end: Math.min(byMark, ...byLine) };
}

const isShort = (text: string, lineEnd: number): boolean => lineEnd - (text.lastIndexOf('\n', lineEnd - 1) + 1) < shortLine;
