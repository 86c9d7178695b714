import { createHash } from 'node:crypto';
import type { HandedBack, Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote, Verdict } from '../../src/main/sync/remote.ts';
import type { FakeFirm } from './fake-remote.ts';

export type FirmBackup = Omit<FakeFirm, 'listeners' | 'misunderstands' | 'live'>;
/** A backup of the firm's server: all of it, as it stands. */
export function backUp(firm: FakeFirm): FirmBackup {
  const { rows, verdicts, feed, dropped, floor, hidden, judged, refused, files, audit, restores, firmId } = firm;
  return structuredClone({ firmId, rows, verdicts, feed, dropped, floor, hidden, judged, refused, files, audit, restores });
}

/** The server loses what happened since the backup. `judged` counts what it has done to its rows, which are those of the backup now. */
export function restore(firm: FakeFirm, backup: FirmBackup): void {
  const { restores } = firm;
  Object.assign(firm, structuredClone(backup), { restores: restores + 1 });
}

/** A link of the firm's audit chain for each push that changed something. */
export function sealPush(firm: FakeFirm, verdicts: Verdict[]): void {
  const link = createHash('sha256')
    .update(`${firm.audit.at(-1) ?? firm.firmId} ${String(firm.restores)} ${JSON.stringify(verdicts)}`)
    .digest('hex');
  firm.audit.push(link);
}

/** The fake's half of migrations/server/0020_skew.sql, 0021_restored.sql and 0022_compact.sql. */
export function recoveryCalls(
  firm: FakeFirm,
  call: <T>(work: () => T) => Promise<T>,
  push: (batch: Mutation[]) => Verdict[],
  userId: string,
): Pick<Remote, 'greet' | 'anchor' | 'handBack' | 'joinLetterUpdates'> {
  return {
    greet: () =>
      call(() => ({ connection: firm.restores, understands: ({ entity, patch }) => !firm.misunderstands(entity, Object.keys(patch)) })),
    anchor: (remembered, mutationIds) =>
      call(() => ({
        holds: !remembered || firm.audit[remembered.batchNumber - 1] === remembered.batchHash,
        missing: mutationIds.filter((id) => !firm.verdicts.has(id)),
        head: firm.audit.length > 0 ? { batchNumber: firm.audit.length, batchHash: firm.audit.at(-1) ?? '' } : null,
        at: new Date(Date.UTC(2026, 0, 1) + firm.feed.length * 1000),
      })),
    handBack: (batch) => call(() => handBack(firm, structuredClone(batch), push)),
    joinLetterUpdates: (letterId, updateIds, joinedId, payload) =>
      call(() => {
        const table = firm.rows.get('letter_update');
        const found = updateIds.map((id) => table?.get(id)?.row);
        const [first] = found;
        if (!table || !first || found.some((row) => row?.['letter_id'] !== letterId || row['created_by'] !== userId)) return false;
        const row = { ...first, update_id: joinedId, payload: `\\x${Buffer.from(payload).toString('hex')}`, revision: 1 };
        table.set(joinedId, { row, fieldRevision: new Map() });
        firm.feed.push({ entity: 'letter_update', entityId: joinedId });
        for (const id of updateIds) {
          table.delete(id);
          firm.feed.push({ entity: 'letter_update', entityId: id });
        }
        return true;
      }),
  };
}

function handBack(firm: FakeFirm, batch: HandedBack[], push: (batch: Mutation[]) => Verdict[]): Verdict[] {
  const fenced = new Set<string>();
  return batch.map(({ revision, ...mutation }): Verdict => {
    const { mutationId, entity, entityId } = mutation;
    const fence: Verdict = { mutationId, verdict: 'fenced' };
    if (fenced.has(entityId)) return fence;
    const before = backUp(firm);
    const found = firm.rows.get(entity)?.get(entityId);
    if (found && mutation.op === 'patch' && !firm.verdicts.has(mutationId))
      found.row['revision'] = Math.max(Number(found.row['revision']), revision - 1);
    const [verdict = fence] = push([mutation]);
    if (verdict.verdict !== 'rejected') return verdict;
    fenced.add(entityId);
    if (verdict.reason !== 'missing_parent' && verdict.reason !== 'not_found') return verdict;
    Object.assign(firm, before);
    return fence;
  });
}
