import { expect, test } from 'vitest';
import { compactFeed } from '../../src/main/admin/retention/feed.ts';
import { runRetention } from '../../src/main/admin/retention/retention.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import { must } from '../support/laptop.ts';
import { aMatter, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firmId = firms.one.firmId;
const dayMs = 86_400_000;
const now = new Date();
const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);

const feedOf = async (): Promise<{ position: number; id: string }[]> =>
  (
    await admin.query<{ position: number; id: string }>(
      'select position::integer, entity_id as id from steno.change_feed where firm_id = $1 order by 1',
      [firmId],
    )
  ).rows;

async function pullAll(remote: Remote, after: number, most = 3): Promise<FeedPage['changes']> {
  const changes = [];
  for (let position = after, more = true; more;) {
    const page = await remote.pull(position, most);
    ({ position, more } = page);
    changes.push(...page.changes);
  }
  return changes;
}

const remove = (id: string): Promise<unknown> =>
  admin.query('delete from steno.matter where firm_id = $1 and matter_id = $2', [firmId, id]);

test('[S6] entries between a row’s first and its last go at any age, and whoever follows the feed misses nothing by it', async () => {
  const remote = await world.connect('one', 'Attorney');
  const matters = [aMatter(), aMatter(), aMatter()];
  await remote.push(matters);
  for (let n = 2; n < 12; n += 1)
    await remote.push(matters.slice(0, 2).map(({ entityId }) => patching('matter', entityId, n, { title: `Title ${String(n)}` })));
  const before = await feedOf();
  const half = before[Math.floor(before.length / 2)]?.position ?? 0;
  const dry = await compactFeed(admin, firmId, { dryRun: true, now });
  expect(dry).toMatchObject({ entries: before.length, superseded: 18, tombstones: 0, floor: 0 });
  expect(await feedOf()).toEqual(before);
  expect(await compactFeed(admin, firmId, { dryRun: false, now, batch: 7 })).toEqual(dry);
  const left = await feedOf();
  expect(left).toHaveLength(before.length - 18);
  const [patched] = matters;
  // its first stays as well: what hangs on it never comes before it
  expect(left.filter(({ id }) => id === patched?.entityId).map(({ position }) => position)).toEqual([
    before.find(({ id }) => id === patched?.entityId)?.position,
    before.findLast(({ id }) => id === patched?.entityId)?.position,
  ]);
  for (const after of [0, half]) {
    const rows = await pullAll(remote, after);
    const mine = new Map(
      rows.filter(({ entityId }) => matters.some((matter) => matter.entityId === entityId)).map((c) => [c.entityId, c.row]),
    );
    expect([...mine.values()].map((row) => row?.['title']).sort()).toEqual(
      after === 0 ? ['Rivera', 'Title 11', 'Title 11'] : ['Title 11', 'Title 11'],
    );
  }
  expect((await remote.pull(0, 1000)).floor).toBe(0);
});

test('[S6] a tombstone is kept for as long as the firm says; when it goes, the floor rises with it', async () => {
  const remote = await world.connect('one', 'Attorney');
  const [first, second, kept] = [aMatter(), aMatter(), aMatter()];
  await remote.push([first, second, kept]);
  await remove(first.entityId);
  const young = (await feedOf()).at(-1)?.position ?? 0;
  expect(await compactFeed(admin, firmId, { dryRun: false, now: inDays(89) })).toMatchObject({ tombstones: 0, floor: 0 });
  expect((await feedOf()).at(-1)?.position).toBe(young);
  expect(await compactFeed(admin, firmId, { dryRun: true, now: inDays(91) })).toMatchObject({ tombstones: 1, floor: young });
  expect((await remote.pull(0, 1)).floor).toBe(0);
  await compactFeed(admin, firmId, { dryRun: false, now: inDays(91) });
  expect((await feedOf()).some(({ position }) => position === young)).toBe(false);
  expect(await remote.pull(young, 10)).toMatchObject({ floor: young, head: young });

  await remove(second.entityId);
  await admin.query(
    `insert into steno.setting (firm_id, setting_id, setting_key, setting_value) values ($1, $2, 'retention.tombstone_days', '200')`,
    [firmId, freshId()],
  );
  expect(await compactFeed(admin, firmId, { dryRun: false, now: inDays(199) })).toMatchObject({ tombstones: 0, floor: young });
  expect(await compactFeed(admin, firmId, { dryRun: false, now: inDays(201) })).toMatchObject({ tombstones: 1, floor: young + 1 });
  // rows that are there keep their last entry for good
  expect((await pullAll(remote, 0)).find(({ entityId }) => entityId === kept.entityId)?.row).not.toBeNull();
  const foreign = await world.connect('two', 'Attorney');
  expect((await foreign.pull(0, 1)).floor).toBe(0);
});

