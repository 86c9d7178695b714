import { expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import type { Role } from '../../../src/shared/session.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { createLetterReader } from '../../../src/main/letters/read-letter.ts';
import { createVersions } from '../../../src/main/letters/versions.ts';
import { blocksFromLetterBody, letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf } from '../../support/laptop.ts';

const server = createFakeServer();
const firm = server.addFirm();

async function sitDown(role: Role, firstName: string) {
  const laptop = makeLaptop();
  const remote = server.signIn(firm, role, laptop.deviceId);
  const { userId } = await remote.whoami();
  const noAmounts = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };
  const facts = {
    chronology: () => ({ lossDay: null, entries: [], gaps: [], undated: 0 }),
    list: () => [],
    ledger: () => ({ lines: [], providers: [], totals: noAmounts, statedTotals: [] }),
  };
  const { store, write } = laptop;
  const reader = createLetterReader({ store, facts, account: { firmName: 'Marsh LLP' } });
  const account = { userId, firstName, lastName: 'Pardo', role } as const;
  const jobs = { enqueue: () => undefined, wake: () => undefined };
  const versions = createVersions({ store, write, account, clock: { now: () => Date.UTC(2026, 0, 2) }, jobs, reader });
  return {
    ...{ laptop, versions },
    listed: (letterId: string) => must(versions.list(letterId)).versions.map(({ number, name, why }) => [number, name ?? why]),
    text: (letterId: string) => JSON.stringify(blocksFromLetterBody(reader.body(letterId))),
    type(letterId: string, text: string) {
      const payload = Buffer.from(insertParagraph(reader.body(letterId), 'Dear', text));
      must(write((change) => ok({ done: change.insert('letter_update', { updateId: freshId(), letterId, payload }) })));
    },
    keep(letterId: string, why: string) {
      const row = reader.find(letterId);
      if (!row) throw new Error('no letter');
      must(
        write((change) => {
          versions.keep(change, letterId, reader.living(row), why);
          return ok({});
        }),
      );
    },
    async sync() {
      while ((await pushWaiting(store, remote)).did === 'pushed');
      while ((await pullOnce(store, remote, () => 0)).more);
    },
  };
}

async function firmOfTwo() {
  const [elena, john] = [await sitDown('Attorney', 'Elena'), await sitDown('Paralegal', 'John')];
  const [matterId, letterId] = [freshId(), freshId()];
  must(
    elena.laptop.write((change) => {
      change.insert('matter', { matterId, title: 'Rivera', status: 'Open' });
      change.insert('letter', { letterId, matterId, title: 'Demand', letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      const body = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'Dear Counsel' }] }]);
      return ok({ done: change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(body) }) });
    }),
  );
  for (const desk of [elena, john]) await desk.sync();
  return { elena, john, letterId };
}

test('versions that two people kept while apart all arrive, in one order on both laptops', async () => {
  const { elena, john, letterId } = await firmOfTwo();
  elena.type(letterId, 'Of Elena.');
  must(elena.versions.save(letterId, 'Elena’s', ''));
  john.type(letterId, 'Of John.');
  must(john.versions.save(letterId, 'John’s', ''));
  must(john.versions.save(letterId, 'John’s second', ''));
  expect(john.listed(letterId)).toEqual([
    [null, 'John’s second'],
    [null, 'John’s'],
  ]);
  for (const desk of [john, elena, john]) await desk.sync();
  for (const desk of [elena, john]) {
    expect(desk.listed(letterId)).toEqual([
      [3, 'Elena’s'],
      [2, 'John’s second'],
      [1, 'John’s'],
    ]);
    expect(outboxOf(desk.laptop.store)).toEqual([]);
    expect(desk.text(letterId)).toContain('Of Elena.');
  }
});

test('the same text kept by itself on two laptops is one version', async () => {
  const { elena, john, letterId } = await firmOfTwo();
  elena.keep(letterId, 'As it stood before Elena');
  john.keep(letterId, 'As it stood before John');
  for (const desk of [john, elena, john]) await desk.sync();
  for (const desk of [elena, john]) expect(desk.listed(letterId)).toEqual([[1, 'As it stood before John']]);
});

test('a restore on one laptop and what a colleague typed meanwhile on another come together', async () => {
  const { elena, john, letterId } = await firmOfTwo();
  const { versionId } = must(elena.versions.save(letterId, 'First', ''));
  elena.type(letterId, 'Goes again.');
  for (const desk of [elena, john]) await desk.sync();
  john.type(letterId, 'Typed meanwhile.');
  must(elena.versions.restore(letterId, versionId));
  for (const desk of [elena, john, elena]) await desk.sync();
  expect(elena.text(letterId)).toBe(john.text(letterId));
  expect(elena.text(letterId)).toContain('Typed meanwhile.');
  expect(elena.text(letterId)).not.toContain('Goes again.');
});
