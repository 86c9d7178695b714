import { expect, test } from 'vitest';
import { createInbox } from '../../../src/main/sync/inbox.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import { ok } from '../../../src/shared/result.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, rowsOf } from '../../support/laptop.ts';
import { aMatter, patching } from '../../support/mutations.ts';

/** A clash over a matter's title: the firm has "Hers", this laptop wrote "Mine". */
async function clash() {
  const server = createFakeServer();
  const firm = server.addFirm();
  const laptop = makeLaptop();
  const remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  const colleague = server.signIn(firm, 'Attorney');
  const sync = async (): Promise<void> => {
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
  };
  const made = aMatter('First');
  await colleague.push([made]);
  await sync();
  await colleague.push([patching('matter', made.entityId, 1, { title: 'Hers' })]);
  must(laptop.write((change) => ok({ done: change.patch('matter', made.entityId, { title: 'Mine' }) })));
  await sync();
  const inbox = createInbox({ store: laptop.store, write: laptop.write, userId: 'nobody', onDecided: () => undefined });
  const title = (): unknown => rowsOf(laptop.store, 'matter').get(made.entityId)?.['title'];
  return { inbox, sync, title, laptop, colleague, made };
}

test.each([
  ['mine', 'Mine'],
  ['theirs', 'Hers'],
] as const)('both values wait in the inbox; keeping %s leaves %s, here and at the firm', async (keep, kept) => {
  const { inbox, sync, title } = await clash();
  expect(title()).toBe('Hers');
  const [open] = inbox.conflicts();
  expect([open?.mine, open?.theirs]).toEqual(['title: Mine', 'title: Hers']);
  expect(inbox.resolve(open?.conflictId ?? '', keep).ok).toBe(true);
  await sync();
  expect(title()).toBe(kept);
  expect(inbox.conflicts()).toEqual([]);
});

test('"theirs" brings their value back where mine has taken its place meanwhile', async () => {
  const { inbox, sync, title, laptop, made } = await clash();
  must(laptop.write((change) => ok({ done: change.patch('matter', made.entityId, { title: 'Mine' }) })));
  await sync();
  expect(title()).toBe('Mine');
  expect(inbox.resolve(inbox.conflicts()[0]?.conflictId ?? '', 'theirs').ok).toBe(true);
  await sync();
  expect(title()).toBe('Hers');
});

test('a value that came later than both stays, whichever of the two is chosen', async () => {
  const { inbox, sync, title, laptop, made } = await clash();
  must(laptop.write((change) => ok({ done: change.patch('matter', made.entityId, { title: 'Third' }) })));
  await sync();
  expect(inbox.resolve(inbox.conflicts()[0]?.conflictId ?? '', 'mine').ok).toBe(true);
  await sync();
  expect(title()).toBe('Third');
});

test('whose of the two values is mine is known: for who made neither, none is', async () => {
  const { inbox, laptop } = await clash();
  expect(inbox.conflicts()).toMatchObject([{ isMine: false }]);
  const userId = laptop.store.raw.prepare('select proposed_by from conflict').pluck().get() as string;
  const own = createInbox({ store: laptop.store, write: laptop.write, userId, onDecided: () => undefined });
  expect(own.conflicts()).toMatchObject([{ isMine: true, mine: 'title: Mine' }]);
});
