import { expect, test, vi } from 'vitest';
import { createReplicaReads, type ReplicaAnswer } from '../../../src/main/sync/replica.ts';

const pageTo = (position: number): ReplicaAnswer => ({
  page: { position, head: position, more: false, floor: 0, view: '', changes: [] },
  isFollowing: true,
});
const asking = (answer: () => Promise<ReplicaAnswer>) =>
  vi.fn<(after: number, most: number, atLeast: number) => Promise<ReplicaAnswer>>(answer);

test('it is asked for what the laptop knows of, its cursor or what the primary said, whichever is further', async () => {
  const ask = asking(() => Promise.resolve(pageTo(9)));
  const replica = createReplicaReads(ask);
  expect(await replica.pull(5, 10)).toBeNull();
  expect(ask).not.toHaveBeenCalled();
  replica.knows(3);
  expect(await replica.pull(5, 10)).toMatchObject({ position: 9, more: true });
  replica.knows(8);
  await replica.pull(5, 10);
  expect(ask.mock.calls).toEqual([
    [5, 10, 5],
    [5, 10, 8],
  ]);
});

test('a page without anything new, and none at all, leave the answer to the primary', async () => {
  const answers = [pageTo(5), { page: null, isFollowing: true }, pageTo(6)];
  const replica = createReplicaReads(asking(() => Promise.resolve(answers.shift() ?? pageTo(0))));
  replica.knows(5);
  expect([await replica.pull(5, 10), await replica.pull(5, 10), (await replica.pull(5, 10))?.position]).toEqual([null, null, 6]);
});

test('a page that was asked for before a push went out is not used', async () => {
  const replica = createReplicaReads(
    asking(() => {
      replica.knows(null);
      return Promise.resolve(pageTo(9));
    }),
  );
  replica.knows(5);
  expect(await replica.pull(5, 10)).toBeNull();
});

test('after a failure it is passed by, longer each time and never for good; an answer ends that', async () => {
  let isUp = false;
  const ask = asking(() => (isUp ? Promise.resolve(pageTo(9)) : Promise.reject(new Error('down'))));
  const replica = createReplicaReads(ask);
  replica.knows(1);
  const askedAt: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const before = ask.mock.calls.length;
    expect(await replica.pull(1, 10)).toBeNull();
    if (ask.mock.calls.length > before) askedAt.push(n);
  }
  expect(askedAt).toEqual([0, 3, 8, 17, 34, 67, 100, 133, 166, 199]);
  isUp = true;
  for (let n = 0; n < 32; n += 1) expect(await replica.pull(1, 10)).toBeNull();
  for (let n = 0; n < 3; n += 1) expect((await replica.pull(1, 10))?.position).toBe(9);
});

test('one that was promoted counts as failed', async () => {
  const ask = asking(() => Promise.resolve({ ...pageTo(9), isFollowing: false }));
  const replica = createReplicaReads(ask);
  replica.knows(1);
  expect([await replica.pull(1, 10), await replica.pull(1, 10)]).toEqual([null, null]);
  expect(ask).toHaveBeenCalledTimes(1);
});
