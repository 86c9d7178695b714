import { attributeOf, scanMarkup } from './markup.ts';

/** How a cell's number is written. */
export type NumberFormat =
  | { kind: 'general' }
  | { kind: 'fixed'; decimals: number; isGrouped: boolean; sign: string; isPercent: boolean }
  | { kind: 'date'; hasDay: boolean; hasTime: boolean; is1904: boolean };

const builtIn: Record<number, string> = {
  ...{ 1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 5: '$#,##0', 6: '$#,##0', 7: '$#,##0.00', 8: '$#,##0.00', 9: '0%', 10: '0.00%' },
  ...{ 14: 'm/d/yy', 15: 'd-mmm-yy', 16: 'd-mmm', 17: 'mmm-yy', 18: 'h:mm', 19: 'h:mm:ss', 20: 'h:mm', 21: 'h:mm:ss', 22: 'm/d/yy h:mm' },
  ...{ 37: '#,##0', 38: '#,##0', 39: '#,##0.00', 40: '#,##0.00', 41: '#,##0', 42: '$#,##0', 43: '#,##0.00', 44: '$#,##0.00' },
  ...{ 45: 'mm:ss', 46: 'h:mm:ss', 47: 'mm:ss' },
};

/** The formats of cells by their style's number. */
export function readFormats(styles: string, is1904: boolean): NumberFormat[] {
  const codes = new Map<number, string>(Object.entries(builtIn).map(([id, code]) => [Number(id), code]));
  const formats: NumberFormat[] = [];
  let isInCells = false;
  scanMarkup(styles, {
    open(name, attributes) {
      const tag = name.slice(name.indexOf(':') + 1);
      if (tag === 'numFmt') codes.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
      else if (tag === 'cellXfs') isInCells = true;
      else if (tag === 'xf' && isInCells) formats.push(formatOf(codes.get(Number(attributeOf(attributes, 'numFmtId') ?? 0)) ?? '', is1904));
    },
    close(name) {
      if (name.endsWith('cellXfs')) isInCells = false;
    },
    text: () => undefined,
  });
  return formats;
}

function formatOf(code: string, is1904: boolean): NumberFormat {
  const sign = /\[\$([^\]-]{0,4})|([$€£])/.exec(code);
  const [first = ''] = code
    .replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, '')
    .toLowerCase()
    .split(';');
  const hasDay = /[yd]/.test(first) || (first.includes('m') && !/[hs]/.test(first));
  const hasTime = /[hs]/.test(first);
  if (hasDay || hasTime) return { kind: 'date', hasDay, hasTime, is1904 };
  if (!/[0#]/.test(first)) return { kind: 'general' };
  const decimals = /\.([0#?]+)/.exec(first)?.[1]?.length ?? 0;
  return { kind: 'fixed', decimals, isGrouped: first.includes(','), sign: sign?.[1] ?? sign?.[2] ?? '', isPercent: first.includes('%') };
}

/** A stored number as its cell shows it; dates as ISO days, which nobody can take for another. */
export function formatNumber(stored: string, format: NumberFormat): string {
  const value = Number(stored);
  if (!Number.isFinite(value)) return stored;
  if (format.kind === 'general') return String(Number(value.toPrecision(15)));
  if (format.kind === 'date') return dateOf(value, format);
  const { decimals, isGrouped, sign, isPercent } = format;
  const size = Math.abs(isPercent ? value * 100 : value);
  if (size >= 1e15) return stored;
  const digits = Number(size.toPrecision(15)).toLocaleString('en-US', {
    minimumFractionDigits: Math.min(20, decimals),
    maximumFractionDigits: Math.min(20, decimals),
    useGrouping: isGrouped,
  });
  return `${value < 0 ? '-' : ''}${sign}${digits}${isPercent ? '%' : ''}`;
}

function dateOf(value: number, { hasDay, hasTime, is1904 }: { hasDay: boolean; hasTime: boolean; is1904: boolean }): string {
  // day 60 of 1900 never was
  const days = is1904 ? value + 1462 : value < 60 ? value + 1 : value;
  const at = new Date(Math.round((days - 25_569) * 86_400) * 1000);
  if (Number.isNaN(at.getTime()) || value < 0) return String(value);
  const iso = at.toISOString();
  const time = iso.slice(11, iso.slice(17, 19) === '00' ? 16 : 19);
  return [hasDay ? iso.slice(0, 10) : '', hasTime ? time : ''].filter(Boolean).join(' ');
}
