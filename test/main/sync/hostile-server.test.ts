import { expect, test } from 'vitest';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import type { FeedPage } from '../../../src/main/sync/remote.ts';
import { syncState } from '../../../src/main/store/schema.ts';
import { makeLaptop } from '../../support/laptop.ts';

/* A server that is broken, or not the firm's. */
const page = (more: Partial<FeedPage>): FeedPage => ({ position: 5, head: 5, more: false, floor: 0, view: 'v', changes: [], ...more });
function laptopAt(cursor: number): ReturnType<typeof makeLaptop>['store'] {
  const { store } = makeLaptop();
  store.db.update(syncState).set({ cursor, view: 'v' }).run();
  return store;
}

test.each([
  ['that says there is more and goes nowhere', page({ more: true })],
  ['that leads back', page({ position: 4 })],
])('[S5] a page %s is no page: the round ends there and is tried again later, nothing is asked for ever', async (_, broken) => {
  const store = laptopAt(5);
  await expect(pullOnce(store, { pull: () => Promise.resolve(broken) }, () => 0)).rejects.toThrow('leads nowhere');
  expect(store.db.select().from(syncState).get()?.cursor).toBe(5);
});

test('control: a page that goes on, and one that has nothing new, are taken', async () => {
  const store = laptopAt(5);
  expect(await pullOnce(store, { pull: () => Promise.resolve(page({ position: 9, head: 12, more: true })) }, () => 0)).toMatchObject({
    more: true,
  });
  expect(await pullOnce(store, { pull: () => Promise.resolve(page({ position: 9, head: 9 })) }, () => 0)).toMatchObject({ more: false });
});
