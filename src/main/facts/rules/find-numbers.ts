import type { FactKind } from '../../../shared/facts.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const token = '([A-Z0-9][A-Z0-9-]*\\d[A-Z0-9-]*)';
const label = '(?:\\s*(?:No\\.?|Number|Num\\.?|#|ID))';

/** Claim numbers, told apart by what stands in the label's brackets: "(plaintiff-side)" is the firm's own reference. */
export const findClaimNumber: FactRule = ({ text }) =>
  matches(
    text,
    new RegExp(`\\b(?:Insurance\\s+)?Claim(?:${label}(?:\\s*\\(([^)]{1,40})\\))?\\s*(?:is|:|#)?|\\s*:)\\s*#?${token}\\b`, 'dgi'),
  ).flatMap((match): Candidate[] => {
    const number = match.groups[2] ?? '';
    // a letter of the other side calls its own number so
    const isTheirs = /\bClaimant\s*:|\bour insured\b|\bself-insured\b/i.test(text);
    const ours =
      /plaintiff|our|firm|internal|attorney/i.test(match.groups[1] ?? '') ||
      (!isTheirs &&
        /\b(?:our|plaintiff'?s?|firm(?:'s)?)\s+$/i.test(text.slice(Math.max(0, match.span(0).start - 14), match.span(0).start)));
    const place = { start: match.span(0).start, end: match.span(2).end };
    if (number.length < 5) return [];
    return [
      {
        kind: ours ? 'firm_reference' : 'claim_number',
        value: number,
        normal: number.toUpperCase(),
        confidence: ours ? 92 : 94,
        ...place,
        method: ours ? 'rule:firm-reference' : 'rule:claim-number',
      },
    ];
  });

/** Policy numbers; in a witness's statement they are the witness's own and are left alone. */
export const findPolicyNumber: FactRule = ({ text }, document) =>
  matches(text, new RegExp(`\\bPolicy(?:${label})?\\s*(?:is\\s+|:\\s*|#\\s*)?${token}\\b`, 'dgi')).flatMap((match): Candidate[] => {
    const { start } = match.span(0);
    const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
    if (document.kind === 'Testimony' || /\bmy insurance\b/i.test(line)) return [];
    const number = match.groups[1] ?? '';
    if (number.replace(/\D/g, '').length < 4) return [];
    return [
      {
        kind: 'policy_number',
        value: number,
        normal: number.toUpperCase(),
        confidence: 88,
        start,
        end: match.span(1).end,
        method: 'rule:policy-number',
      },
    ];
  });

const references: readonly { kind: FactKind; pattern: RegExp; confidence: number; method: string }[] = [
  {
    kind: 'firm_reference',
    pattern: new RegExp(
      `\\b(?:Our\\s+(?:File|Ref(?:erence)?|Matter)|Firm\\s+(?:File|Ref(?:erence)?|Matter)|File${label})${label}?\\s*[.:]?\\s*${token}\\b`,
      'dgi',
    ),
    confidence: 84,
    method: 'rule:firm-reference',
  },
  {
    kind: 'court_case_number',
    pattern: new RegExp(`\\b(?:Case|Civil Action|Civil Case|Index|Cause|Docket)${label}\\s*:?\\s*${token}\\b`, 'dgi'),
    confidence: 94,
    method: 'rule:court-case-number',
  },
];

/** The firm's own file number, and the court's case number. */
export const findReferences: FactRule = ({ text }, document) =>
  references.flatMap(({ kind, pattern, confidence, method }) =>
    matches(text, pattern).flatMap((match): Candidate[] => {
      const number = match.groups[1] ?? '';
      if (number.length < 4 || (kind === 'court_case_number' && document.kind === 'Police_Report')) return [];
      return [
        { kind, value: number, normal: number.toUpperCase(), confidence, start: match.span(0).start, end: match.span(1).end, method },
      ];
    }),
  );
