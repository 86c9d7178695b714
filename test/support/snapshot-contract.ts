import { expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { takeRow } from '../../src/main/sync/parked.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import { OutOfView } from '../../src/main/sync/snapshot/source.ts';
import { allRows, copyInto } from './copying.ts';
import { pushMatters } from './firm-with-matters.ts';
import { makeLaptop } from './laptop.ts';
import { aMatter, patching } from './mutations.ts';

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

/** SnapshotSource.latest in the order in which it came, and as rows on a laptop. */
async function latestOf(
  remote: Remote,
  most: number,
  also: string[],
): Promise<{ order: FeedPage['changes']; rows: ReturnType<typeof allRows> }> {
  const order: FeedPage['changes'] = [];
  const source = remote.snapshot();
  let listed = -1;
  await source.latest(
    most,
    also,
    (change) => void order.push(change),
    () => (listed = order.length),
  );
  expect(order.map(({ entity }) => entity === 'matter')).toEqual(order.map((_, n) => n < listed));
  await source.close();
  const laptop = makeLaptop();
  for (const { entity, entityId, row } of order) takeRow(laptop.store, entity, entityId, row);
  const rows = allRows(laptop.store);
  laptop.store.close();
  return { order, rows };
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
    expect((await source.count([entity, ...plan.entities], { view: plan.view, atLeast: plan.head }))[0]).toBe(all.length);
    await expect(source.count([entity], { view: 'another', atLeast: 0 })).rejects.toBeInstanceOf(OutOfView);
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

  test('[S10] the matters last worked on come as the feed has them, their list first and whole, then all that is of them but their pages, a letter after its text; others where they are asked for', async () => {
    const remote = await world.connect('one', 'Attorney');
    const filled = await pushMatters(remote, 4);
    const [oldest, edited] = filled;
    if (!oldest || !edited) throw new Error('none were made');
    await remote.push([patching('letter', edited.letterId, 1, { title: 'Worked on' })]);
    for (const role of ['Attorney', 'Viewer', 'Guest'] as const) {
      const asked = await world.connect('one', role);
      const fed = await byTheFeed(asked);
      const isThere = (entity: string, id: string): boolean => fed[entity]?.[id] !== undefined;
      for (const also of [[], [oldest.matterId, freshId()]]) {
        const came = await latestOf(asked, 3, also);
        const wanted = filled.filter(({ matterId }) => matterId !== oldest.matterId || also.length > 0).map(({ matterId }) => matterId);
        const due = wanted.filter((id) => isThere('matter', id));
        expect(
          came.order
            .filter(({ entity }) => entity === 'matter')
            .map(({ entityId }) => entityId)
            .sort(),
          role,
        ).toEqual(due.sort());
        if (due.length > 0 && also.length === 0)
          expect(came.order.find(({ entity }) => entity === 'matter')?.entityId).toBe(edited.matterId);
        for (const [entity, rows] of Object.entries(came.rows))
          for (const [id, row] of Object.entries(rows)) expect(row, `${role} ${entity}`).toEqual(fed[entity]?.[id]);
        for (const entity of ['document', 'fact', 'bill_line', 'stated_total', 'letter', 'page'])
          expect(Object.keys(came.rows[entity] ?? {}), `${role} ${entity}`).toHaveLength(
            entity === 'page'
              ? 0
              : Object.values(fed[entity] ?? {}).filter((row) => due.includes((row as { matter_id: string }).matter_id)).length,
          );
        const shown = new Set<string>();
        for (const { entity, entityId, row } of came.order) {
          if (entity === 'letter') shown.add(entityId);
          else expect(shown.has(String(row?.['letter_id'])), 'what is of a letter comes before it').toBe(false);
        }
      }
    }
    const foreign = await latestOf(await world.connect('two', 'Admin'), 50, [oldest.matterId]);
    expect(JSON.stringify(foreign.rows)).not.toContain(oldest.matterId);
  });

  test('another firm’s snapshot has nothing of it', async () => {
    const [matter] = await pushMatters(await world.connect('one', 'Attorney'), 1);
    const rows = await bySnapshot(await world.connect('two', 'Admin'));
    expect(JSON.stringify(rows)).not.toContain(matter?.matterId);
  });
}
