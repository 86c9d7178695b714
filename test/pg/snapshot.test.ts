import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { replayParked } from '../../src/main/sync/parked.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import type { SnapshotSource } from '../../src/main/sync/snapshot/source.ts';
import { copyInto, allRows, rowCount } from '../support/copying.ts';
import { fillFirm } from '../support/full-firm.ts';
import { startGate } from '../support/gate.ts';
import { makeLaptop } from '../support/laptop.ts';
import { aMatter, patching } from '../support/mutations.ts';
import { asOlderApp } from '../support/older-app.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { bySnapshot, byTheFeed, snapshotContract } from '../support/snapshot-contract.ts';

const world = await createPgWorld();
const { admin, firms } = world;

describe('of Postgres', () => {
  snapshotContract(world);
});

test('[S10] every kind of row and every value, as the feed has it', async () => {
  const [attorney, paralegal] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
  await fillFirm(attorney, paralegal, admin);
  // what columns hold at their edges: no byte, every byte, texts that end a line or a field, years long ago, days and flags
  const matter = aMatter(`Tab\there, line\nthere, \\N and \\\\x, “quotes”, 漢字, 🙂`);
  await attorney.push([matter]);
  await admin.query(`update steno.matter set created_at = '1969-12-31 23:59:59.9995+00', case_reference = '' where matter_id = $1`, [
    matter.entityId,
  ]);
  await admin.query(
    `update steno.source_document set is_missing = true, processed_at = '2026-02-28 12:00:00.123999+05', file_size = 9007199254740991`,
  );
  await admin.query(
    `update steno.demand_letter set metadata = '{"z": 1, "a": [true, null, 1.5, "x\\u0041"], "nested": {"b": {}}}', demand_cents = 0`,
  );
  await admin.query(`update steno.document_page set extracted_text = $1`, ['x'.repeat(300_000)]);
  await admin.query('alter table steno.letter_update disable trigger letter_update_frozen');
  await admin.query('update steno.letter_update set payload = $1', [randomBytes(5_000)]);
  await admin.query('alter table steno.letter_update enable trigger letter_update_frozen');
  const [fed, copied] = [await byTheFeed(attorney), await bySnapshot(attorney)];
  expect(copied).toEqual(fed);
  const filled = Object.entries(copied).filter(([, rows]) => Object.keys(rows).length > 0);
  expect(filled.map(([entity]) => entity)).toEqual(Object.keys(copied));
});

test('[S7] an older app parks what it does not know of a copy, and puts it in place once it has learned it', async () => {
  const remote = await world.connect('one', 'Attorney');
  const [plain, closed] = [aMatter('Plain'), aMatter('Closed')];
  await remote.push([plain, closed]);
  await remote.push([
    patching('matter', plain.entityId, 1, { case_reference: 'C-1' }),
    patching('matter', closed.entityId, 1, { status: 'Closed' }),
  ]);
  const older = asOlderApp('matter', { columns: ['case_reference'], values: { status: ['Closed'] } });
  const laptop = makeLaptop();
  try {
    await copyInto(laptop.store, remote);
    const titles = laptop.store.raw
      .prepare('select title from matter where matter_id in (?, ?)')
      .pluck()
      .all(plain.entityId, closed.entityId);
    expect(titles).toEqual(['Plain']);
  } finally {
    older.update();
  }
  laptop.store.raw.prepare(`update sync_state set shapes = 'older'`).run();
  replayParked(laptop.store);
  expect(allRows(laptop.store)).toEqual(await byTheFeed(remote));
  laptop.store.close();
});

test('[S6] colleagues write all the while: the copy is theirs at the end, gap-free', async () => {
  const remote = await world.connect('one', 'Attorney');
  const writer = await world.connect('one', 'Paralegal');
  await remote.push(Array.from({ length: 60 }, () => aMatter()));
  const state = { isOver: false };
  const matters: string[] = [];
  const writing = (async () => {
    for (let n = 0; !state.isOver; n += 1) {
      const fresh = aMatter(`During ${String(n)}`);
      await writer.push([fresh, patching('matter', matters[n % 7] ?? fresh.entityId, 1_000_000, { title: `Changed ${String(n)}` })]);
      matters.push(fresh.entityId);
      if (n % 5 === 4)
        await admin.query('delete from steno.matter where firm_id = $1 and matter_id = $2', [firms.one.firmId, matters[n - 2]]);
    }
  })();
  const laptop = makeLaptop();
  await copyInto(laptop.store, remote, { rangeRows: 7 });
  state.isOver = true;
  await writing;
  while ((await pullOnce(laptop.store, remote, () => 0)).more);
  expect(allRows(laptop.store)).toEqual(await bySnapshot(remote));
  expect(matters.length).toBeGreaterThan(3);
  laptop.store.close();
});

