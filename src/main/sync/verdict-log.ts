import type { Store } from '../store/store.ts';
import type { Mutation } from './outbox.ts';
import type { Verdict } from './remote.ts';

const mostKept = 200;

/** What the firm said of one change; ids and words only, so that it may be shown and exported. */
export interface Logged {
  mutation: Mutation;
  verdict: Exclude<Verdict['verdict'], 'fenced'>;
  reason: string | null;
  proposalId: string | null;
}

/** Remembers verdicts, the last two hundred of them. Call it in the transaction that settles them. */
export function logVerdicts(store: Store, settled: Logged[], at: number): void {
  const add = store.compiled(
    'insert into verdict_log (mutation_id, entity, entity_id, matter_id, letter_id, verdict, reason, proposal_id, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { mutation, verdict, reason, proposalId } of settled.slice(-mostKept)) {
    const { mutationId, entity, entityId, patch } = mutation;
    add.run(mutationId, entity, entityId, idIn(patch['matter_id']), idIn(patch['letter_id']), verdict, reason, proposalId, at);
  }
  store.compiled('delete from verdict_log where verdict_id <= (select max(verdict_id) from verdict_log) - ?').run(mostKept);
}

function idIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
