import { expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { joinUpdates } from '../../../src/main/sync/join-updates.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../../support/laptop.ts';

const server = createFakeServer();
/** As many as a test can write. */
const few = { enough: 40, fresh: 10 };

interface Seat {
  laptop: TestLaptop;
  remote: Remote;
}
const payloads = ({ laptop }: Seat): Buffer[] =>
  [...rowsOf(laptop.store, 'letter_update').values()].map((row) => Buffer.from(String(row['payload']).slice(2), 'hex'));
const body = (seat: Seat): string => JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(payloads(seat))));
/** Who wrote, in the order in which they began. */
const writers = ({ laptop }: Seat): string[] =>
  laptop.store.raw
    .prepare('select created_by from letter_update group by created_by order by min(created_at), min(update_id)')
    .pluck()
    .all() as string[];

async function sync({ laptop: { store }, remote }: Seat): Promise<void> {
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
}
function write(seat: Seat, letterId: string, payload: Uint8Array): void {
  must(
    seat.laptop.write((change) =>
      ok({ is: change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(payload) }) }),
    ),
  );
}
/** A letter that two people wrote in turn, sentence by sentence. */
async function writtenTogether(sentences: number): Promise<{ letterId: string; ana: Seat; ben: Seat }> {
  const firm = server.addFirm();
  const seat = (): Seat => {
    const laptop = makeLaptop();
    return { laptop, remote: server.signIn(firm, 'Attorney', laptop.deviceId) };
  };
  const [ana, ben] = [seat(), seat()];
  const [matterId, letterId] = [freshId(), freshId()];
  must(
    ana.laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      change.insert('letter', { letterId, matterId, title: 'x', letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(letterBodyFromBlocks([])) });
      return ok({});
    }),
  );
  await sync(ana);
  await sync(ben);
  for (let n = 0; n < sentences; n += 1) {
    const author = n % 20 < 10 ? ana : ben;
    write(author, letterId, insertParagraph(mergeLetterUpdates(payloads(author)), '', `Sentence ${String(n)}.`));
    await sync(author);
    if (n % 10 === 9) await sync(author === ana ? ben : ana);
  }
  await sync(ana);
  await sync(ben);
  return { letterId, ana, ben };
}

test('[S14] many updates become few, the letter says the same on every laptop, and a later edit merges as before', async () => {
  const { letterId, ana, ben } = await writtenTogether(50);
  const before = body(ana);
  expect(payloads(ana)).toHaveLength(51);
  expect(await joinUpdates(ana.laptop.store, ana.remote, letterId, freshId(), few)).toBe(0); // she wrote nothing of it
  const [anas = '', bens = ''] = writers(ana);
  expect(await joinUpdates(ana.laptop.store, ana.remote, letterId, bens, few)).toBe(0); // another's are not hers to join
  expect(await joinUpdates(ana.laptop.store, ana.remote, letterId, anas, few)).toBe(20);
  expect(await joinUpdates(ben.laptop.store, ben.remote, letterId, bens, few)).toBe(19);
  write(ben, letterId, insertParagraph(mergeLetterUpdates(payloads(ben)), '', 'Written while it was joined.'));
  await sync(ben);
  await sync(ana);
  await sync(ben);
  expect(payloads(ana).length).toBeLessThan(20);
  expect(body(ana)).toBe(body(ben));
  for (let n = 0; n < 50; n += 1) expect(body(ana)).toContain(`Sentence ${String(n)}.`);
  expect(body(ana)).toContain('Written while it was joined.');
  expect(before).not.toContain('while it was joined');
});

test('[S14] a joined update that leaves something out is noticed by whoever has it, and it is written again', async () => {
  const { letterId, ana, ben } = await writtenTogether(12);
  const rows = [...rowsOf(ana.laptop.store, 'letter_update').values()].filter(
    (row) =>
      row['created_by'] ===
      ana.laptop.store.raw.prepare('select created_by from letter_update where revision > 0 order by created_at limit 1').pluck().get(),
  );
  const ids = rows.map((row) => String(row['update_id']));
  const onlyFirst = Buffer.from(String(rows[0]?.['payload']).slice(2), 'hex');
  const forged = async (): Promise<boolean> => ana.remote.joinLetterUpdates(letterId, ids, freshId(), onlyFirst);
  const before = body(ben);
  expect(await forged()).toBe(true);
  await sync(ben);
  expect(body(ben)).toBe(before); // its own copy never lost it
  await sync(ben);
  const newcomer: Seat = { laptop: makeLaptop(), remote: ben.remote };
  await sync(newcomer);
  expect(body(newcomer)).toBe(before);
});

test('[S14] control: without that check the text is gone from a laptop that takes the joined one', async () => {
  const { letterId, ana } = await writtenTogether(12);
  const ids = [...rowsOf(ana.laptop.store, 'letter_update').values()].slice(1, 3).map((row) => String(row['update_id']));
  const first = payloads(ana)[0];
  if (!first) throw new Error('no update');
  expect(await ana.remote.joinLetterUpdates(letterId, ids, freshId(), first)).toBe(true);
  const newcomer: Seat = { laptop: makeLaptop(), remote: ana.remote };
  await sync(newcomer); // never had them, so it cannot miss them
  expect(body(newcomer)).not.toBe(body(ana));
});
