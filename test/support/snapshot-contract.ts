import { expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { OutOfView } from '../../src/main/sync/snapshot/source.ts';
import { allRows, copyInto } from './copying.ts';
import { pushMatters } from './firm-with-matters.ts';
import { makeLaptop } from './laptop.ts';
import { aMatter } from './mutations.ts';

export interface SnapshotWorld {
  connect(firm: 'one' | 'two', role: Role): Promise<Remote>;
}

/** The firm as this line sees it, read by the feed from its beginning. */
export async function byTheFeed(remote: Remote): Promise<ReturnType<typeof allRows>> {
  const laptop = makeLaptop();
  while ((await pullOnce(laptop.store, remote, () => 0)).more);
  const rows = allRows(laptop.store);
  laptop.store.close();
  return rows;
}

/** The firm as this line sees it, as a snapshot. */
export async function bySnapshot(remote: Remote): Promise<ReturnType<typeof allRows>> {
  const laptop = makeLaptop();
  await copyInto(laptop.store, remote);
  const rows = allRows(laptop.store);
  laptop.store.close();
  return rows;
}

/** What every server keeps that is read in bulk; run over the fake and over Postgres. */
export function snapshotContract(world: SnapshotWorld): void {
  test('[S10] a snapshot is what the feed would have brought, value for value, for everybody who may see it', async () => {
    await pushMatters(await world.connect('one', 'Attorney'), 4);
    for (const role of ['Attorney', 'Viewer', 'Guest'] as const) {
      const remote = await world.connect('one', role);
      expect(await bySnapshot(remote), role).toEqual(await byTheFeed(remote));
    }
    expect(Object.keys((await bySnapshot(await world.connect('one', 'Attorney')))['matter'] ?? {}).length).toBeGreaterThanOrEqual(4);
  });

  test('[S10] rows come in the order of their ids, after one, and no more than asked', async () => {
    const remote = await world.connect('one', 'Attorney');
    await pushMatters(remote, 3);
    const source = remote.snapshot();
    const plan = await source.plan();
    const entity = plan.entities.find((one) => one.entity === 'fact');
    if (!entity) throw new Error('facts do not travel');
    const read = async (after: string | null, most: number): Promise<string[]> => {
      const ids: string[] = [];
      const came = await source.read(
        { entity, after, most, view: plan.view, atLeast: plan.head },
        (values) => void ids.push(String(values[0])),
      );
      expect(came).toBe(ids.length);
      return ids;
    };
    const all = await read(null, 1000);
    expect(all).toEqual([...all].sort());
    expect(all).toHaveLength(await source.count(entity));
    expect(await read(all[1] ?? null, 3)).toEqual(all.slice(2, 5));
    expect(await read(all.at(-1) ?? null, 3)).toEqual([]);
    await source.close();
  });

  test('[S6][S30] rows are read only as far as the feed was noted, and under the view that was noted', async () => {
    const remote = await world.connect('one', 'Attorney');
    await remote.push([aMatter()]);
    const source = remote.snapshot();
    const plan = await source.plan();
    const page = await remote.pull(0, 1);
    expect(plan).toMatchObject({ view: page.view, head: page.head, floor: page.floor });
    const [entity] = plan.entities;
    if (!entity) throw new Error('nothing travels');
    const range = { entity, after: null, most: 1, view: plan.view, atLeast: plan.head };
    const rows = { n: 0 };
    const take = (): void => void (rows.n += 1);
    await expect(source.read({ ...range, view: 'another' }, take)).rejects.toBeInstanceOf(OutOfView);
    await expect(source.read({ ...range, atLeast: plan.head + 1_000_000 }, take)).rejects.toMatchObject({ error: { code: 'offline' } });
    expect(rows.n).toBe(0);
    await source.close();
  });

  test('[S30] the view is the same for the same person, another for another role', async () => {
    const [one, again] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Attorney')];
    const viewer = await world.connect('one', 'Viewer');
    const views = await Promise.all([one, again, viewer].map(async (remote) => (await remote.pull(0, 1)).view));
    expect(views[0]).not.toBe(views[2]);
    if ((await one.whoami()).userId === (await again.whoami()).userId) expect(views[0]).toBe(views[1]);
  });

  test('another firm’s snapshot has nothing of it', async () => {
    const [matter] = await pushMatters(await world.connect('one', 'Attorney'), 1);
    const rows = await bySnapshot(await world.connect('two', 'Admin'));
    expect(JSON.stringify(rows)).not.toContain(matter?.matterId);
  });
}
