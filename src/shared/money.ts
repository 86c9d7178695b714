import { z } from 'zod';

/** Money is integer cents everywhere; a float never holds an amount. */
export const Cents = z.number().int().min(-1_000_000_000_000).max(1_000_000_000_000);

/** 1974800 -> "$19,748.00"; negative amounts as -$1.00. */
export function formatCents(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = Math.abs(cents) % 100;
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${cents < 0 ? '-' : ''}$${grouped}.${String(rest).padStart(2, '0')}`;
}

/**
 * Reads an amount as American documents print it: "$1,234.50", "1234", "(45.00)" for a credit.
 * Returns cents, or null where the text is no well-formed amount ("$200,00", "1.234,56"): never a guess.
 */
export function parseCents(text: string): number | null {
  const match = /^\s*(\()?\s*(-)?\s*\$?\s*(\d{1,3}(?:,\d{3})*|\d+)(?:\.(\d{2}))?\s*(\))?\s*$/.exec(text);
  if (!match) return null;
  const [, open, minus, whole, fraction, close] = match;
  if (Boolean(open) !== Boolean(close) || whole === undefined || whole.replaceAll(',', '').length > 10) return null;
  const cents = Number(whole.replaceAll(',', '')) * 100 + Number(fraction ?? 0);
  return open || minus ? -cents : cents;
}

/** Exact sum of cents. */
export function sumCents(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}