test('[S10] the line is cut within a range: nothing is shown, and what came is not fetched again', async () => {
  const gate = await startGate(world.connection.port);
  const remote = await world.connect('one', 'Attorney', undefined, gate.port);
  await remote.push(Array.from({ length: 30 }, () => aMatter('x'.repeat(200))));
  // rows as large as this do not all lie in the socket already when the line is cut
  await admin.query(`update steno.template set template_content = jsonb_build_object('long', repeat('y', 3000000))`);
  const laptop = makeLaptop();
  const fetched: string[] = [];
  let isCut = false;
  const through = (source: SnapshotSource): SnapshotSource => ({
    ...source,
    read: (range, take) =>
      source.read(range, (values, unknown) => {
        take(values, unknown);
        fetched.push(`${range.entity.entity} ${String(values[0])}`);
        if (fetched.length !== 20) return;
        isCut = true;
        gate.shut();
      }),
  });
  const failed = await copyInto(laptop.store, remote, { through, rangeRows: 9 }).then(() => null, String);
  expect([isCut, failed, rowCount(laptop.store)]).toEqual([true, 'RemoteError: offline', 0]);
  gate.open();
  await copyInto(laptop.store, remote, { through, rangeRows: 9 });
  expect(fetched).toHaveLength(new Set(fetched).size);
  expect(allRows(laptop.store)).toEqual(await byTheFeed(await world.connect('one', 'Attorney')));
  laptop.store.close();
  await gate.stop();
});

test('a session that has ended reads nothing, with the words of every other call', async () => {
  const remote = await world.connect('one', 'Attorney');
  const source = remote.snapshot();
  const plan = await source.plan();
  await remote.signOut();
  const [entity] = plan.entities;
  if (!entity) throw new Error('nothing travels');
  const refused = { error: { code: 'unauthenticated' } };
  await expect(source.plan()).rejects.toMatchObject(refused);
  await expect(source.count([entity], { view: plan.view, atLeast: 0 })).rejects.toMatchObject(refused);
  await expect(source.read({ entity, after: null, most: 9, view: plan.view, atLeast: 0 }, () => undefined)).rejects.toMatchObject(refused);
  await source.close();
});

test('[S30] the setting that lets rows be read ends with the transaction: the next on that line sees nothing', async () => {
  const client = await world.client();
  const token = await world.tokenFor('one', 'Attorney');
  await client.query('begin isolation level repeatable read, read only');
  await client.query('select app.snapshot($1, false)', [token]);
  expect(Number((await client.query<{ n: string }>('select count(*) as n from steno.matter')).rows[0]?.n)).toBeGreaterThan(0);
  await client.query('commit');
  expect((await client.query('select from steno.matter')).rowCount).toBe(0);
});

test('ranges are read through the key, whatever the size of other firms', async () => {
  const client = await world.client();
  const token = await world.tokenFor('two', 'Attorney');
  await admin.query(
    `insert into steno.matter (firm_id, matter_id, title) select $1, gen_random_uuid(), 'x' from generate_series(1, 3000)`,
    [firms.one.firmId],
  );
  await admin.query('analyze steno.matter');
  await client.query('begin');
  await client.query('select app.snapshot($1, false)', [token]);
  const { rows } = await client.query<Record<string, string>>(
    `explain select * from steno.matter t where t.matter_id > '${freshId()}' order by t.matter_id limit 1000`,
  );
  await client.query('commit');
  const plan = rows.map((row) => Object.values(row)[0]).join('\n');
  expect(plan).toContain('matter_pkey');
  expect(plan).not.toContain('Sort');
  expect(plan).toContain('InitPlan');
});
