import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { buildMain } from '../../tools/build.ts';
import { root } from '../../tools/processes.ts';
import { startOwnServer, type OwnServer } from '../../src/main/admin/admin.ts';
import { openSession } from '../support/sessions.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeFirmOfRows, type FirmOfRows } from './firm-of-rows.ts';
import type { FirstSync, FirstSyncOrder } from './first-sync.ts';
import { median, timed, type Measured } from './measure.ts';
import { findPouchDB, quotedPulledPerSecond } from './pouchdb.ts';
import { createRawCopy } from './raw-copy.ts';
import { createFileWrite } from './rows-in-memory.ts';

const keyHex = '5e'.repeat(32);
const isSmall = process.env['STENO_BENCH_SIZE'] === 'small';
const [middle, large] = isSmall ? [20_000, 20_000] : [100_000, 1_000_000];
/** The program of a first sync, bundled as the app is: taking the types out of the sources costs more memory, and at the start of a thread more time, than all else. */
const built = join(root, 'out', 'bench');
const pouchDocs = 10_000;
const rounds = 5;
/** Ten seconds each. */
const memoryRounds = 3;

interface FeedBench {
  own: OwnServer;
  admin: pg.Client;
  folder: string;
}

/** P1 and P2: a new laptop's first sync, beside the raw COPY of the same rows; on a durable server of its own. */
export async function feedFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-feed-'));
  const own = await startOwnServer({ dataDir: null, log: silentLog });
  const admin = new pg.Client(own.adminUrl);
  try {
    await admin.connect();
    const bench = { own, admin, folder };
    const firms = [await makeFirmOfRows(admin, 'middle', 1, middle), await makeFirmOfRows(admin, 'large', 2, large)] as const;
    await admin.query('checkpoint');
    const core = fileURLToPath(new URL('first-sync-process.ts', import.meta.url));
    await buildMain({ outDir: built, core, sources: join(root, 'src/main') });
    const figures = await beside(bench, firms[0]);
    for (const firm of firms) figures.push(await firstFifty(bench, firm));
    return [...figures, ...(await memory(bench, firms[1]))];
  } finally {
    await admin.end().catch(() => undefined);
    await own.stop();
    rmSync(built, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

let laptops = 0;
/** Somebody of that firm on a laptop that has nothing yet. */
async function newLaptop({ own, admin, folder }: FeedBench, { firmId, slug }: FirmOfRows, isLookOnly: boolean): Promise<FirstSyncOrder> {
  laptops += 1;
  const token = await openSession(admin, firmId, 'Attorney');
  return {
    path: join(folder, `laptop-${String(laptops)}.db`),
    keyHex,
    connection: { ...own.connection, firmSlug: slug },
    token,
    isLookOnly,
  };
}

function removeStore({ path }: FirstSyncOrder): void {
  for (const ending of ['', '-wal', '-shm', '.next', '.next-journal']) rmSync(path + ending, { force: true });
}

async function beside(bench: FeedBench, firm: FirmOfRows): Promise<Measured[]> {
  const first = await newLaptop(bench, firm, false);
  const copyRaw = await createRawCopy(bench.admin, firm.firmId, first.connection, first.token);
  const writeFile = await createFileWrite(join(bench.folder, 'bare.db'), keyHex, first.connection, first.token);
  const pouch = await findPouchDB(bench.folder);
  const times: Record<'steno' | 'raw' | 'file' | 'pouch', number[]> = { steno: [], raw: [], file: [], pouch: [] };
  let rows = 0;
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const laptop = await newLaptop(bench, firm, false);
      const came = await inProcess(laptop);
      let copied = 0;
      const rawMs = await timed(async () => (copied = await copyRaw()));
      const pouchMs = await pouch?.pull(Array.from({ length: pouchDocs }, (_, n) => aDoc(n)));
      let written = 0;
      const fileMs = await timed(() => Promise.resolve((written = writeFile())));
      if (copied !== came.rows || written !== came.rows || came.rows < firm.rows)
        throw new Error(`${String(came.rows)} rows came, ${String(copied)} are there, ${String(written)} were written`);
      ({ rows } = came);
      if (round === 0) continue; // the first is not counted
      times.steno.push(came.wholeMs);
      times.raw.push(rawMs);
      times.file.push(fileMs);
      if (pouchMs !== undefined) times.pouch.push(pouchMs);
    }
  } finally {
    await pouch?.stop();
  }
  const rate = (ms: number[]): number => (rows / median(ms)) * 1000;
  const [steno, raw, file] = [rate(times.steno), rate(times.raw), rate(times.file)];
  const peer = pouch ? (pouchDocs / median(times.pouch)) * 1000 : quotedPulledPerSecond;
  const pouchName = pouch
    ? `PouchDB 9 pulling ${thousands(pouchDocs)} documents of that sort`
    : 'PouchDB 9 pulling (not installed: measured elsewhere)';
  return [
    figure('P1', `first sync of ${thousands(rows)} rows, published`, steno, 'rows/s'),
    figure('P1', 'raw: COPY of the same rows and columns, not kept', raw, 'rows/s'),
    figure('P1', 'raw: the same rows into an encrypted file', file, 'rows/s'),
    figure('P1', 'first sync / raw', steno / raw, 'x', '>= 0.5', steno / raw >= 0.5),
    figure('P1', 'first sync / the encrypted file alone', steno / file, 'x'),
    figure('P1', 'first sync at most, were it the COPY and then the file / raw', file / (raw + file), 'x'),
    figure('P1', pouchName, peer, 'docs/s'),
    figure('P1', 'first sync / PouchDB', steno / peer, 'x'),
  ];
}

