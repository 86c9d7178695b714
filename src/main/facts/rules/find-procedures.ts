import { isCode } from './bill-columns.ts';
import { billsOf, isOfCare } from './care.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';

const code = '((?:0[01]\\d{3}|[1-9]\\d{4}|\\d{4}[FTU]|[A-V]\\d{4})(?:-[A-Z0-9]{2})?)';
const labelled = new RegExp(`\\b(?:CPT|HCPCS|(?:procedure|service) code)s?\\s*(?:codes?|no\\.?)?\\s*[:#]?\\s*${code}(?![\\w-])`, 'dgi');
const work =
  '(?:mri|ct|x-?rays?|ultrasound|injections?|block|evaluation|visit|therapy|exercise|exam(?:ination)?|surgery|emg|ncv|study|scan|arthroscopy|fusion|discectomy|repair|transport)';
const bracketed = new RegExp(`\\b${work}\\b[^\\n().;]{0,50}\\(${code}\\)`, 'dgi');
const supplied =
  /\b(?:brace|splint|sling|crutch(?:es)?|orthosis|boot|walker|cast|injection|supply|supplies)\b[^\n.;]{0,30}?\b([AEJKLQ]\d{4})(?![\w-])/dgi;

/** CPT and HCPCS codes: in the code column of a bill, after their label, or in brackets after what was done. Five digits alone are a ZIP code or a part. */
export const findProcedures: FactRule = ({ page, text }, document) => {
  if (!isOfCare(document)) return [];
  const billed = billsOf(document)
    .lines.filter((line) => line.page === page && line.code !== null && isProcedure(line.code))
    .map((line): Candidate => procedure(line.code ?? '', line.description, 92, line, 'rule:procedure-bill'));
  const written = [
    ...matches(text, labelled, /CPT|HCPCS|code/i).map((match) => ({ match, confidence: 88 })),
    ...matches(text, bracketed, /\(/).map((match) => ({ match, confidence: 80 })),
    ...matches(text, supplied, /[AEJKLQ]\d{4}/).map((match) => ({ match, confidence: 78 })),
  ].map(({ match, confidence }) =>
    procedure(
      match.groups[1] ?? '',
      match.all.startsWith('(') ? '' : flatten(match.all.split('(')[0] ?? ''),
      confidence,
      match.span(0),
      'rule:procedure-text',
    ),
  );
  return [...billed, ...written];
};

const isProcedure = (text: string): boolean => isCode(text) && !/^0\d{3}$/.test(text);

function procedure(
  raw: string,
  words: string,
  confidence: number,
  { start, end }: { start: number; end: number },
  method: string,
): Candidate {
  const normal = raw.toUpperCase().replace(/\s+/g, '-');
  const said = /CPT|HCPCS|code/i.test(words) || words === raw ? '' : words.slice(0, 200);
  return { kind: 'procedure', value: said === '' ? normal : `${normal} ${said}`, normal, confidence, start, end, method };
}
