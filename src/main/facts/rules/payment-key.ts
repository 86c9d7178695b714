/** What a payment is for, as its fact and its bill line both tell it: "2024-02-15|99213". */
export function paymentKey({
  serviceFrom,
  code,
  description,
}: {
  serviceFrom: string | null;
  code: string | null;
  description: string;
}): string {
  return [serviceFrom ?? '', (code ?? description).replaceAll('|', ' ').slice(0, 100).toLowerCase()].join('|');
}

/** Payers and cents of a payment's normal form, for the charge of `key`; null where it is for another or does not read so. */
export function payersOf(normal: string, key: string): { payer: string; cents: number }[] | null {
  if (!normal.startsWith(`${key}|`)) return null;
  const paid = normal
    .slice(key.length + 1)
    .split('|')
    .map((part) => /^(.+) (-?\d{1,13})$/.exec(part));
  return paid.every((match) => match !== null) ? paid.map((match) => ({ payer: match[1] ?? '', cents: Number(match[2]) })) : null;
}
