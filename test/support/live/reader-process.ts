import { z } from 'zod';
import { FirmConnection } from '../../../src/shared/setup.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { syncState } from '../../../src/main/store/schema.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { createSyncLoop } from '../../../src/main/sync/loop.ts';
import { createPostgresRemote } from '../../../src/main/sync/postgres.ts';

/**
 * A laptop that reads, as a process of its own: the real store, loop and line. It says when each row can be read in its store, by the
 * machine's own clock, and ends with its standard input.
 */
export const ReaderOrder = z.object({ path: z.string(), key: z.string(), connection: FirmConnection, token: z.string() });
const order = ReaderOrder.parse(JSON.parse(process.env['STENO_TEST_READER'] ?? '{}'));

const opened = openStore(order.path, order.key);
if (!opened.ok) throw new Error(opened.error.code);
const store = opened.value;
store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: freshId(), feedHead: 0 }).onConflictDoNothing().run();
const line = createPostgresRemote(order.connection, order.token);
let notices = 0;
const loop = createSyncLoop({
  store,
  remote: {
    ...line,
    listen: (onPush, signal) =>
      line.listen(() => {
        notices += 1;
        onPush();
      }, signal),
  },
  userId: freshId(),
  now: Date.now,
  random: Math.random,
  onStatus: () => undefined,
  onPulled(touched) {
    const at = process.hrtime.bigint();
    for (const { entityId } of touched) process.send?.({ entityId, at: String(at), notices });
  },
  transferFiles: () => undefined,
  onBug(error) {
    throw error;
  },
});
await loop.now();
process.send?.({ ready: true });
process.on('disconnect', () => {
  void loop.stop().then(() => {
    store.close();
    process.exit();
  });
});
