/*
 * A day or a sum is written in many ways. What the index holds are runs of letters and digits, so each way is a row of them: 02/15/2024 is "02 15 2024".
 */

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const shortMonths = months.map((name) => name.slice(0, 3));
const monthName =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

interface Written {
  /** Characters [start, end) of what was asked. */
  start: number;
  end: number;
  forms: string[];
}

/** Days in any spelling, with all the others. */
export function daysIn(text: string): Written[] {
  const found: Written[] = [];
  const add = (match: RegExpExecArray, year: string | undefined, month: number, day: string | undefined): void => {
    const forms = formsOfDay(fullYear(Number(year)), month, Number(day));
    if (forms.length > 0) found.push({ start: match.index, end: match.index + match[0].length, forms });
  };
  for (const match of text.matchAll(/(?<![\d/.-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-])/g))
    add(match, match[1], Number(match[2]), match[3]);
  for (const match of text.matchAll(/(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?![\d/-])/g))
    add(match, match[3], Number(match[1]), match[2]);
  const monthFirst = new RegExp(`(?<![\\p{L}\\p{N}])${monthName}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})(?!\\d)`, 'giu');
  for (const match of text.matchAll(monthFirst)) add(match, match[3], monthOf(match[1]), match[2]);
  const dayFirst = new RegExp(`(?<![\\p{L}\\p{N}])(\\d{1,2})(?:st|nd|rd|th)?\\s+${monthName}\\.?,?\\s+(\\d{4})(?!\\d)`, 'giu');
  for (const match of text.matchAll(dayFirst)) add(match, match[3], monthOf(match[2]), match[1]);
  return found;
}

const monthOf = (name: string | undefined): number => shortMonths.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
const fullYear = (year: number): number => (year >= 100 ? year : year < 50 ? 2000 + year : 1900 + year);
const two = (n: number): string => String(n).padStart(2, '0');

function formsOfDay(year: number, month: number, day: number): string[] {
  if (month < 1 || month > 12 || day < 1 || day > 31) return [];
  const y = String(year);
  const name = months[month - 1] ?? '';
  const names = [...new Set([name, name.slice(0, 3), ...(month === 9 ? ['sept'] : [])])];
  const ending = day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : day % 10 === 3 && day !== 13 ? 'rd' : 'th';
  const days = [...new Set([String(day), two(day)])];
  const monthsInDigits = [...new Set([String(month), two(month)])];
  const inDigits = monthsInDigits.flatMap((m) => days.flatMap((d) => [`${m} ${d} ${y}`, `${m} ${d} ${y.slice(2)}`]));
  const inWords = names.flatMap((n) => [...days, `${String(day)}${ending}`].flatMap((d) => [`${n} ${d} ${y}`, `${d} ${n} ${y}`]));
  return [...inDigits, `${y} ${two(month)} ${two(day)}`, `${y}${two(month)}${two(day)}`, ...inWords];
}

/** Sums in any spelling. A number that may be a year and has no sign of money is only itself. */
export function sumsIn(text: string): Written[] {
  const found: Written[] = [];
  for (const match of text.matchAll(/(?<![\p{L}\p{N}.,-])(\$\s?)?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{2}))?(?![\p{L}\p{N}]|[-.,/]\d)/gu)) {
    const [whole, sign, digits, cents] = match;
    const plain = (digits ?? '').replaceAll(',', '');
    const isYear = /^(19|20)\d\d$/.test(plain);
    const isMoney = sign !== undefined || cents !== undefined || (digits ?? '').includes(',');
    if (!isMoney && (plain.length < 4 || isYear || plain.startsWith('0'))) continue;
    found.push({ start: match.index, end: match.index + whole.length, forms: formsOfSum(plain, cents ?? '00') });
  }
  return found;
}

function formsOfSum(plain: string, cents: string): string[] {
  const grouped = plain.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ' ');
  const dollars = [...new Set([grouped, plain])];
  return dollars.flatMap((form) => (cents === '00' ? [`${form} 00`, form] : [`${form} ${cents}`]));
}

/** Whether digits stand for themselves: the 1,234 in 1,234,567 or in 1,234.50 is another sum. */
export function isWholeNumber(text: string, start: number, end: number): boolean {
  const rest = text.slice(end, end + 4);
  return !/\d[.,]?$/.test(text.slice(Math.max(0, start - 2), start)) && !/^(,\d{3}|\.\d|\d)/.test(rest.replace(/^\.00(?!\d)/, ''));
}
