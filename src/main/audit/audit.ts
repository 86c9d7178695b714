import { hash, randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** What was done on this laptop to one row. */
export interface AuditEntry {
  at: number;
  userId: string;
  /** insert, patch; or what a person did about a change: resend, discard. */
  action: string;
  entity: string;
  entityId: string;
  mutationId: string | null;
  oldValues: Record<string, unknown> | null;
  newValues: Record<string, unknown> | null;
}

/** Where this laptop's chain stands. */
export interface LaptopAuditHead {
  chain: string;
  sequence: number;
  hash: string;
}

/** Longer texts are kept as hash and length, as the firm's audit does: the words stand in their row and in the firm's history. */
const longestText = 200;

/** Adds to this laptop's audit. To be called in the transaction of the change itself. */
export function recordAudit(store: Store, entry: AuditEntry): void {
  const head = laptopAuditHead(store);
  const [oldValues, newValues] = [inShort(entry.oldValues), inShort(entry.newValues)];
  const row = [
    head.sequence + 1,
    entry.at,
    entry.userId,
    entry.action,
    entry.entity,
    entry.entityId,
    entry.mutationId,
    oldValues,
    newValues,
  ];
  store.compiled('insert into audit_event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(...row, hashOf(head.hash, row));
}

/** The newest event; sequence 0 with a hash of the chain's name where nothing was done yet. */
export function laptopAuditHead(store: Store): LaptopAuditHead {
  const chain = chainOf(store);
  const last = store.compiled('select sequence, hash from audit_event order by sequence desc limit 1').get() as
    { sequence: number; hash: string } | undefined;
  return { chain, sequence: last?.sequence ?? 0, hash: last?.hash ?? hashOf(chain, []) };
}

/** Recomputes the chain. The sequence of the first event that is not as it was written, or whose neighbour is gone; null where all is well. */
export function verifyLaptopAudit(store: Store): number | null {
  let hash = hashOf(chainOf(store), []);
  let sequence = 0;
  for (const row of store.raw.prepare('select * from audit_event order by sequence').raw().iterate() as Iterable<unknown[]>) {
    const values = row.slice(0, -1);
    hash = hashOf(hash, values);
    sequence += 1;
    if (values[0] !== sequence || row.at(-1) !== hash) return sequence;
  }
  return null;
}

function chainOf(store: Store): string {
  const state = store.compiled('select audit_chain as chain from sync_state').get() as { chain: string | null } | undefined;
  if (!state) return 'of a store without a firm';
  if (state.chain) return state.chain;
  const chain = randomUUID();
  store.raw.prepare('update sync_state set audit_chain = ?').run(chain);
  return chain;
}

function hashOf(previous: string, values: unknown[]): string {
  return hash('sha256', `${previous}\n${JSON.stringify(values)}`);
}

function inShort(values: Record<string, unknown> | null): string | null {
  if (!values) return null;
  return JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'string' && value.length > longestText ? { sha256: hash('sha256', value), length: value.length } : value,
  );
}
