import { beforeEach, expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { resend, type Mutation } from '../../../src/main/sync/outbox.ts';
import { pushWaiting, SettleError } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, type TestLaptop } from '../../support/laptop.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;

beforeEach(() => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
});

/** Three changes at most go at once. */
const portion = (most: number): number => Math.floor(most / 650);

function addMatters(...titles: string[]): string[] {
  return titles.map((title) => {
    const matterId = freshId();
    must(laptop.write((change) => ok({ added: change.insert('matter', { matterId, title, status: 'Open' }) })));
    return matterId;
  });
}
function rename(matterId: string, title: string): void {
  must(laptop.write((change) => ok({ done: change.patch('matter', matterId, { title }) })));
}
const waiting = (): string[] => outboxOf(laptop.store).flatMap(({ state, mutation_id: id }) => (state === 'waiting' ? [id] : []));

interface Sent {
  batch: Mutation[];
  /** What waited here when it went. */
  waited: number;
}
/** Tells what goes, and what this laptop had settled by then. */
function watching(onSent: (nth: number) => void = () => undefined): { sent: Sent[]; remote: Pick<Remote, 'push'> } {
  const sent: Sent[] = [];
  return {
    sent,
    remote: {
      async push(batch) {
        sent.push({ batch, waited: waiting().length });
        onSent(sent.length);
        return remote.push(batch);
      },
    },
  };
}
const titles = ({ batch }: Sent): unknown[] => batch.map(({ patch }) => patch['title']);

test('[S2] of a long queue the firm judges the next changes while the last ones are settled, all in their order, each once', async () => {
  addMatters('1', '2', '3', '4', '5', '6', '7');
  const { sent, remote: watched } = watching();
  expect(await pushWaiting(laptop.store, watched, undefined, { portion })).toMatchObject({ did: 'pushed' });
  expect(sent.map(titles)).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
  expect(sent.map(({ waited }) => waited)).toEqual([7, 7, 4]); // the batch before was not settled when the next one went
  expect(waiting()).toEqual([]);
});

test('[S4] behind a refusal nothing goes that was read before it: it waits behind what was refused', async () => {
  const [first = ''] = addMatters('1', '2');
  rename(first, ''); // the firm keeps none without a title
  rename(first, 'again');
  addMatters('5');
  const { sent, remote: watched } = watching();
  expect(await pushWaiting(laptop.store, watched, undefined, { portion })).toMatchObject({ did: 'pushed', refused: 1 });
  expect(await pushWaiting(laptop.store, watched, undefined, { portion })).toMatchObject({ did: 'pushed', refused: 0 });
  expect(sent.map(titles)).toEqual([['1', '2', ''], ['5']]);
});

test('[S3] what this disk refuses to settle goes again with what went after it, and is applied once', async () => {
  addMatters('1', '2', '3', '4', '5', '6');
  let isFull = false;
  const { sent, remote: watched } = watching((nth) => (isFull = nth === 2));
  const store = {
    ...laptop.store,
    transaction: ((work) =>
      isFull ? { ok: false, error: { code: 'disk_full' } } : laptop.store.transaction(work)) as typeof laptop.store.transaction,
  };
  await expect(pushWaiting(store, watched, undefined, { portion })).rejects.toThrow(SettleError);
  expect(waiting()).toHaveLength(6);
  isFull = false;
  await pushWaiting(laptop.store, remote, undefined, { portion });
  expect(sent.map(titles)).toEqual([
    ['1', '2', '3'],
    ['4', '5', '6'],
  ]);
  expect(waiting()).toEqual([]);
  expect([...firm.verdicts.values()].map(({ verdict, revision }) => [verdict, revision])).toEqual(
    Array.from({ length: 6 }, () => ['applied', 1]),
  );
});

test('[S2] what a person sends again while a batch is away goes before the later changes of its row', async () => {
  const [first = ''] = addMatters('1');
  await pushWaiting(laptop.store, remote);
  rename(first, '');
  await pushWaiting(laptop.store, remote); // refused
  rename(first, 'later');
  const [dead] = outboxOf(laptop.store).filter(({ state }) => state === 'dead');
  addMatters('3', '4', '5');
  const { sent, remote: watched } = watching((nth) => {
    if (nth === 1) expect(resend(laptop.store, dead?.mutation_id ?? '', freshId())).toBe(true);
  });
  await pushWaiting(laptop.store, watched, undefined, { portion });
  expect(sent.map(titles)).toEqual([
    ['3', '4', '5'],
    ['', 'later'],
  ]);
});

test('a queue is left where it is once the loop is to stop', async () => {
  addMatters('1', '2', '3', '4');
  const stopping = new AbortController();
  const { sent, remote: watched } = watching(() => stopping.abort());
  await pushWaiting(laptop.store, watched, undefined, { portion, signal: stopping.signal });
  expect(sent).toHaveLength(1);
  expect(waiting()).toHaveLength(1);
});
