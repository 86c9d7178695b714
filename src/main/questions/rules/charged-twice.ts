import { createHash } from 'node:crypto';
import { formatCents } from '../../../shared/money.ts';
import type { BillLineView } from '../../../shared/facts.ts';
import type { Question, QuestionRule } from '../evidence.ts';

/** What makes two lines one charge: provider, day, what was done and its price. */
function chargeOf({ provider, serviceFrom, code, description, billedCents }: BillLineView): string | null {
  if (serviceFrom === null || billedCents === 0) return null;
  const words = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return [words(provider), serviceFrom, code ?? words(description), String(billedCents)].join('|');
}

/** More than anybody looks at; the title says how many charges there are. */
const mostPlaces = 200;
const mostKeyChars = 400;

/** Of so many documents that a key would not hold all of their ids, a hash of all. */
function keyOf(documents: string): string {
  const key = `charged_twice:${documents}`;
  return key.length <= mostKeyChars ? key : `charged_twice:${createHash('sha256').update(documents).digest('hex')}`;
}

/** The same charge in two places, told once for each pair of documents, or for the one in which it stands twice. */
export const chargedTwice: QuestionRule = ({ lines }) => {
  const charges = new Map<string, BillLineView[]>();
  for (const line of lines) {
    const charge = chargeOf(line);
    if (charge === null) continue;
    const same = charges.get(charge);
    if (same) same.push(line);
    else charges.set(charge, [line]);
  }
  const pairs = new Map<string, BillLineView[][]>();
  for (const same of charges.values()) {
    if (same.length < 2) continue;
    const names = [...new Set(same.map(({ source }) => source.documentId))].toSorted();
    const key = names.join('+');
    const groups = pairs.get(key);
    if (groups) groups.push(same);
    else pairs.set(key, [same]);
  }
  return [...pairs].map(([key, groups]): Question => {
    const documents = [...new Set(groups.flat().map(({ source }) => source.documentName))];
    const extra = groups.reduce((sum, same) => sum + (same.length - 1) * (same[0]?.billedCents ?? 0), 0);
    const charge = groups.length === 1 ? 'charge' : `${String(groups.length)} charges`;
    return {
      key: keyOf(key),
      kind: 'charged_twice',
      title:
        documents.length > 1
          ? `${documents.map((name) => `“${name}”`).join(' and ')} hold the same ${charge}.`
          : `The same ${charge} ${groups.length === 1 ? 'stands' : 'stand'} twice in “${documents[0] ?? ''}”.`,
      advice: `Counted twice, the billed total is ${formatCents(extra)} too high. Reject the lines that repeat others, or note why both are right.`,
      places: groups
        .flat()
        .slice(0, mostPlaces)
        .map(({ source: { documentId, documentName, page, start, end } }) => ({ documentId, documentName, page, start, end })),
    };
  });
};
