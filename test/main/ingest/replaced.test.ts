import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DocumentRow } from '../../../src/shared/documents.ts';
import { ok } from '../../../src/shared/result.ts';
import { WorkerKilled } from '../../../src/main/host/host.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeEml } from '../../support/make-mail.ts';

/*
 * What happens to a file, or to what a person says of it, while it is being read: whoever comes last in the store must have seen it.
 */
let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
});
afterEach(() => t.stop());

const put = (name: string, bytes: string | Uint8Array): Promise<void> => writeFile(join(t.folder, name), bytes);
const rows = (): DocumentRow[] => t.seat.documents.list(matterId);
const billed = (): number => t.seat.facts.ledger(matterId).totals.billedCents;
const idle = async (): Promise<void> => {
  await t.seat.ingest.settled(matterId);
  await t.seat.jobs.idle();
};
const billOf = (note: string, day = '01/02/2024'): string =>
  `Mercy Hospital\nStatement of charges\n\nDate\tCPT\tDescription\tBilled\n${day}\t99213\tOffice visit\t$10.00\n${day}\t97110\tTherapy\t$20.00\n${note}\n`;

/** One answer of a worker's task, the first or the nth, is kept back until it is let go; `instead` makes another answer of it then. */
function keepBack(
  kept: string,
  { nth = 1, instead }: { nth?: number; instead?: () => never } = {},
): { begun: Promise<unknown>; letGo: () => void } {
  const [begun, gone] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let left = nth;
  const run = t.workers.run.bind(t.workers);
  t.workers.run = async (module, task, input, budget) => {
    const isKept = task === kept && (left -= 1) === 0;
    const answer = await run(module, task, input, budget);
    if (isKept) {
      begun.resolve(undefined);
      await gone.promise;
      instead?.();
    }
    return answer as never;
  };
  return { begun: begun.promise, letGo: () => gone.resolve(undefined) };
}
/** Each picture is taken for a bill. */
function recognizeBills(): void {
  const recognised = { text: billOf(''), words: [], confidence: 95, rotation: 0 };
  t.workers.run = (module, task, input, budget) =>
    task === 'ocrPage' ? Promise.resolve(ok(recognised) as never) : t.runWorker(module, task, input, budget);
}
const scan = (g: number): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: { r: 255, g, b: 255 } } })
    .png()
    .toBuffer();
const replaced = (): Promise<void> => t.until('the newer version', () => rows().some(({ missing }) => missing));

test('a kind that a person corrects while facts are looked for stands: what was found in a bill is none of a letter', async () => {
  const { begun, letGo } = keepBack('extract');
  await put('bill.txt', billOf('1'));
  t.seat.watch(matterId, t.folder);
  await begun;
  expect(t.seat.kinds.set(rows()[0]?.documentId ?? '', 'Correspondence').ok).toBe(true);
  t.seat.jobs.wake();
  letGo();
  await idle();
  expect([rows()[0]?.kind, billed()]).toEqual(['Correspondence', 0]);
});

test('nor of a scan, whose facts text recognition looks for beside all that reads files', async () => {
  recognizeBills();
  const { begun, letGo } = keepBack('extract', { nth: 2 }); // the first is of a page without words
  await put('bill scan.png', await scan(250));
  t.seat.watch(matterId, t.folder);
  await begun;
  expect(t.seat.kinds.set(rows()[0]?.documentId ?? '', 'Correspondence').ok).toBe(true);
  t.seat.jobs.wake();
  await t.until('the other search', () => t.seat.jobs.countReady('extract-document', '') === 0);
  letGo();
  await idle();
  expect([rows()[0]?.kind, billed()]).toEqual(['Correspondence', 0]);
});

test('a mail that is replaced while it is read, or read again after, brings nothing back that its newer version left out', async () => {
  const mail = (days: string[]): Uint8Array =>
    makeEml('Bills', `With ${String(days.length)}.`, days.map((day, n) => ({ name: `bill ${String(n)}.txt`, type: 'text/plain', bytes: billOf('', day) }))); // prettier-ignore
  const { begun, letGo } = keepBack('read');
  await put('bills.eml', mail(['01/02/2024', '02/03/2024']));
  t.seat.watch(matterId, t.folder);
  await begun;
  await put('bills.eml', mail(['01/02/2024']));
  await replaced();
  letGo();
  await idle();
  expect(billed()).toBe(3000);
  const old = rows().find(({ missing }) => missing);
  expect(t.seat.ingest.retry(old?.documentId ?? '').ok).toBe(true);
  await idle();
  expect(billed()).toBe(3000);
});

test('that a bill was replaced is not forgotten where its reading ends in a failure and is tried again', async () => {
  const { begun, letGo } = keepBack('read', {
    instead() {
      throw new WorkerKilled('timeout');
    },
  });
  await put('bill.txt', billOf('1'));
  t.seat.watch(matterId, t.folder);
  await begun;
  await put('bill.txt', billOf('2'));
  await replaced();
  letGo();
  await idle();
  const old = rows().find(({ missing }) => missing);
  expect(old).toMatchObject({ state: 'failed', reason: expect.stringMatching(/replaced by a newer version.*took too long/s) as string });
  expect(t.seat.ingest.retry(old?.documentId ?? '').ok).toBe(true);
  await idle();
  expect(billed()).toBe(3000);
});

test('nor where a scan is replaced while its kind is found out', async () => {
  recognizeBills();
  const { begun, letGo } = keepBack('classify');
  await put('bill scan.png', await scan(250));
  t.seat.watch(matterId, t.folder);
  await begun;
  await put('bill scan.png', await scan(200));
  await replaced();
  letGo();
  await t.until('both to be read', () => rows().length === 2 && rows().every(({ state }) => state === 'read'));
  await idle();
  expect(billed()).toBe(3000);
});

test('what a person approved again of a replaced bill stays approved where another laptop sees the newer version after her', async () => {
  await put('bill.txt', billOf('1'));
  t.seat.watch(matterId, t.folder);
  await idle();
  const first = rows()[0]?.documentId ?? '';
  await put('bill.txt', billOf('2'));
  await replaced();
  await idle();
  const of = () => t.seat.facts.ledger(matterId).lines.filter(({ source }) => source.documentId === first);
  expect(of().map(({ state }) => state)).toEqual(['rejected', 'rejected']);
  expect(t.seat.facts.decideBillLines([of()[0]?.billLineId ?? ''], 'approved').ok).toBe(true);
  // as the other laptop has it: its folder held the first version when it looked last
  const { raw } = t.seat.store;
  raw.prepare(`update folder_file set document_id = ?, state = 'seen', size_bytes = 1 where relative_path = 'bill.txt'`).run(first);
  await t.seat.ingest.rescan(matterId);
  await t.until(
    'it to look',
    () => raw.prepare(`select 1 from folder_file where state = 'done' and document_id <> ?`).get(first) !== undefined,
  );
  await idle();
  expect(of().map(({ state }) => state)).toEqual(['approved', 'rejected']);
});
