import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

// ten thousand by STENO_FOLDER_FILES: that many take two minutes
const files = Number(process.env['STENO_FOLDER_FILES'] ?? 3_000);
const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
let t: TestSeat;
afterEach(() => t.stop());

/** Numbers 0..1 that are the same for the same seed. */
function randoms(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x ^= x + Math.imul(x ^ (x >>> 7), 61 | x);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), hashOf(readFileSync(path))];
    }),
  );
}

test(
  `[R12] ${String(files)} files written slowly, renamed, moved, duplicated, deleted, across restarts: each content once (seed ${String(seed)})`,
  { timeout: 1_200_000 },
  async () => {
    t = await startTestSeat();
    const random = randoms(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const places = ['', 'Medical', 'Medical/Imaging', 'Billing', 'Correspondence/2024'];
    for (const place of places) mkdirSync(join(t.folder, place), { recursive: true });
    const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
    if (!created.ok) throw new Error(created.error.code);
    const { matterId } = created.value;
    t.seat.watch(matterId, t.folder);

    let made = 0;
    const here: string[] = [];
    const put = (): void => {
      made += 1;
      const path = join(pick(places), `record ${String(made)}.txt`);
      writeFileSync(join(t.folder, path), `record ${String(made)} of ${String(seed)}, first part. `);
      here.push(path);
    };
    const grow = (): void => appendFileSync(join(t.folder, pick(here)), `another part ${String(random())}. `);
    const move = (): void => {
      const at = Math.floor(random() * here.length);
      const to = join(pick(places), `moved ${String((made += 1))}.txt`);
      mkdirSync(dirname(join(t.folder, to)), { recursive: true });
      renameSync(join(t.folder, here[at] ?? ''), join(t.folder, to));
      here[at] = to;
    };
    const duplicate = (): void => {
      const to = join(pick(places), `copy ${String((made += 1))}.txt`);
      copyFileSync(join(t.folder, pick(here)), join(t.folder, to));
      here.push(to);
    };
    const remove = (): void => {
      const [path] = here.splice(Math.floor(random() * here.length), 1);
      rmSync(join(t.folder, path ?? ''));
    };
    const nothingElse = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < files; n += 1) {
      const dice = random();
      if (here.length < 5 || dice < 0.7) put();
      else if (dice < 0.8) grow();
      else if (dice < 0.88) move();
      else if (dice < 0.95) duplicate();
      else remove();
      if (n % 20 === 0) await nothingElse();
      if (n % Math.ceil(files / 5) === Math.ceil(files / 10)) await t.restart();
    }

    await t.seat.ingest.rescan(matterId);
    await t.seat.ingest.settled(matterId);
    const inFolder = filesIn(t.folder);
    const documents = t.seat.store.raw
      .prepare('select content_hash as hash, is_missing as isMissing, processing_status as state, relative_path as path from document')
      .all() as { hash: string; isMissing: number; state: string; path: string }[];
    const present = documents.filter(({ isMissing }) => isMissing === 0);
    expect(new Set(present.map(({ hash }) => hash))).toEqual(new Set(inFolder.values()));
    expect(present.length).toBe(new Set(inFolder.values()).size);
    expect(new Set(documents.map(({ hash }) => hash)).size).toBe(documents.length);
    for (const { path, hash } of present) expect(inFolder.get(path)).toBe(hash);
    expect(documents.filter(({ state }) => state !== 'read')).toEqual([]);
    const sent = t.seat.store.raw
      .prepare(
        `select entity, count(*) as n, count(distinct entity_id) as ids from outbox where op = 'insert' and entity in ('document', 'page') group by entity`,
      )
      .all();
    expect(sent).toEqual([
      { entity: 'document', n: documents.length, ids: documents.length },
      { entity: 'page', n: documents.length, ids: documents.length },
    ]);
  },
);
