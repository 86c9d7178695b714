import type { FirmConnection } from '../../src/shared/setup.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { openDraft, removeDraft } from '../../src/main/sync/snapshot/draft.ts';
import { createRowWriter } from '../../src/main/sync/snapshot/row-writer.ts';
import type { FirmEntity, TakeRow } from '../../src/main/sync/snapshot/source.ts';

/**
 * What a first sync cannot be faster than on this machine: its rows, held in memory as they are to be bound, into an encrypted file with the same tables and indexes,
 * flushed to the disk. No server, no line, nothing to decode, nothing to publish. Returns how many.
 */
export async function createFileWrite(path: string, keyHex: string, connection: FirmConnection, token: string): Promise<() => number> {
  const remote = createPostgresRemote(connection, token);
  const source = remote.snapshot();
  const plan = await source.plan();
  const held: { entity: FirmEntity; rows: Parameters<TakeRow>[] }[] = [];
  for (const entity of plan.entities) {
    const rows: Parameters<TakeRow>[] = [];
    const range = { entity, after: null, most: 10_000_000, view: plan.view, atLeast: plan.head };
    await source.read(range, (values, unknown) => void rows.push([structuredClone(values), unknown]));
    held.push({ entity, rows });
  }
  await source.close();
  await remote.close();
  return () => {
    removeDraft(path);
    const opened = openDraft(path, keyHex);
    if (!opened.ok) throw new Error(opened.error.code);
    const draft = opened.value;
    let rows = 0;
    draft.begin(plan);
    draft.store.raw.transaction(() => {
      for (const { entity, rows: given } of held) {
        const writer = createRowWriter(draft.store, entity);
        for (const row of given) writer.take(...row);
        rows += writer.flush().rows;
      }
    })();
    draft.makeIndexes();
    draft.sync();
    draft.close();
    return rows;
  };
}
