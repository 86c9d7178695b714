import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestSeat } from '../support/local-seat.ts';

/** What the bench asks this process to do: read these files as the app does, or files that are dropped one after the other. */
export type IngestOrder = { ingest: string[] } | { drop: string };

const drops = 20;

process.on('message', (order: IngestOrder) => {
  void carryOut(order).then((times) => process.send?.(times));
});

/** Milliseconds: of the whole, or of each file that was dropped. */
async function carryOut(order: IngestOrder): Promise<number[]> {
  if ('drop' in order) return dropped(order.drop);
  const started = performance.now();
  await throughSteno(order.ingest);
  return [performance.now() - started];
}

async function throughSteno(paths: string[]): Promise<void> {
  const desk = await startTestSeat();
  try {
    for (const [n, path] of paths.entries()) copyFileSync(path, join(desk.folder, `${String(n)}.pdf`));
    const matterId = await watch(desk);
    await desk.seat.ingest.settled(matterId);
    await desk.seat.find.settled();
    const found = desk.seat.documents.list(matterId).filter(({ state }) => state === 'read').length;
    if (found !== paths.length) throw new Error(`${String(found)} of ${String(paths.length)} files were read`);
  } finally {
    await desk.stop();
  }
}

type Desk = Awaited<ReturnType<typeof startTestSeat>>;

async function watch({ seat, folder }: Desk): Promise<string> {
  const made = await seat.matters.create({ folder });
  if (!made.ok) throw new Error(made.error.code);
  seat.watch(made.value.matterId, folder);
  return made.value.matterId;
}

/** Milliseconds from when a file was quiet until a word of it alone is found, less how long it has to be quiet. */
async function dropped(path: string): Promise<number[]> {
  const settleMs = 20;
  const desk = await startTestSeat();
  const waits: number[] = [];
  const bytes = readFileSync(path);
  try {
    await desk.seat.ingest.settled(await watch(desk));
    for (let n = -1; n < drops; n += 1) {
      const name = `dropped${String(n + 1).padStart(3, '0')}x`;
      mkdirSync(join(desk.folder, name));
      const started = performance.now();
      writeFileSync(join(desk.folder, name, 'dropped.pdf'), Buffer.concat([bytes, Buffer.from(`\n% ${name}\n`)]));
      await desk.until('the dropped file', () => isFound(desk, name));
      if (n >= 0) waits.push(performance.now() - started - settleMs);
    }
  } finally {
    await desk.stop();
  }
  return waits;
}

/** Words of its pages, not its name. */
function isFound({ seat }: Desk, folder: string): boolean {
  const answer = seat.find.search({ words: 'record', filters: { folder } });
  return answer.ok && answer.value.hits.length > 0;
}
