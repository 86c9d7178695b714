import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../host/host.ts';
import { findPostgres } from './find-postgres.ts';
import { prepareData, released, runProgram } from './postgres-data.ts';
import { explainFailure } from './postgres-error.ts';
import { asFlags, guard, launchOnSomePort, notDurable, ownSettings } from './postgres-process.ts';

export interface EmbeddedPostgresOptions {
  /** null: throwaway data, gone after stop(). */
  dataDir: string | null;
  /** 0 or nothing: a free one. */
  port?: number;
  /** False only for tests: much faster, and a power cut may lose everything. */
  durable?: boolean;
  /** The version to run, as findPostgres finds it; the built-in one where none is given. */
  major?: string;
  /** Settings of the server on top of Steno's own: `{ wal_level: 'replica' }` for replicas and restore drills. */
  settings?: Record<string, string>;
  log: Log;
}

export interface EmbeddedPostgres {
  host: '127.0.0.1';
  port: number;
  superuser: 'postgres';
  /** New at each start; it is written nowhere. */
  superuserPassword: string;
  /** Where the data really is (the folder asked for may be a link to it). */
  dataDir: string;
  /** Ends sessions, writes everything to disk, resolves when the server is gone. */
  stop(): Promise<void>;
  /** Ends the server as a crash would (kill -9): for tests of what survives one. */
  kill(): Promise<void>;
}

/** After a crash the dead server's helpers hold its shared memory a moment longer than it lived; Postgres refuses until they have noticed. */
async function oncePredecessorIsGone(start: () => Promise<void>): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    try {
      await start();
      return;
    } catch (error) {
      if (waitedMs >= 10_000 || !(error instanceof Error) || !error.message.includes('pre-existing shared memory block')) throw error;
      await wait(50);
    }
  }
}

/** A real Postgres of our own on this machine, for the demo firm and for tests. Throws EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const startedAt = Date.now();
  const files = await findPostgres(options.major).catch((error: unknown) => {
    throw explainFailure('The built-in Postgres could not be prepared', error);
  });
  const place = await prepareData(files, options.dataDir);
  const durable = options.durable ?? true;
  const settings = { ...ownSettings, ...(durable ? {} : notDurable), ...options.settings };
  const discard = async () => (options.dataDir === null ? await rm(place, { recursive: true, force: true, maxRetries: 5 }) : undefined);

  const superuserPassword = randomBytes(24).toString('base64url');
  try {
    // Single-user mode needs no password and no port, so there is no moment at which the server runs with a known one.
    const flags = asFlags({ ...(durable ? { fsync: 'on' } : notDurable), ...options.settings });
    await oncePredecessorIsGone(() =>
      runProgram(
        files,
        files.postgres,
        ['--single', '-D', place, ...flags, 'postgres'],
        `ALTER ROLE postgres PASSWORD '${superuserPassword}'\n`,
      ),
    );
    const { server, port } = await launchOnSomePort(files, place, options.port ?? 0, settings);
    const gone = once(server, 'exit');
    guard(server, files);
    options.log.info('postgres.started', { port, ms: Date.now() - startedAt });
    const end = async (signal: NodeJS.Signals) => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill(signal);
        await gone;
        options.log.info('postgres.stopped', { signal });
      }
      released(place);
    };
    return {
      host: '127.0.0.1',
      port,
      superuser: 'postgres',
      superuserPassword,
      dataDir: place,
      stop: async () => {
        await end('SIGINT');
        await discard();
      },
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    released(place);
    await discard();
    throw explainFailure('Postgres did not start', error);
  }
}
