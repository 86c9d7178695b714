import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/main/host/host.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { testFolder } from './laptop.ts';
import { silentLog } from './silent-log.ts';

/** A machine with a data folder of its own and secrets in memory; `now` is read at each look at the clock. */
export function makeHost(now: () => number = Date.now): Host {
  const data = join(testFolder(), freshId());
  mkdirSync(data);
  const kept = new Map<string, string>();
  return {
    kind: 'test',
    paths: { data, cache: data, exports: join(data, 'exports'), rescue: join(data, 'rescue') },
    secrets: {
      get: (name) => Promise.resolve(kept.get(name) ?? null),
      set: (name, value) => Promise.resolve(void kept.set(name, value)),
      delete: (name) => Promise.resolve(void kept.delete(name)),
      warning: null,
    },
    clock: { now },
    workers: { run: () => Promise.reject(new Error('this host runs no workers')), stop: () => Promise.resolve() },
    dialogs: { chooseFolder: null, reveal: () => Promise.resolve(false) },
    log: silentLog,
  };
}
