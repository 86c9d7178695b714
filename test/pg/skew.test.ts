import { afterAll, expect, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { entityShape } from '../../src/main/sync/entities.ts';
import { parkedRows, replayParked } from '../../src/main/sync/parked.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { serverSchemaVersion, type Remote } from '../../src/main/sync/remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { aMatter, inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;

/** The database of next year: a column more, a kind of row more. */
await admin.query(`
  insert into public.steno_migration (version, name, checksum) values (9999, '9999_next_year', repeat('0', 64));
  set role steno_owner;
  alter table steno.matter add column court text;
  insert into steno.entity_field values ('matter', 'court', 'conflict', 'court');
  create table steno.deposition (firm_id uuid not null references steno.firm, deposition_id uuid, witness text, revision integer not null default 1, field_revision jsonb not null default '{}',
    created_by uuid, updated_by uuid, created_at timestamptz default now(), updated_at timestamptz default now(), deleted_at timestamptz, primary key (firm_id, deposition_id));
  call steno.protect('deposition', 'matter:record:read', 'matter:record:write');
  insert into steno.entity (entity, table_name, id_column, write_permission) values ('deposition', 'deposition', 'deposition_id', 'matter:record:write');
  insert into steno.entity_field values ('deposition', 'witness', 'conflict', 'witness');
  reset role`);

async function sync({ store }: TestLaptop, remote: Remote): Promise<void> {
  const { understands } = await remote.greet();
  while ((await pushWaiting(store, remote, understands)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
}

afterAll(() => entityShape('matter')?.columns.delete('court'));

test('[S7] an app and a database of next year work side by side with this one; what it learns after the update is there', async () => {
  const laptop = makeLaptop();
  const remote = await world.connect('one', 'Attorney', laptop.deviceId);
  const nextYear = await world.connect('one', 'Paralegal');
  const [matter, deposition] = [aMatter(), inserting('deposition', { witness: 'Ana' })];
  expect(
    (await nextYear.push([{ ...matter, patch: { ...matter.patch, court: 'Superior Court' } }, deposition])).map(({ verdict }) => verdict),
  ).toEqual(['applied', 'applied']);
  await sync(laptop, remote);
  expect(rowsOf(laptop.store, 'matter').get(matter.entityId)).toMatchObject({ title: matter.patch['title'] });
  must(laptop.write((change) => ok({ is: change.patch('matter', matter.entityId, { title: 'changed by this year’s app' }) })));
  await sync(laptop, remote);
  const { rows } = await admin.query('select title, court from steno.matter where matter_id = $1', [matter.entityId]);
  expect(rows).toEqual([{ title: 'changed by this year’s app', court: 'Superior Court' }]);

  // the update: its local migration adds the column, its schema knows it
  laptop.store.raw.exec('alter table matter add column court text');
  entityShape('matter')?.columns.set('court', { name: 'court', key: 'court', kind: 'text', isRequired: false, allowed: null });
  replayParked(laptop.store);
  expect(rowsOf(laptop.store, 'matter').get(matter.entityId)).toMatchObject({ court: 'Superior Court' });
  // the depositions, which this app still does not know, and what else it has no place for
  expect(parkedRows(laptop.store)).toBeGreaterThan(0);
});

test('[S7] the database of last year does not know a field: its changes wait, the rest goes, nothing is refused', async () => {
  await admin.query(`delete from steno.entity_field where field = 'court'; delete from public.steno_migration where version = 9999`);
  const laptop = makeLaptop();
  laptop.store.raw.exec('alter table matter add column court text');
  const token = await world.tokenFor('one', 'Attorney', laptop.deviceId);
  const appOfNextYear = (): Remote => createPostgresRemote(world.connection, token, { oldest: serverSchemaVersion, newest: 9999 });
  const remote = appOfNextYear();
  const [a, b] = [freshId(), freshId()];
  for (const matterId of [a, b])
    must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title: 'x', status: 'Open' }) })));
  await sync(laptop, remote);
  must(laptop.write((change) => ok({ is: change.patchWire('matter', a, { court: 'Superior Court' }) })));
  must(laptop.write((change) => ok({ is: change.patch('matter', b, { title: 'goes' }) })));
  await sync(laptop, remote);
  expect(outboxOf(laptop.store)).toMatchObject([{ entity_id: a, state: 'waiting' }]);
  await remote.close();
  await admin.query(`insert into steno.entity_field values ('matter', 'court', 'conflict', 'court')`); // IT migrates it
  const updated = appOfNextYear();
  await sync(laptop, updated);
  expect(outboxOf(laptop.store)).toEqual([]);
  await updated.close();
});

test('[S7] a database that is too old or no longer serves this app is refused, in words', async () => {
  const refusal = async (speaks: { oldest: number; newest: number }): Promise<unknown> => {
    const remote = createPostgresRemote(world.connection, '', speaks);
    return remote
      .whoami()
      .catch((error: unknown) => (error as { error: { reason: string } }).error.reason)
      .finally(() => remote.close());
  };
  expect(await refusal({ oldest: 9990, newest: 9999 })).toMatch(/older than this app.*steno admin migrate/s);
  expect(await refusal({ oldest: 1, newest: 12 })).toMatch(/newer than this app.*Update Steno/s);
});
