import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Store } from '../../src/main/store/store.ts';

/** What this disk and this encryption take for what a local change writes, with nothing of Steno's around it. */
export interface BareWrites {
  /** Milliseconds of a transaction each that inserts rows of these sizes, in an encrypted file with a log and synchronous=FULL. */
  commits: number[];
  /** Milliseconds of appending 4 kB to a file and waiting until the disk has them. */
  fsyncs: number[];
}

/** Interleaved with `write`, so that whatever else the disk does strikes all alike. `bare` is an empty store of its own. */
export function besideBareWrites(
  bare: Store,
  logPath: string,
  rowBytes: readonly number[],
  count: number,
  write: (n: number) => void,
): BareWrites {
  for (const n of rowBytes.keys()) bare.raw.exec(`create table bare_${String(n)} (id integer primary key, body text not null) strict`);
  const inserts = rowBytes.map((bytes, n) => {
    const statement = bare.raw.prepare(`insert into bare_${String(n)} (body) values (?)`);
    return () => statement.run('x'.repeat(bytes));
  });
  const begin = bare.raw.prepare('begin immediate');
  const commit = bare.raw.prepare('commit');
  const log = openSync(logPath, 'a', 0o600);
  const page = Buffer.alloc(4096, 'x');
  const commits: number[] = [];
  const fsyncs: number[] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      write(n);
      commits.push(
        taken(() => {
          begin.run();
          for (const insert of inserts) insert();
          commit.run();
        }),
      );
      fsyncs.push(
        taken(() => {
          writeSync(log, page);
          fsyncSync(log);
        }),
      );
    }
  } finally {
    closeSync(log);
  }
  return { commits, fsyncs };
}

export function taken(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
