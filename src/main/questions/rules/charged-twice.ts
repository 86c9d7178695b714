import { formatCents } from '../../../shared/money.ts';
import type { BillLineView } from '../../../shared/facts.ts';
import { chargedTwiceKey, ownChargesKeys, sameCharges } from '../../facts/facts.ts';
import type { Question, QuestionRule } from '../evidence.ts';

/** Answers that one change writes. */
const mostOwnKeys = 2_000;
/** More than anybody looks at; the title says how many charges there are. */
const mostPlaces = 200;

/** The same charge in two places, told once for each pair of documents, or for the one in which it stands twice. */
export const chargedTwice: QuestionRule = ({ lines }) => {
  const pairs = new Map<string, BillLineView[][]>();
  for (const same of sameCharges(lines)) {
    const key = chargedTwiceKey(same);
    const groups = pairs.get(key);
    if (groups) groups.push(same);
    else pairs.set(key, [same]);
  }
  return [...pairs].map(([key, groups]): Question => {
    const documents = [...new Set(groups.flat().map(({ source }) => source.documentName))];
    const isAcross = groups.some((same) => new Set(same.map(({ source }) => source.documentId)).size > 1);
    const extra = groups.reduce((sum, same) => sum + (same.length - 1) * (same[0]?.billedCents ?? 0), 0);
    const charge = groups.length === 1 ? 'charge' : `${String(groups.length)} charges`;
    return {
      key,
      kind: 'charged_twice',
      ...(isAcross && { ownKeys: groups.flatMap(ownChargesKeys).slice(0, mostOwnKeys) }),
      title:
        documents.length > 1
          ? `${documents.map((name) => `“${name}”`).join(' and ')} hold the same ${charge}.`
          : `The same ${charge} ${groups.length === 1 ? 'stands' : 'stand'} twice in “${documents[0] ?? ''}”.`,
      advice: isAcross
        ? `Each is counted once, with both places as its evidence. Were they charges of their own, ${formatCents(extra)} more would be billed.`
        : `Counted twice, the billed total is ${formatCents(extra)} too high. Reject the lines that repeat others, or note why both are right.`,
      places: groups
        .flat()
        .slice(0, mostPlaces)
        .map(({ source: { documentId, documentName, page, start, end } }) => ({ documentId, documentName, page, start, end })),
    };
  });
};
