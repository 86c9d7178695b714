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
  const { from, section } = wageSection(text);
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

/** What is said under a heading on wages; empty where there is none. */
function wageSection(text: string): { from: number; section: string } {
  const from = text.search(
    /^[^\n]{0,20}\b(?:WAGE LOSS|LOST WAGES|Wage Loss|Lost Wages|LOST INCOME|WAGE AND SALARY|Wage and Salary|WAGE VERIFICATION|Wage Verification)\b[^\n.]{0,20}$/m,
  );
  if (from >= 0) return { from, section: text.slice(from, from + 1500) };
  // a short letter of an employer has no headings
  const isLetter =
    text.length < 4000 &&
    /\b(?:lost wages|wages lost|lost earnings|missed work)\b/i.test(text) &&
    /\b(?:payroll|employ\w+|per hour|hourly)\b/i.test(text);
  return { from: 0, section: isLetter ? text : '' };
}

const number = '(\\d{1,4}(?:\\.\\d{1,2})?)';
const rate = /(\$\d[\d,]*(?:\.\d{2})?)\s*(?:\/|per|an|a)\s*(?:hour|hr)\b/dgi;
const hourly = /\bHourly (?:rate|wage|pay)(?: of pay)?\s*:?\s*(\$\d[\d,]*(?:\.\d{2})?)(?!\d|[.,]\d)/dgi;
const aDay = new RegExp(`\\b${number}[ -]hours?\\s+(?:a|per|each)\\s+day`, 'dgi');
const inBrackets = (unit: string): RegExp => new RegExp(`\\(${number}\\s+(?:(?:working|work|full)\\s+)?${unit}\\)`, 'dgi');
const lost = (unit: string): RegExp => new RegExp(`\\b(?:lost|missed)\\s+${number}\\s+(?:(?:working|work|full)\\s+)?${unit}\\b`, 'dgi');
const labelled = (unit: string): RegExp =>
  new RegExp(
    `\\b(?:${unit}\\s+(?:missed|lost|absent|off)|(?:missed|lost|absent)\\s+${unit})\\s*:?\\s*(?:of work\\s*)?${number}(?![\\d./%-])`,
    'dgi',
  );

/** What a wage loss is worked out from, each as a fact of its own: cents an hour, hours ("56", or "8/day"), days ("5.5"). */
export const findWageParts: FactRule = ({ text }) => {
  const { from, section } = wageSection(text);
  const found = (
    kind: Candidate['kind'],
    pattern: RegExp,
    where: 'page' | 'section',
    method: string,
    normalOf = (raw: string): string | null => String(Number(raw)),
  ) =>
    matches(where === 'page' ? text : section, pattern).flatMap((match): Candidate[] => {
      const normal = normalOf(match.groups[1] ?? '');
      const offset = where === 'page' ? 0 : from;
      if (normal === null) return [];
      const value =
        kind === 'wage_rate' ? formatCents(Number(normal)) : normal.endsWith('/day') ? `${normal.slice(0, -4)} hours a day` : normal;
      const [start, end] = [match.span(0).start + offset, match.span(0).end + offset];
      return [{ kind, value, normal, confidence: where === 'page' ? 86 : 80, start, end, method }];
    });
  const cents = (raw: string): string | null => {
    const amount = parseCents(raw);
    return amount === null || amount <= 0 ? null : String(amount);
  };
  return [
    ...found('wage_rate', hourly, 'page', 'rule:wage-rate', cents),
    ...found('wage_rate', rate, 'section', 'rule:wage-rate', cents),
    ...found('wage_hours', labelled('hours'), 'page', 'rule:wage-hours'),
    ...found('wage_hours', inBrackets('hours'), 'section', 'rule:wage-hours'),
    ...found('wage_hours', lost('hours'), 'section', 'rule:wage-hours'),
    ...found('wage_hours', aDay, 'section', 'rule:wage-hours-a-day', (raw) => `${String(Number(raw))}/day`),
    ...found('wage_days', labelled('(?:work ?)?days'), 'page', 'rule:wage-days'),
    ...found('wage_days', lost('days'), 'section', 'rule:wage-days'),
    ...found('wage_days', inBrackets('days'), 'section', 'rule:wage-days'),
  ];
};