/** A fact as PouchDB would have it. */
const aDoc = (n: number): object => ({
  matterId: `0190a000-0000-7000-8000-${String(Math.floor(n / 40)).padStart(12, '0')}`,
  documentId: `0190a000-0000-7000-8001-${String(Math.floor(n / 10)).padStart(12, '0')}`,
  ...{ kind: 'date_of_loss', value: 'February 15, 2024', normal: '2024-02-15', quote: 'February 15, 2024', method: 'rule:date-of-loss' },
  ...{ confidence: 90, page: 1 + (n % 40), startOffset: n, endOffset: n + 17, state: 'proposed', createdAt: '2025-01-01T00:00:00Z' },
});

/** In a process that does nothing else, as the window's first minute is. */
async function firstFifty(bench: FeedBench, firm: FirmOfRows): Promise<Measured> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { fiftyMs } = await inProcess(await newLaptop(bench, firm, true));
    if (round > 0) times.push(fiftyMs);
  }
  const ms = median(times);
  return figure('P2', `first 50 matters of a firm of ${thousands(firm.rows)} rows`, ms, 'ms', '<= 150', ms <= 150);
}

async function memory(bench: FeedBench, firm: FirmOfRows): Promise<Measured[]> {
  const came: Awaited<ReturnType<typeof inProcess>>[] = [];
  for (let round = 0; round < memoryRounds; round += 1) {
    const one = await inProcess(await newLaptop(bench, firm, false));
    if (one.rows < firm.rows) throw new Error(`${String(one.rows)} rows came`);
    came.push(one);
  }
  const rows = thousands(came[0]?.rows ?? 0);
  const peakMb = median(came.map((one) => one.peakMb));
  const rate = median(came.map((one) => (one.rows / one.wholeMs) * 1000));
  return [
    figure('P1', `memory at most, first sync of ${rows} rows`, peakMb, 'MB', '<= 200', peakMb <= 200),
    figure('P1', 'of that before it began: Node and the bundle', median(came.map(({ idleMb }) => idleMb)), 'MB'),
    figure('P1', `rate of that first sync`, rate, 'rows/s'),
  ];
}

async function inProcess(laptop: FirstSyncOrder): Promise<FirstSync & { idleMb: number; peakMb: number }> {
  const child = fork(join(built, 'core.js'), { env: { ...process.env, STENO_BENCH_FIRST_SYNC: JSON.stringify(laptop) } });
  let told: unknown = null;
  child.on('message', (message) => (told = message));
  const [code] = (await once(child, 'exit')) as [number | null];
  removeStore(laptop);
  if (code !== 0 || told === null) throw new Error(`the first sync ended with ${String(code)}`);
  return told as FirstSync & { idleMb: number; peakMb: number };
}

const thousands = (n: number): string => n.toLocaleString('en-US');

const figure = (goal: string, what: string, value: number, unit: string, limit = '', met: boolean | null = null): Measured => ({
  goal,
  what,
  value,
  unit,
  limit,
  met,
});
