import { createHash } from 'node:crypto';
import type { BillLineView } from '../../shared/facts.ts';

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

/** Lines that state the same charge, two or more at a time, in order of appearance. Units tell charges apart where both lines say them. */
export function sameCharges(lines: readonly BillLineView[]): BillLineView[][] {
  const charges = new Map<string, BillLineView[][]>();
  for (const line of lines) {
    const charge = line.state === 'rejected' ? null : chargeOf(line);
    if (charge === null) continue;
    const groups = charges.get(charge) ?? [];
    charges.set(charge, groups);
    const fitting = groups.find((group) => group.every(({ units }) => units === null || line.units === null || units === line.units));
    if (fitting) fitting.push(line);
    else groups.push([line]);
  }
  return [...charges.values()].flat().filter(({ length }) => length > 1);
}

const mostKeyChars = 400;

/** The question whether charges of these documents are the same ones; the same on every laptop. Of so many that a key would not hold all of their ids, a hash of all. */
export function chargedTwiceKey(lines: readonly BillLineView[]): string {
  const documents = [...new Set(lines.map(({ source }) => source.documentId))].toSorted().join('+');
  const key = `charged_twice:${documents}`;
  return key.length <= mostKeyChars ? key : `charged_twice:${createHash('sha256').update(documents).digest('hex')}`;
}

/**
 * Statements of one provider repeat each other's charges: each is counted once, by one line, with the places of the others as evidence (`alsoIn`), and the
 * others name that line (`sameAs`). Two equal lines in one document stay two: no other document says that they are one. What a person answered to be charges
 * of their own (`isAnswered`) stays so.
 */
export function mergeRepeats(lines: readonly BillLineView[], isAnswered: (key: string) => boolean): BillLineView[] {
  const changed = new Map<string, BillLineView>();
  for (const group of sameCharges(lines)) {
    const byDocument = [...Map.groupBy(group, ({ source }) => source.documentId).values()];
    if (isAnswered(chargedTwiceKey(group))) continue;
    const most = Math.max(...byDocument.map(({ length }) => length));
    for (let nth = 0; nth < most; nth += 1) {
      const same = byDocument.flatMap((own) => own[nth] ?? []).toSorted(bySurest);
      const [head, ...others] = same;
      if (!head || others.length === 0) continue;
      const problem = [head.problem, disagreement(same)].filter((part) => part !== null).join(' ') || null;
      changed.set(head.billLineId, { ...head, problem, alsoIn: others.map(({ source }) => source) });
      for (const other of others) changed.set(other.billLineId, { ...other, sameAs: head.billLineId });
    }
  }
  return lines.map((line) => changed.get(line.billLineId) ?? line);
}

const rank = { corrected: 0, approved: 1, proposed: 2, rejected: 3 } as const;

/** What a person decided, then what has no problem, then the statement on which more is settled: balances only fall. */
function bySurest(a: BillLineView, b: BillLineView): number {
  return (
    rank[a.state] - rank[b.state] ||
    Number(a.problem !== null) - Number(b.problem !== null) ||
    a.owedCents - b.owedCents ||
    (a.source.documentId < b.source.documentId ? -1 : a.source.documentId > b.source.documentId ? 1 : 0)
  );
}

function disagreement(same: readonly BillLineView[]): string | null {
  const amounts = new Set(same.map(({ adjustedCents, paidCents }) => `${String(adjustedCents)} ${String(paidCents)}`));
  if (amounts.size < 2) return null;
  return `${same.map(({ source }) => `“${source.documentName}”`).join(' and ')} do not say the same of what was adjusted and paid; the one with the lower balance is counted.`;
}
