import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { syncState } from '../../../src/main/store/schema.ts';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import { createSyncLoop } from '../../../src/main/sync/loop.ts';
import { createWrite, forget } from '../../../src/main/sync/outbox.ts';
import { createPostgresRemote } from '../../../src/main/sync/postgres.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { stageAside } from '../../../src/main/sync/snapshot/stage-aside.ts';
import { createCopier } from '../../../src/main/sync/snapshot/take.ts';
import { typeAt } from '../desk.ts';
import { LaptopOrder, type DyingPoint } from './laptop-order.ts';

/**
 * A laptop as a process of its own, which its test kills: the real store, write(), loop and line, no windows. Each number on its
 * standard input is a change to make; what it was told is kept it says on its standard output, at once and in one write, as a window would show it.
 */
const order = LaptopOrder.parse(JSON.parse(process.env['STENO_TEST_LAPTOP'] ?? '{}'));
const say = (line: string): void => void writeSync(1, `${line}\n`);

let visits = 0;
function passing(point: DyingPoint): void {
  if (order.diesAt?.point === point && (visits += 1) === order.diesAt.nth) process.kill(process.pid, 'SIGKILL');
}

const opened = openStore(order.path, order.key);
if (!opened.ok) throw new Error(opened.error.code);
const whole = opened.value;
say(`integrity ${String(whole.raw.pragma('integrity_check', { simple: true }))}`);
whole.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: order.deviceId, feedHead: 0 }).onConflictDoNothing().run();

/** What a transaction is for: pushes and pages settle right after their answer came, all else is a person's change. */
let answered: 'settle' | 'page' | null = null;
const store: Store = {
  ...whole,
  transaction(work) {
    const kind = answered ?? 'write';
    answered = null;
    const outcome = whole.transaction((db) => {
      const done = work(db);
      passing(`${kind}: before commit`);
      return done;
    });
    passing(`${kind}: after commit`);
    return outcome;
  },
};

let isPublishing = false;
/** The store as copies are put in its place. */
const published: Store = {
  ...whole,
  raw: new Proxy(whole.raw, {
    get(raw, name) {
      if (name === 'prepare' && isPublishing) passing('publish: within');
      return Reflect.get(raw, name) as unknown;
    },
  }),
  transaction(work) {
    const publish = (db: Store['db']): ReturnType<typeof work> => {
      isPublishing = true;
      const done = work(db);
      isPublishing = false;
      passing('publish: before commit');
      return done;
    };
    const outcome = order.publishesBare ? publish(whole.db) : whole.transaction(publish);
    passing('publish: after commit');
    return outcome;
  },
  become(path) {
    passing('become: before');
    const outcome = whole.become(path);
    passing('become: after');
    return outcome;
  },
};
const stage = stageAside(order.connection, order.token);
const copier = createCopier(published, async ({ onProgress, ...staged }) => {
  const found = await stage({
    ...staged,
    onProgress(progress) {
      say(`progress ${String(progress.done)}`);
      if (progress.done >= progress.total) say('fetched');
      onProgress(progress);
    },
  });
  say('staged');
  passing('staged');
  return found;
});

const line = createPostgresRemote(order.connection, order.token);
const remote: Remote = {
  ...line,
  async push(batch) {
    if (order.forgetsBeforeVerdict) for (const { mutationId } of batch) forget(whole, mutationId);
    passing('push: before');
    const sent = line.push(batch);
    setImmediate(() => passing('push: sent'));
    const verdicts = await sent;
    passing('push: answered');
    answered = 'settle';
    return verdicts;
  },
  async pull(after, most) {
    const page = await line.pull(after, most);
    if (page.changes.length > 0) passing('page: answered');
    answered = 'page';
    return page;
  },
};

/** Of the change that is being made. */
let mutationIds: string[] = [];
const write = createWrite({
  store,
  userId: order.userId,
  now: Date.now,
  newId() {
    const id = freshId();
    mutationIds.push(id);
    return id;
  },
  onCommitted: () => loop.nudge(),
});
const loop = createSyncLoop({
  store,
  remote,
  userId: order.userId,
  now: Date.now,
  random: Math.random,
  onStatus: ({ phase, waiting }) => say(`status ${phase} ${String(waiting)}`),
  onPulled: () => undefined,
  copier,
  onCopied() {
    passing('copied');
    say('copied');
  },
  transferFiles: () => undefined,
  onBug(error) {
    say(`bug ${error instanceof Error ? error.message : 'unknown'}`);
    return { code: 'internal', reference: 'test' };
  },
});

createInterface({ input: process.stdin }).on('line', (text) => {
  mutationIds = [];
  const written = write((change) => ok({ isDone: typeAt(order, change, Number(text)) }));
  if (!written.ok || !written.value.isDone) say(`refused change ${text}`);
  else for (const id of mutationIds) say(`kept ${id}`);
});
