import { createHash } from 'node:crypto';
import type { BillLineView } from '../../shared/facts.ts';

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What makes two lines one charge, as it was read: provider, days, what was done and its price. A person's correction of one of them makes no second charge of it. */
function chargeOf({ provider, serviceFrom, serviceTo, code, description, billedCents, readAs }: BillLineView): string | null {
  const [name, cents] = [words(readAs?.provider ?? provider), readAs?.billed_cents ?? billedCents];
  if (serviceFrom === null || cents === 0 || name === 'unknown provider') return null;
  return [name, serviceFrom, serviceTo ?? serviceFrom, code ?? words(description), String(cents)].join('|');
}

const sides = [/\b(?:left|lt)\b/i, /\b(?:right|rt)\b/i, /\bbilateral\b/i];
const components = [/\b(?:technical|tc)\b/i, /\b(?:professional|interpretation|reading|read)\b/i];
/** Which of these a description names; null: none or several. */
function namedIn(description: string, of: readonly RegExp[]): number | null {
  const found = of.flatMap((pattern, n) => (pattern.test(description) ? [n] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
}
const agree = <T>(one: T | null, other: T | null): boolean => one === null || other === null || one === other;

/** Units, sides of the body and the parts of a study tell charges apart where both lines say them. */
const mayBeOne = (a: BillLineView, b: BillLineView): boolean =>
  agree(a.units, b.units) &&
  agree(namedIn(a.description, sides), namedIn(b.description, sides)) &&
  agree(namedIn(a.description, components), namedIn(b.description, components));

/** Lines that state the same charge, two or more at a time, in order of appearance. */
export function sameCharges(lines: readonly BillLineView[]): BillLineView[][] {
  const charges = new Map<string, BillLineView[][]>();
  for (const line of lines) {
    const charge = line.state === 'rejected' ? null : chargeOf(line);
    if (charge === null) continue;
    const groups = charges.get(charge) ?? [];
    charges.set(charge, groups);
    const fitting = groups.find((group) => group.every((other) => mayBeOne(line, other)));
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

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const ownKey = (charge: string, a: string, b: string): string => `own_charges:${hashed(charge)}:${[a, b].toSorted().join('+')}`;

/** The answers that say that the charges of a group, document by document, are charges of their own; the same on every laptop, and of this charge alone. */
export function ownChargesKeys(group: readonly BillLineView[]): string[] {
  const [first] = group;
  const charge = first ? chargeOf(first) : null;
  const documents = [...new Set(group.map(({ source }) => source.documentId))];
  if (charge === null) return [];
  return documents.flatMap((one, n) => documents.slice(n + 1).map((other) => ownKey(charge, one, other)));
}

/**
 * Statements of one provider repeat each other's charges: each is counted once, by one line, with the places of the others as evidence (`alsoIn`), and the
 * others name that line (`sameAs`). Two equal lines in one document stay two: no other document says that they are one. Of what a person answered to be charges of
 * their own (`isAnswered`, for a charge and two documents) neither is counted by the other, also where a third statement repeats both.
 */
export function mergeRepeats(lines: readonly BillLineView[], isAnswered: (key: string) => boolean): BillLineView[] {
  const changed = new Map<string, BillLineView>();
  for (const group of sameCharges(lines)) {
    const charge = group[0] ? (chargeOf(group[0]) ?? '') : '';
    const areApart = (a: BillLineView, b: BillLineView): boolean => isAnswered(ownKey(charge, a.source.documentId, b.source.documentId));
    const byDocument = [...Map.groupBy(group, ({ source }) => source.documentId).values()];
    const most = Math.max(...byDocument.map(({ length }) => length));
    for (let nth = 0; nth < most; nth += 1) {
      const together: BillLineView[][] = [];
      for (const line of byDocument.flatMap((own) => own[nth] ?? []).toSorted(bySurest)) {
        const fitting = together.find((same) => same.every((other) => !areApart(line, other)));
        if (fitting) fitting.push(line);
        else together.push([line]);
      }
      for (const same of together) {
        const [head, ...others] = same;
        if (!head || others.length === 0) continue;
        const problem = [head.problem, disagreement(same)].filter((part) => part !== null).join(' ') || null;
        changed.set(head.billLineId, { ...head, problem, alsoIn: others.map(({ source }) => source) });
        for (const other of others) changed.set(other.billLineId, { ...other, sameAs: head.billLineId });
      }
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
