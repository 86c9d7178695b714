import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { timed } from './measure.ts';

/** What GOALS.md measured on two cores, where PouchDB is not at hand. */
export const quotedDocsPerSecond = 2_000;
/** Measured the same way on two cores. */
export const quotedPulledPerSecond = 3_700;

interface Database {
  bulkDocs(docs: object[]): Promise<unknown>;
  replicate: Record<'to' | 'from', (other: Database) => Promise<{ docs_written: number }>>;
  close(): Promise<void>;
}
type PouchDB = (new (name: string) => Database) & { defaults(options: object): PouchDB };

export interface PouchPeer {
  /** Milliseconds until a server on the loopback address has these documents of a local database. */
  replicate(docs: object[]): Promise<number>;
  /** Milliseconds until a local database has these documents of that server. */
  pull(docs: object[]): Promise<number>;
  stop(): Promise<void>;
}

/**
 * PouchDB with its default adapter and express-pouchdb, from a folder that STENO_BENCH_POUCHDB names (`npm install --ignore-scripts pouchdb@9
 * express-pouchdb@4 express@4` there). Not among our packages: its server has had no release for years and brings 250 others. Null where it is not.
 */
export async function findPouchDB(folder: string): Promise<PouchPeer | null> {
  const from = process.env['STENO_BENCH_POUCHDB'];
  if (!from) return null;
  const load = createRequire(join(from, 'package.json'));
  const Local = load('pouchdb') as PouchDB;
  const express = load('express') as () => { use(handler: unknown): void; listen(port: number, host: string): Server };
  const asServer = load('express-pouchdb') as (database: PouchDB, options: object) => unknown;
  const data = join(folder, 'pouch');
  mkdirSync(join(data, 'server'), { recursive: true });
  const app = express();
  const options = { mode: 'minimumForPouchDB', logPath: join(data, 'log.txt'), configPath: join(data, 'config.json') };
  app.use(asServer(Local.defaults({ prefix: join(data, 'server/') }), options));
  const listening = app.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  let nth = 0;
  /** Milliseconds until all that one of two new databases has is in the other. */
  async function replicated(docs: object[], direction: 'to' | 'from'): Promise<number> {
    nth += 1;
    const local = new Local(join(data, `local-${String(nth)}`));
    const server = new Local(`http://127.0.0.1:${String(port)}/bench-${String(nth)}`);
    await (direction === 'to' ? local : server).bulkDocs(docs);
    let written = 0;
    const ms = await timed(async () => (written = (await local.replicate[direction](server)).docs_written));
    if (written !== docs.length) throw new Error(`PouchDB wrote ${String(written)} documents`);
    await local.close();
    return ms;
  }
  return {
    replicate: (docs) => replicated(docs, 'to'),
    pull: (docs) => replicated(docs, 'from'),
    async stop() {
      listening.closeAllConnections();
      listening.close();
      await once(listening, 'close');
    },
  };
}
