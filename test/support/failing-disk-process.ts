import { writeSync } from 'node:fs';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { openStore } from '../../src/main/store/store.ts';
import { createWrite } from '../../src/main/sync/outbox.ts';

/** Writes until its disk fails (its test forbids it files beyond a size), and says each title that was acknowledged, then why no more. */
const [, , path = '', key = ''] = process.argv;
const opened = openStore(path, key);
if (!opened.ok) throw new Error(opened.error.code);
const store = opened.value;
const write = createWrite({ store, userId: freshId(), now: Date.now, newId: freshId, onCommitted: () => undefined });
for (let n = 0; n < 10_000; n += 1) {
  const title = `${String(n).padStart(4, '0')} ${'x'.repeat(200)}`;
  const outcome = write((change) => ok({ added: change.insert('matter', { matterId: freshId(), title, status: 'Open' }) }));
  if (outcome.ok) writeSync(1, `${title}\n`);
  else {
    writeSync(1, `${JSON.stringify({ error: outcome.error, integrity: store.raw.pragma('integrity_check', { simple: true }) })}\n`);
    break;
  }
}
