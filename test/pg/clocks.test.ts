import { expect, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { anchorOnce } from '../../src/main/sync/anchor.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';
import { createWrite, type Write } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushOnce } from '../../src/main/sync/push.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const year = 365.25 * 86_400_000;

interface Colleague {
  laptop: TestLaptop;
  write: Write;
  sync(): Promise<void>;
  now(): number;
}

async function sitDown(firm: 'one' | 'two', skewMs: number, role: 'Attorney' | 'Paralegal'): Promise<Colleague> {
  const laptop = makeLaptop();
  const now = (): number => Date.now() + skewMs;
  const { store } = laptop;
  const userId = world.firms[firm].userIds[role];
  const remote = await world.connect(firm, role, laptop.deviceId);
  const sync = async (): Promise<void> => {
    await anchorOnce(store, remote);
    while ((await pushOnce(store, remote)).did === 'pushed');
    while ((await pullOnce(store, remote, now)).more);
    expect(store.raw.prepare('select entity, reason from outbox').all()).toEqual([]);
  };
  return { laptop, sync, now, write: createWrite({ store, userId, now, newId: freshId, onCommitted: () => undefined }) };
}

/** What three colleagues do with laptops whose clocks are off by so much: what it comes to, without ids and times. */
async function workWith(firm: 'one' | 'two', skews: [number, number, number]): Promise<{ states: unknown[]; yearsOff: number }> {
  const [ana, ben, eva] = [
    await sitDown(firm, skews[0], 'Attorney'),
    await sitDown(firm, skews[1], 'Paralegal'),
    await sitDown(firm, skews[2], 'Paralegal'),
  ];
  const [matterId, letterId, documentId, factId] = [freshId(), freshId(), freshId(), freshId()];
  const body = (text: string) => Buffer.from(letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text }] }]));
  must(
    ana.write(({ insert }) => {
      insert('matter', { matterId, title: 'Rivera', status: 'Open' });
      insert('document', {
        ...{
          documentId,
          matterId,
          fileName: 'a.pdf',
          relativePath: 'a.pdf',
          fileType: 'application/pdf',
          fileSize: 1,
          contentHash: 'a'.repeat(64),
        },
        ...{ documentType: 'Bill', processingStatus: 'read', isMissing: false, uploadedAt: ana.now(), processedAt: ana.now() },
      });
      insert('fact', {
        ...{
          factId,
          matterId,
          documentId,
          kind: 'date_of_loss',
          value: 'x',
          normal: 'x',
          confidence: 1,
          page: 1,
          startOffset: 0,
          endOffset: 1,
        },
        ...{ quote: 'x', method: 'rule', state: 'proposed' },
      });
      insert('letter', { letterId, matterId, title: 'Demand', letterDate: '2026-01-02', status: 'Draft', metadata: {} });
      insert('letter_update', { updateId: freshId(), letterId, payload: body('By Ana.') });
      return ok({});
    }),
  );
  for (const who of [ana, ben, eva]) await who.sync();
  // the same title by two, and a fact decided by two, while apart: the second to arrive is the one set aside, whatever their clocks say
  for (const [who, title] of [
    [ben, 'Rivera, by Ben'],
    [eva, 'Rivera, by Eva'],
  ] as const)
    must(
      who.write(({ insert, patch }) => {
        patch('matter', matterId, { title });
        patch('fact', factId, { value: title, normal: title, state: 'corrected', decidedAt: who.now(), decidedBy: null });
        insert('letter_update', { updateId: freshId(), letterId, payload: body(title) });
        return ok({});
      }),
    );
  for (const who of [ben, eva, ana, ben, eva]) await who.sync();
  const states = [ana, ben, eva].map(({ laptop: { store } }) => ({
    titles: [...rowsOf(store, 'matter').values()].map((row) => [row['title'], row['revision']]),
    facts: [...rowsOf(store, 'fact').values()].map((row) => [row['value'], row['state'], row['revision']]),
    updates: [...rowsOf(store, 'letter_update').values()].map((row) => row['payload']).length,
    conflicts: [...rowsOf(store, 'conflict').values()]
      .map((row) => [row['merge_group'], row['proposed']])
      .map((pair) => JSON.stringify(pair).replace(/"decided_at":"[^"]*"/, ''))
      .sort(),
  }));
  const decidedAt = Date.parse(String(rowsOf(ana.laptop.store, 'fact').get(factId)?.['decided_at']));
  for (const { laptop } of [ana, ben, eva]) laptop.store.close();
  return { states, yearsOff: Math.floor((decidedAt - Date.now()) / year + 0.5) };
}

test('[S11] R5: clocks wrong by ten years come to the same state as right ones, and nothing is refused', async () => {
  const right = await workWith('one', [0, 0, 0]);
  const wrong = await workWith('two', [10 * year, -10 * year, 10 * year]);
  expect(wrong.states).toEqual(right.states);
  expect(new Set(right.states.map((state) => JSON.stringify(state))).size).toBe(1);
  expect(right.states[0]).toMatchObject({
    titles: [['Rivera, by Ben', 2]],
    conflicts: [expect.stringContaining('by Eva'), expect.stringContaining('by Eva')],
  });
  // control: the clocks were wrong, and what they show went to the firm as it was
  expect([right.yearsOff, wrong.yearsOff]).toEqual([0, -10]);
});
