import { centsToInput, readMoney } from '../ui/money-input.ts';

const perCent = 10_000;

/** Microdollars in a money field, to the cent; null: an empty field. */
export const dollarsToInput = (microdollars: number | null): string =>
  microdollars === null ? '' : centsToInput(Math.round(microdollars / perCent));

/** What is written in a money field, in microdollars; null: nothing is. */
export function dollarsFromInput(text: string): number | null {
  const { cents } = readMoney(text);
  return cents === null ? null : cents * perCent;
}
