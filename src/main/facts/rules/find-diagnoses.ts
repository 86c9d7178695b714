import { firstDayOfCare, isOfCare } from './care.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

/** The first day on which ICD-10-CM codes are to be used, by date of service (45 CFR 162.1002). */
const icd10From = '2015-10-01';

const dotted = /(?<![\w.$])([A-TV-Z]\d[\dAB]\.[\dA-Z]{1,4})(?![\w.])[ \t:—–-]*([A-Za-z][^\n|\t;]{2,120})?/dg;
const undotted = /\b(?:ICD-?10(?:-CM)?|Dx|Diagnosis)(?: codes?)?\s*[:#]?\s*([A-TV-Z]\d[\dAB][\dA-Z]{1,4})\b/dgi;
/** Text recognition takes an S before digits for a dollar sign; no amount ends in a letter. */
const misread = /(?<![\w.])\$(\d{2}\.\d{1,3}[A-Z]{0,2}[ADS])\b[ \t:—–-]*([A-Za-z][^\n|\t;]{2,120})?/dg;
const older =
  /\bICD-?9(?:-CM)?(?: codes?)?\s*[:#]?\s*((?:\d{3}|V\d{2})(?:\.\d{1,2})?|E\d{3}(?:\.\d)?)\b[ \t]*([A-Za-z][^\n|\t;]{2,120})?/dgi;
const olderItem = /^[ \t]*(?:\d{1,2}[.)]|[-•*])[ \t]+(\d{3}\.\d{1,2}|V\d{2}\.\d{1,2}|E\d{3}\.\d)[ \t]+([A-Za-z][^\n|\t;]{2,120})/dgm;

/**
 * ICD-9-CM and ICD-10-CM codes in records of care and bills, each with the words beside it. A code of the set that did not hold on the day of service is
 * proposed and marked by its method; a document without a day of service marks none.
 */
export const findDiagnosisCodes: FactRule = ({ text }, document) => {
  if (!isOfCare(document) && document.kind !== 'Insurance') return [];
  const { day } = firstDayOfCare(document);
  const ten = (match: ReturnType<typeof matches>[number], code: string, confidence: number): Candidate =>
    coded(text, match, code, confidence, day !== null && day < icd10From ? 'rule:icd10-too-early' : 'rule:icd10');
  const nine = (match: ReturnType<typeof matches>[number], confidence: number): Candidate =>
    coded(text, match, match.groups[1] ?? '', confidence, day !== null && day >= icd10From ? 'rule:icd9-ended' : 'rule:icd9');
  return [
    ...matches(text, dotted).map((match) => ten(match, match.groups[1] ?? '', 90)),
    ...matches(text, undotted, /ICD|Dx|Diagnosis/i).map((match) => ten(match, match.groups[1] ?? '', 86)),
    ...matches(text, misread).map((match) => ten(match, `S${match.groups[1] ?? ''}`, 62)),
    ...matches(text, older, /ICD-?9/i).map((match) => nine(match, 88)),
    ...underHeading(text).flatMap(({ start, text: part }) =>
      matches(part, olderItem).map((match) => {
        const found = nine(match, 84);
        return { ...found, start: found.start + start, end: found.end + start };
      }),
    ),
  ];
};

function coded(text: string, match: ReturnType<typeof matches>[number], code: string, confidence: number, method: string): Candidate {
  const after = words(match.groups[2]);
  const { start } = match.span(0);
  const before =
    after === ''
      ? /([A-Z][A-Za-z ,'-]{3,100}?)\s*\((?:ICD-?\d+(?:-CM)?\s*:?\s*)?$/.exec(text.slice(Math.max(0, start - 130), start))
      : null;
  const end = match.groups[2] === undefined ? match.span(1).end : match.span(2).start + (match.groups[2].indexOf(after) + after.length);
  const said = after === '' ? (before?.[1] ?? '').replace(/^.*:\s*/, '').trim() : after;
  return {
    kind: 'diagnosis',
    value: said === '' ? code.toUpperCase() : `${code.toUpperCase()} ${said}`,
    normal: code.toUpperCase().replace('.', ''),
    confidence: /-(?:ended|too-early)$/.test(method) ? 40 : confidence,
    start: before ? start - before[0].length : start,
    end,
    method,
  };
}

const words = (text: string | undefined): string => (text ?? '').replace(/\s*(?:\(|\. |\s{2,}).*$/s, '').replace(/[\s.,:]+$/, '');

const headingLine =
  /^[^\S\n]*(?:[#*]+[^\S\n]*)?(?:\d{1,2}[.)][^\S\n]+)?(?:[A-Z]{2,4}[^\S\n]*\/[^\S\n]*)?(?:(?:final|discharge|admitting|clinical|working|primary|secondary|[A-Z]{2,4})[^\S\n]+)?(?:assessments?|diagnos[ie]s|impressions?)(?:[^\S\n]*(?:&|and|\/)[^\S\n]*(?:plan|diagnos[ie]s|impressions?|assessments?))?[*]*[^\S\n]*:?[^\S\n]*$/dgim;
/** The list under each heading of diagnoses: up to the first blank line after an item. */
function underHeading(text: string): { start: number; text: string }[] {
  const headings = matches(text, headingLine, /assessment|diagnos|impression/i);
  return headings.map((match, index) => {
    const start = match.span(0).end;
    const below = text.slice(start, Math.min(start + 3000, headings[index + 1]?.span(0).start ?? text.length));
    const list = /^\s*(?:[^\n]+\n?)+/.exec(below)?.[0] ?? '';
    return { start, text: list };
  });
}

const item = /^[ \t]*(?:\d{1,2}[.)]|[-•*«+])[ \t]+([^\n]+(?:\n(?![ \t]*(?:\d{1,2}[.)]|[-•*«+])[ \t])[^\n]+)*)/dgm;
const inline =
  /^[ \t«•*-]*(?:[A-Z][A-Za-z]+ )?(?:Diagnosis|Diagnoses|Impression|Assessment)(?: \([^)\n]{1,40}\))?:[ \t*]*([^\n]+(?:\n(?!\s*\n)[^\n]+){0,3})/dgm;
const amongFindings = /(?:^|[\s-])Impression:[ \t]*([^\n]+)/dg;
const isNone =
  /^(?:no\b|none|normal|negative|unremarkable|within normal|without|rule out|r\/o|findings?\b|these\b|this\b|consistent\b|correlat|recommend|status post\b|see\b|pending)/i;
const isDisease =
  /\b(?:strain|sprain|fracture|contusion|concussion|bulg\w*|herniat\w*|protrusion|degenerat\w*|stenosis|radiculopathy|neuropathy|syndrome|tear|disc|disorder|injur\w*|pain|hypertension|htn|diabetes|spondyl\w*|arthritis|osteoarthritis|whiplash|laceration|dislocation|headaches?|anxiety|depress\w*|tendin\w*|bursitis|tbi|edema|hematoma|spasm)\b/i;

/** Diagnoses in words, where a record lists them under a heading; what carries a code is told by its code. */
export const findDiagnosisWords: FactRule = ({ text }, document) => {
  if (!isOfCare(document)) return [];
  const listed =
    document.kind === 'Medical_Record'
      ? underHeading(text).flatMap(({ start, text: part }) => inWords(matches(part, item), start, 74, 1))
      : [];
  return [...listed, ...inWords(matches(text, inline, /:/), 0, 72), ...inWords(matches(text, amongFindings, /Impression:/), 0, 70)];
};

/** `most`: an item of a list says its diagnosis first and then why; an impression may hold several. */
function inWords(found: ReturnType<typeof matches>, offset: number, confidence: number, most = 5): Candidate[] {
  return found.flatMap((match): Candidate[] => {
    const raw = match.groups[1] ?? '';
    if (/\b[A-TV-Z]\d[\dAB]\.[\dA-Z]|ICD|\b\d{3}\.\d/.test(raw)) return [];
    return sentences(raw)
      .slice(0, most)
      .filter(({ text }) => !isNone.test(text) && isDisease.test(text))
      .map(({ text, start }): Candidate => {
        const value = flatten(text);
        const from = offset + match.span(1).start + start;
        return {
          kind: 'diagnosis',
          value,
          normal: value.toLowerCase().replace(/[‐-―]/g, '-'),
          confidence,
          start: from,
          end: from + text.length,
          method: 'rule:diagnosis-words',
        };
      });
  });
}

/** Each sentence's first phrase: "Right hip contusion, post-fall — no fracture on imaging." says the diagnosis before the dash. */
function sentences(raw: string): { text: string; start: number }[] {
  return matches(raw, /[^.;]+(?:\.(?!\s|$)[^.;]*)*/dg).flatMap((match) => {
    const lead = /^[\s“"'—–•-]*/.exec(match.all)?.[0].length ?? 0;
    const text = match.all
      .slice(lead)
      .replace(/\s+(?:[—–]|--?)\s[\s\S]*$/, '')
      .replace(/\s*\([^)]*\)?\s*$/, '')
      .replace(/[\s”"']+$/, '');
    return text.length < 3 || text.length > 160 ? [] : [{ text, start: match.span(0).start + lead }];
  });
}