test('[S6] a row that is somebody’s to see is no tombstone, whoever asks; one that came again under its id is none either', async () => {
  const remote = await world.connect('one', 'Attorney');
  const matter = aMatter();
  await remote.push([matter]);
  await remove(matter.entityId);
  await admin.query(`insert into steno.matter (firm_id, matter_id, title) values ($1, $2, 'Again')`, [firmId, matter.entityId]);
  const { floor } = await remote.pull(0, 1);
  await compactFeed(admin, firmId, { dryRun: false, now: inDays(1000) });
  expect((await remote.pull(0, 1)).floor).toBe(floor);
  expect((await pullAll(remote, 0)).find(({ entityId }) => entityId === matter.entityId)?.row).toMatchObject({ title: 'Again' });
});

test('[S6] a page read while entries go never hides that something is missing: the floor is read after the entries', async () => {
  const remote = await world.connect('one', 'Attorney');
  const matters = Array.from({ length: 40 }, () => aMatter());
  await remote.push(matters);
  const { head } = await remote.pull(Number.MAX_SAFE_INTEGER, 1);
  const start = (head ?? 0) - 40;
  for (const { entityId } of matters) await remove(entityId);
  const gone = new Set<string>();
  const readUntilBehind = async (): Promise<'behind' | 'whole'> => {
    for (let position = start, more = true; more;) {
      const page = await remote.pull(position, 5);
      if (page.floor > position) return 'behind';
      for (const { entityId, row } of page.changes) if (row === null) gone.add(entityId);
      ({ position, more } = page);
    }
    return 'whole';
  };
  const reading = readUntilBehind();
  await compactFeed(admin, firmId, { dryRun: false, now: inDays(1000), batch: 3 });
  if ((await reading) === 'whole') expect(matters.filter(({ entityId }) => !gone.has(entityId))).toEqual([]);
  expect((await remote.pull(start, 5)).floor).toBeGreaterThan(start);
});

test('retention does it with the rest, counts with --dry-run, and what it took is on the audit', async () => {
  const remote = await world.connect('one', 'Attorney');
  const matter = aMatter();
  await remote.push([matter]);
  await remove(matter.entityId);
  const run = async (dryRun: boolean) =>
    must(await runRetention(admin, { slug: 'one', dryRun, now: inDays(1000) })).filter(
      ({ rule }) => rule === 'feed' || rule === 'tombstones',
    );
  const dry = await run(true);
  expect(dry).toMatchObject([
    { rule: 'feed', due: 1, done: 0 },
    { rule: 'tombstones', due: 1, done: 0 },
  ]);
  expect((await run(false)).map(({ done }) => done)).toEqual([1, 1]);
  expect((await run(false)).map(({ due }) => due)).toEqual([0, 0]);
  const { rows } = await admin.query(
    `select new_values ->> 'rows' as rows from steno.audit_event where firm_id = $1 and table_name = 'retention' and row_key = 'feed' order by event_number desc limit 1`,
    [firmId],
  );
  expect(rows).toEqual([{ rows: '1' }]);
});

test('control: without a floor a laptop that was away would never hear that the row is gone', async () => {
  const remote = await world.connect('one', 'Attorney');
  const matter = aMatter();
  await remote.push([matter]);
  const { head } = await remote.pull(Number.MAX_SAFE_INTEGER, 1);
  await remove(matter.entityId);
  await compactFeed(admin, firmId, { dryRun: false, now: inDays(1000) });
  const page = await remote.pull(head ?? 0, 1000);
  expect(page.changes.some(({ entityId }) => entityId === matter.entityId)).toBe(false);
  expect(page.floor).toBeGreaterThan(head ?? 0);
});
