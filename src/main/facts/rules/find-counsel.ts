import type { FactKind } from '../../../shared/facts.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';
import { firmPattern, inTitleCase, nameOnALine, personPattern, readPerson } from './names.ts';

const signature = new RegExp(
  `(?:/s/\\s*${personPattern}?\\s+)?\\b([A-Z][A-Za-z.'’-]+(?:[ ]+[A-Z][A-Za-z.'’-]+){1,3}),?\\s+(?:ESQ|Esq)\\.?\\s*(?:\\((?:State )?Bar No\\.?[^)]*\\)\\s*)?(${firmPattern})[\\s\\S]{0,160}?\\b(?:Attorneys?|Counsel)\\s+for\\s+(?:the\\s+)?(Plaintiff|Defendant|Claimant|Respondent|Petitioner)`,
  'dg',
);
/** "Adaeze Oyelaran, Marsh & Oyelaran LLP / Counsel for Plaintiff": without a title. */
const plainSignature = new RegExp(
  `^[ \\t]*(${nameOnALine}),[ \\t]+(${firmPattern})[^\\n]{0,20}\\n{1,2}[ \\t]*(?:Attorneys?|Counsel)\\s+for\\s+(?:the\\s+)?(Plaintiff|Defendant|Claimant|Respondent|Petitioner)`,
  'dgm',
);
const served = new RegExp(
  `\\b(?:served|copy)\\b[^:]{0,160}\\bcounsel of record\\b[^:]{0,40}:\\s*([A-Z][A-Za-z.'’ -]+?),\\s*Esq\\.?\\s*(${firmPattern})`,
  'dg',
);

/** Each side's lawyer with their firm, from signature blocks and certificates of service. */
export const findCounsel: FactRule = ({ text }, document) => {
  const signed = [...matches(text, signature), ...matches(text, plainSignature, /(?:Attorneys?|Counsel)\s+for\b/)].flatMap((match) =>
    counsel(match.groups[1], match.groups[2], kindOf(match.groups[3] ?? ''), 94, match.span(1).start, match.span(3).end),
  );
  const side = signed[0]?.kind;
  const other = side === 'opposing_counsel' ? 'plaintiff_counsel' : side === 'plaintiff_counsel' ? 'opposing_counsel' : null;
  const copies = other
    ? matches(text, served).flatMap((match) => counsel(match.groups[1], match.groups[2], other, 84, match.span(1).start, match.span(2).end))
    : [];
  return [...signed, ...copies, ...compiledBy(text, document.kind)];
};

function kindOf(side: string): FactKind {
  return /plaintiff|claimant|petitioner/i.test(side) ? 'plaintiff_counsel' : 'opposing_counsel';
}

function counsel(
  person: string | undefined,
  firm: string | undefined,
  kind: FactKind,
  confidence: number,
  start: number,
  end: number,
): Candidate[] {
  const name = readPerson(dropRepeat(inTitleCase(person ?? '')));
  if (!name || !firm) return [];
  const value = `${name}, ${inTitleCase(firm)}`;
  return [{ kind, value, normal: value, confidence, start, end, method: 'rule:counsel' }];
}

/** "/s/ Elena Pardo ELENA PARDO, ESQ." on one line: the name once. */
function dropRepeat(name: string): string {
  const words = name.split(' ');
  const half = words.length / 2;
  const first = words.slice(0, half).join(' ').toLowerCase();
  return words.length % 2 === 0 && half >= 2 && first === words.slice(half).join(' ').toLowerCase() ? words.slice(half).join(' ') : name;
}

/** The firm that compiled the client's own ledger is ours; the person is not named there. */
function compiledBy(text: string, kind: string): Candidate[] {
  if (kind !== 'Bill') return [];
  return matches(text, new RegExp(`\\bCompiled By:\\s*(${firmPattern})`, 'dg')).map((match) => {
    const value = inTitleCase(flatten(match.groups[1] ?? ''));
    return { kind: 'plaintiff_counsel', value, normal: value, confidence: 60, ...match.span(0), method: 'rule:counsel-ledger' };
  });
}
