import { formatCents, parseCents } from '../../shared/money.ts';

export type MoneyReading = { cents: number; problem: null } | { cents: null; problem: string | null };

/** What a typed amount means: exact cents, or a sentence why it is none. Empty is no amount and no problem. */
export function readMoney(text: string, { allowNegative = false } = {}): MoneyReading {
  if (text.trim() === '') return { cents: null, problem: null };
  const cents = parseCents(text);
  if (cents === null) return { cents: null, problem: 'Write the amount as 1,234.50.' };
  if (cents < 0 && !allowNegative) return { cents: null, problem: 'The amount cannot be below zero.' };
  return { cents, problem: null };
}

/** The form an amount is edited in: "19,748.00", without the sign that the field shows itself. */
export function centsToInput(cents: number | null): string {
  return cents === null ? '' : formatCents(cents).replace('$', '');
}
