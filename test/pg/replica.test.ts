import { afterAll, describe, expect, inject, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import { startGate } from '../support/gate.ts';
import { aMatter, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { prepareTemplate } from '../support/postgres-template.ts';
import { remoteContract } from '../support/remote-contract.ts';
import { snapshotContract } from '../support/snapshot-contract.ts';
import { startPrimary, startReplica } from '../support/replica.ts';

const started: (() => Promise<void>)[] = [];
// before the world's own, which then runs first
afterAll(async () => {
  for (const stop of started.reverse()) await stop();
});
const primary = await startPrimary(inject('postgresMajor'));
started.push(() => primary.postgres.stop());
await prepareTemplate(primary);
const replica = await startReplica(primary);
started.push(() => replica.kill());
const world = await createPgWorld(primary);
const gate = await startGate(primary.port);
started.push(() => gate.stop());

/** A laptop whose way to the primary can be shut, with the way to a replica or without one. */
async function laptop(port: number | null = replica.port, token?: string): Promise<Remote> {
  const connection = { ...world.connection, port: gate.port, replica: port === null ? null : { host: '127.0.0.1', port } };
  const remote = createPostgresRemote(connection, token ?? (await world.tokenFor('one', 'Attorney')));
  started.push(() => remote.close());
  return remote;
}
const headOf = async (remote: Remote): Promise<number> => (await remote.pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
const idsIn = (page: FeedPage): string[] => page.changes.map(({ entityId }) => entityId);
const offline = { error: { code: 'offline' } };

async function pausedWhile(work: () => Promise<void>): Promise<void> {
  await replica.caughtUp();
  await replica.query('select pg_wal_replay_pause()');
  const state = async () => (await replica.query<{ state: string }>('select pg_get_wal_replay_pause_state() as state'))[0]?.state;
  await expect.poll(state).toBe('paused');
  try {
    await work();
  } finally {
    await replica.query('select pg_wal_replay_resume()');
  }
  await replica.caughtUp();
}

describe('with a replica that follows', () => {
  remoteContract({
    async connect(firm, role: Role, deviceId) {
      await replica.caughtUp(); // the session, too
      return await laptop(replica.port, await world.tokenFor(firm, role, deviceId));
    },
  });
});

describe('read in bulk with a replica that follows', () => {
  snapshotContract({
    async connect(firm, role: Role) {
      await replica.caughtUp();
      return await laptop(replica.port, await world.tokenFor(firm, role));
    },
  });
});

test('[S10] a snapshot’s rows come from the replica that is far enough; one that lags leaves them to the primary', async () => {
  const remote = await laptop();
  await remote.push([aMatter(), aMatter(), aMatter()]);
  await replica.caughtUp();
  const source = remote.snapshot();
  const plan = await source.plan();
  const entity = plan.entities.find((one) => one.entity === 'matter');
  if (!entity) throw new Error('matters do not travel');
  const read = async (atLeast: number): Promise<number> => {
    const rows = { n: 0 };
    await source.read({ entity, after: null, most: 1000, view: plan.view, atLeast }, () => void (rows.n += 1));
    return rows.n;
  };
  gate.shut(); // so whoever answers now is not the primary
  const fromReplica = await read(plan.head);
  expect(fromReplica).toBeGreaterThanOrEqual(3);
  gate.open();
  await pausedWhile(async () => {
    const colleague = await world.connect('one', 'Paralegal');
    await colleague.push([aMatter()]);
    const { head } = await colleague.pull(0, 1);
    expect(await read(head ?? 0)).toBe(fromReplica + 1);
    gate.shut();
    await expect(read(head ?? 0)).rejects.toMatchObject(offline);
    gate.open();
  });
  await source.close();
});

test('rows come from the replica that has caught up; that there is nothing more only the primary says', async () => {
  const remote = await laptop();
  const before = await headOf(remote);
  const matter = aMatter();
  await (await world.connect('one', 'Paralegal')).push([matter]);
  await replica.caughtUp();
  gate.shut(); // so whoever answers now is not the primary
  const page = await remote.pull(before, 10);
  expect([idsIn(page), page.more]).toEqual([[matter.entityId], true]);
  await expect(remote.pull(page.position, 10)).rejects.toMatchObject(offline);
  gate.open();
  expect(await remote.pull(page.position, 10)).toMatchObject({ position: page.position, more: false, changes: [] });
});

test('control: without a replica the same laptop is offline', async () => {
  const remote = await laptop(null);
  const before = await headOf(remote);
  await (await world.connect('one', 'Paralegal')).push([aMatter()]);
  gate.shut();
  await expect(remote.pull(before, 10)).rejects.toMatchObject(offline);
  gate.open();
});

test('a laptop that has not heard from the primary yet does not ask the replica', async () => {
  const remote = await laptop();
  await replica.caughtUp();
  gate.shut();
  await expect(remote.pull(0, 10)).rejects.toMatchObject(offline);
  gate.open();
});

test('behind a replica that stands still a laptop gets its own newest change, and a colleague’s', async () => {
  const remote = await laptop();
  const [own, others] = [aMatter('Own'), aMatter('Colleague’s')];
  const before = await headOf(remote);
  await remote.push([own]);
  await pausedWhile(async () => {
    await remote.push([patching('matter', own.entityId, 1, { title: 'Own, again' })]);
    const mine = await remote.pull(before, 10);
    expect(mine.changes.map(({ row }) => row?.['title'])).toEqual(['Own, again']);
    await (await world.connect('one', 'Paralegal')).push([others]);
    expect(idsIn(await remote.pull(mine.position, 10))).toEqual([others.entityId]);
    const asked = `select title from steno.matter where matter_id = '${own.entityId}'`;
    expect(await replica.query(asked, world.database.database), 'control: the replica would have said so').toEqual([{ title: 'Own' }]);
  });
});

test('a session revoked at the primary can push no more at once, and reads no more from the replica once that has replayed it', async () => {
  const token = await world.tokenFor('one', 'Attorney');
  await replica.caughtUp();
  const [reader, writer] = [await laptop(replica.port, token), await laptop(replica.port, token)];
  const before = await headOf(reader);
  await (await world.connect('one', 'Paralegal')).push([aMatter()]);
  const ended = { error: { code: 'unauthenticated' } };
  await pausedWhile(async () => {
    await world.admin.query(`update auth.session set revoked_at = now() where token_hash = sha256(convert_to($1, 'UTF8'))`, [token]);
    await expect(writer.push([aMatter()])).rejects.toMatchObject(ended);
    const page = await reader.pull(before, 10);
    expect(page.changes).toHaveLength(1); // the lag of the replica is how long this lasts, and the same round ends at the primary
    await expect(reader.pull(page.position, 10)).rejects.toMatchObject(ended);
  });
  await expect(reader.pull(before, 10)).rejects.toMatchObject(ended);
});

test('a replica that takes connections and says nothing costs one wait, then it is passed by', async () => {
  const silent = await startGate(null);
  started.push(() => silent.stop());
  const remote = await laptop(silent.port);
  const before = await headOf(remote);
  await remote.push([aMatter()]);
  expect((await remote.pull(before, 10)).changes).toHaveLength(1);
  expect((await remote.pull(before, 10)).changes).toHaveLength(1);
  expect(silent.asked()).toBe(1);
});

test('a replica that was promoted goes its own way without the laptops, and one that is gone is not missed', async () => {
  const other = await startReplica(primary);
  await other.caughtUp();
  const remote = await laptop(other.port);
  const before = await headOf(remote);
  await other.query('select pg_promote()');
  const { firmId } = world.firms.one;
  const stray = `insert into steno.matter (firm_id, matter_id, title) values ('${firmId}', gen_random_uuid(), 'Stray')`;
  await other.query(stray, world.database.database);
  expect(await remote.pull(before, 10)).toMatchObject({ head: before, changes: [] });
  await other.kill();
  const matter = aMatter();
  await remote.push([matter]);
  for (let n = 0; n < 4; n += 1) expect(idsIn(await remote.pull(before, 10))).toEqual([matter.entityId]);
});
