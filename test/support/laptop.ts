import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Outcome } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import { entityShape, toWire, type Columns, type WireRow } from '../../src/main/sync/entities.ts';
import { createWrite, type Write } from '../../src/main/sync/outbox.ts';

export const storeKey = '5e'.repeat(32);

/** The value of an outcome that must be good. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

let folder: string | undefined;

/** A folder of this test file's own, removed after its last test. */
export function testFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'steno-store-'));
  return folder;
}
// here, where the file is read: within a test nobody would hear of it
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** A laptop's encrypted store with the one way to write it, without windows, features or a sync loop. */
export interface TestLaptop {
  path: string;
  userId: string;
  deviceId: string;
  store: Store;
  write: Write;
  /** As after a crash: what was committed is there, nothing else. */
  reopen(): void;
}

/** A fresh laptop; synchronous is off because power cuts are not what these tests are about. */
export function makeLaptop(path = join(testFolder(), `${freshId()}.db`), newId = freshId): TestLaptop {
  const deviceId = newId();
  const open = (): Store => {
    const opened = must(openStore(path, storeKey));
    opened.raw.pragma('synchronous = off');
    return opened;
  };
  const store = open();
  store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId, feedHead: 0 }).onConflictDoNothing().run();
  const userId = newId();
  const writing = (on: Store): Write =>
    createWrite({ store: on, userId, now: () => Date.UTC(2026, 0, 2), newId, onCommitted: () => undefined });
  const laptop: TestLaptop = {
    path,
    userId,
    deviceId,
    store,
    write: writing(store),
    reopen() {
      laptop.store.close();
      laptop.store = open();
      laptop.write = writing(laptop.store);
    },
  };
  return laptop;
}

/** All rows of an entity on a laptop, by id, as the wire has them. */
export function rowsOf(store: Store, entity: string): Map<string, WireRow> {
  const shape = entityShape(entity);
  if (!shape) throw new Error(`no entity ${entity}`);
  const rows = store.raw.prepare(`select * from "${shape.table}"`).all() as Columns[];
  return new Map(rows.map((row) => [String(row[shape.idColumn]), toWire(shape, row)]));
}

export interface OutboxView {
  mutation_id: string;
  entity: string;
  entity_id: string;
  op: string;
  state: string;
  reason: string | null;
  base_revision: number;
}

export function outboxOf(store: Store): OutboxView[] {
  return store.raw
    .prepare('select mutation_id, entity, entity_id, op, state, reason, base_revision from outbox order by sequence')
    .all() as OutboxView[];
}
