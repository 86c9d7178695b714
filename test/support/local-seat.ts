import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirmId, UserId } from '../../src/shared/ids.ts';
import type { EventName } from '../../src/shared/ipc/events.ts';
import type { Role } from '../../src/shared/session.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createWorkers } from '../../src/main/host/node-workers.ts';
import type { Host, Workers } from '../../src/main/host/host.ts';
import { openSeat, type Seat } from '../../src/main/seat.ts';
import { openStore } from '../../src/main/store/store.ts';
import { silentLog } from './silent-log.ts';

export interface TestSeat {
  seat: Seat;
  /** A case folder, empty. */
  folder: string;
  dataDir: string;
  /** Those of its host, to be watched or replaced; `runWorker` stays what it was. */
  workers: Workers;
  runWorker: Workers['run'];
  events: { name: EventName; payload: unknown }[];
  /** Asks again after every event until it holds; gives up after `limitMs`. */
  until(what: string, holds: () => boolean, limitMs?: number): Promise<void>;
  /** Closes the seat and opens it again on the same store, as a restart does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const key = 'a1'.repeat(32);

/** A real seat without a firm: encrypted store, workers, watcher, jobs; everything in a folder that goes away. */
export async function startTestSeat(role: Role = 'Attorney'): Promise<TestSeat> {
  const dataDir = await mkdtemp(join(tmpdir(), 'steno-seat-'));
  const folder = join(dataDir, 'case');
  await mkdir(folder);
  const workers = createWorkers();
  const runWorker: Workers['run'] = workers.run.bind(workers);
  const secrets = new Map<string, string>();
  const host: Host = {
    kind: 'test',
    paths: { data: dataDir, cache: dataDir, exports: join(dataDir, 'exports'), rescue: join(dataDir, 'rescue') },
    secrets: {
      get: (name) => Promise.resolve(secrets.get(name) ?? null),
      set: (name, value) => Promise.resolve(void secrets.set(name, value)),
      delete: (name) => Promise.resolve(void secrets.delete(name)),
      warning: null,
    },
    clock: { now: () => Date.now() },
    workers,
    dialogs: { chooseFolder: null, reveal: () => Promise.resolve(false) },
    log: silentLog,
  };
  const account = {
    userId: UserId.parse(freshId()),
    firmId: FirmId.parse(freshId()),
    firmName: 'Marsh LLP',
    firmSlug: 'marsh',
    email: 'dana@marsh.example',
    firstName: 'Dana',
    lastName: 'Marsh',
    role,
  };
  const events: TestSeat['events'] = [];
  let wake = (): void => undefined;
  const open = (): Seat => {
    const store = openStore(join(dataDir, 'steno.db'), key);
    if (!store.ok) throw new Error(store.error.code);
    return openSeat({
      host,
      account,
      store: store.value,
      remote: null,
      settleMs: 20,
      emit(name, payload) {
        events.push({ name, payload });
        wake();
      },
    });
  };
  const started: TestSeat = {
    seat: open(),
    folder,
    dataDir,
    workers,
    runWorker,
    events,
    async until(what, holds, limitMs = 15_000) {
      const deadline = Date.now() + limitMs;
      while (!holds()) {
        if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 100);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async restart() {
      await started.seat.close();
      started.seat = open();
    },
    async stop() {
      await started.seat.close();
      await workers.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return started;
}
