import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { syncState } from '../../../src/main/store/schema.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { createWrite } from '../../../src/main/sync/outbox.ts';
import { takeFirstLook } from '../../../src/main/sync/snapshot/first-look.ts';
import { stageSnapshot } from '../../../src/main/sync/snapshot/stage.ts';
import { createCopier } from '../../../src/main/sync/snapshot/take.ts';
import { createFakeServer } from '../fake-remote.ts';
import { pushMatters } from '../firm-with-matters.ts';
import { patching } from '../mutations.ts';
import { digestOf } from './store-digest.ts';

/** A laptop that takes copies of a firm, whose every write and sync is recorded from outside. After each step it says what its store holds by then. */
const [, , path = '', key = '', way = 'become'] = process.argv;
if (way === 'unsynced') {
  // only for a control: neither the emptied log nor the new name is seen to the disk
  fs.fsyncSync = () => undefined;
  syncBuiltinESMExports();
}
const firmServer = createFakeServer();
const firm = firmServer.addFirm();
const [remote, colleague] = [firmServer.signIn(firm, 'Attorney'), firmServer.signIn(firm, 'Attorney')];
const opened = openStore(path, key);
if (!opened.ok) throw new Error(opened.error.code);
const store = opened.value;
const hold = (): void => void writeSync(1, `holds ${digestOf(store)}\n`);
const copier = createCopier(store, (order) =>
  stageSnapshot({
    ...order,
    rangeRows: 7,
    source: remote.snapshot(),
  }),
);
const copy = async (): Promise<void> => {
  await copier({
    now: () => 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    sendUntil: () => Promise.resolve(false),
  });
  hold();
};

hold();
store.raw.transaction(() => {
  store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: freshId(), feedHead: 0 }).run();
  if (way === 'merge')
    store.raw.prepare(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`).run();
})();
hold();
const matters = await pushMatters(colleague, 3);
// the list of matters, then what lies in them
await takeFirstLook(store, remote.snapshot(), () => 1, hold);
await copy();

const write = createWrite({ store, userId: freshId(), now: Date.now, newId: freshId, onCommitted: () => undefined });
const [first, second] = matters;
write((change) => ok({ done: change.patch('matter', first?.matterId ?? '', { title: 'Written here' }) }));
hold();
firm.rows.get('matter')?.delete(second?.matterId ?? '');
firm.feed.push({ entity: 'matter', entityId: second?.matterId ?? '' });
await colleague.push([patching('matter', first?.matterId ?? '', 1, { case_reference: 'T-1' })]);
await pushMatters(colleague, 2);
await copy();
process.kill(process.pid, 'SIGKILL'); // without the checkpoint of a farewell
