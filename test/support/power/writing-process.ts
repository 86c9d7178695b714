import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { syncState } from '../../../src/main/store/schema.ts';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import { keepFile } from '../../../src/main/sync/files/kept-files.ts';
import { createWrite } from '../../../src/main/sync/outbox.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { aDesk, typeAt } from '../desk.ts';
import { digestOf } from './store-digest.ts';

/**
 * A laptop at work whose every write and sync is recorded from outside. After each transaction it says what it holds by then, as a window
 * would say Saved: from that moment no power cut may take it back.
 */
const [, , path = '', key = '', synchronous = 'full'] = process.argv;
const desk = aDesk();

function open(): Store {
  const opened = openStore(path, key);
  if (!opened.ok) throw new Error(opened.error.code);
  opened.value.raw.pragma(`synchronous = ${synchronous}`);
  return opened.value;
}
const hold = (): void => void writeSync(1, `holds ${digestOf(store)}\n`);
/** A page of the feed: a power cut may take it, whole, until something is acknowledged after it. It comes again. */
const mayHold = (): void => void writeSync(1, `may hold ${digestOf(store)}\n`);

let store = open();
hold();
store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: desk.deviceId, feedHead: 0 }).run();
hold();

/** A firm that accepts everything and sends a colleague's matters. */
const firm = {
  async push(batch) {
    hold(); // what the firm knows, a power cut must not take from here
    return batch.map(({ mutationId }) => ({ mutationId, verdict: 'applied' as const }));
  },
  async pull(after) {
    const changes = Array.from({ length: 5 }, () => ({
      entity: 'matter',
      entityId: freshId(),
      row: { title: 'x'.repeat(500), status: 'Open', revision: 1 },
    }));
    return { position: after + 5, head: after + 5, more: false, floor: 0, view: 'v', changes };
  },
} satisfies Pick<Remote, 'push' | 'pull'> as unknown as Remote;

/** Commits that wait for no disk stand between the others and change no row: what is acknowledged after them must wait for it all the same. */
const jotDown = (): void =>
  store.jot(() => {
    store.raw.transaction(() => {
      store.raw.exec(`insert into folder_file values ('m', 'a.pdf', 1, 1, null, null, 'seen'); delete from folder_file`);
    })();
  });

for (let n = 1; n <= 60; n += 1) {
  // now and then a push follows right on an edit that was jotted down: the store must have kept in mind that the disk was not waited for
  if (n % 24 !== 12) jotDown();
  const write = createWrite({ store, userId: freshId(), now: Date.now, newId: freshId, onCommitted: () => undefined });
  if (n % 12 === 0) await pushWaiting(store, firm);
  else if (n % 12 === 4) {
    await pullOnce(store, firm, Date.now);
    mayHold();
    continue;
  } else if (n % 12 === 8) {
    const bytes = Buffer.alloc(30_000, n);
    store.transaction((db) => {
      keepFile(db, createHash('sha256').update(bytes).digest('hex'), bytes, n);
      return ok({});
    });
  } else if (n % 12 === 11) {
    // what was read from a file: found again anyhow, and the next push sends it
    store.jot(() => write((change) => ok({ done: typeAt(desk, change, n) })));
    mayHold();
    continue;
  } else if (n === 25) store.raw.pragma('wal_checkpoint(passive)');
  else if (n === 33) store.raw.pragma('wal_checkpoint(truncate)');
  else if (n === 41) {
    store.close();
    store = open();
  } else void write((change) => ok({ done: typeAt(desk, change, n) }));
  hold();
}
process.kill(process.pid, 'SIGKILL'); // without the checkpoint of a farewell
