import { formatCents, parseCents } from '../../../shared/money.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const money = '(\\$[\\d,]+(?:\\.\\d{2})?)(?![\\d,]*\\.?\\d|\\s*/|\\s*per\\b\\s*hour)';

/** Lost wages: the stated total with high confidence, its parts (in a section on wage loss) with low. */
export const findWageLoss: FactRule = ({ text }) => {
  const totals = matches(
    text,
    new RegExp(
      `\\b(?:Total\\s+(?:past\\s+)?(?:wage|income|earnings)\\s+loss|Total\\s+lost\\s+(?:wages|income|earnings))\\s*(?::|of|is)?\\s*${money}`,
      'dgi',
    ),
  ).map((match) => ({ match, confidence: 92, method: 'rule:wage-loss-total' }));
  const stated = matches(
    text,
    new RegExp(`\\b(?:Lost\\s+(?:wages|income|earnings)|Wage\\s+loss)\\s*(?::|of|total(?:s|ing)?)\\s*${money}`, 'dgi'),
  ).map((match) => ({ match, confidence: 80, method: 'rule:wage-loss' }));
  const from = text.search(/^[^\n]{0,20}\b(?:WAGE LOSS|LOST WAGES|Wage Loss|Lost Wages|LOST INCOME)\b[^\n.]{0,20}$/m);
  const section = from < 0 ? '' : text.slice(from, from + 1500);
  const parts = matches(
    section,
    new RegExp(`\\b(?:Full time off|Time off|Light duty|Reduced hours|Missed work)\\b[^$]{0,160}?${money}`, 'dgi'),
  ).map((match) => ({ match, confidence: 45, method: 'rule:wage-loss-part' }));
  return [...totals, ...stated, ...parts].flatMap(({ match, confidence, method }): Candidate[] => {
    const cents = parseCents(match.groups[1] ?? '');
    const offset = method === 'rule:wage-loss-part' ? from : 0;
    if (cents === null) return [];
    return [
      {
        kind: 'wage_loss',
        value: formatCents(cents),
        normal: String(cents),
        confidence,
        start: offset + match.span(0).start,
        end: offset + match.span(1).end,
        method,
      },
    ];
  });
};
