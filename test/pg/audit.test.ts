import { beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit, type AuditFault, type FirmAudit } from '../../src/main/admin/audit/verify-audit.ts';
import { keepPartitions } from '../../src/main/admin/partitions.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { fillFirm } from '../support/full-firm.ts';
import { must } from '../support/laptop.ts';
import { aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firm = firms.one.firmId;

beforeAll(async () => {
  await fillFirm(await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal'), admin);
});

interface Event {
  table: string;
  row: string;
  action: string;
  was: Record<string, unknown> | null;
  is: Record<string, unknown> | null;
  user: string | null;
  login: string;
  application: string;
  address: string | null;
}
async function eventsOf(row: string): Promise<Event[]> {
  const { rows } = await admin.query<Event>(
    `select table_name as table, row_key as row, action, old_values as was, new_values as is, user_id as user, login, application, host(address) as address
     from steno.audit_event where row_key = $1 order by event_number`,
    [row],
  );
  return rows;
}
const verified = async (remembered = {}): Promise<FirmAudit> => {
  const [one] = must(await verifyAudit(admin, { slug: 'one', remembered }));
  if (!one) throw new Error('no audit');
  return one;
};

describe('what is on the record', () => {
  test('a push: old and new of what changed, by whom, from where', async () => {
    const remote = await world.connect('one', 'Attorney');
    const matter = aMatter();
    await remote.push([matter]);
    await remote.push([patching('matter', matter.entityId, 1, { title: 'Another title' })]);
    const [made, changed, ...more] = await eventsOf(matter.entityId);
    expect(more).toEqual([]);
    const from = { user: firms.one.userIds.Attorney, login: 'steno_client', application: 'steno', address: '127.0.0.1' };
    expect(made).toMatchObject({ table: 'matter', action: 'insert', was: null, is: { title: matter.patch['title'] }, ...from });
    expect(changed).toMatchObject({ action: 'update', was: { title: matter.patch['title'] }, is: { title: 'Another title' }, ...from });
    expect(Object.keys(changed?.is ?? {}).sort()).toEqual(['title']);
  });

  test('a refused change leaves nothing, though its neighbours in the batch do', async () => {
    const remote = await world.connect('one', 'Paralegal');
    const good = aMatter();
    const bad = inserting('matter', { title: '' });
    expect((await remote.push([bad, good])).map(({ verdict }) => verdict)).toEqual(['rejected', 'applied']);
    expect(await eventsOf(bad.entityId)).toEqual([]);
    expect(await eventsOf(good.entityId)).toHaveLength(1);
  });

  test('an administrator’s own statement, of two firms at once: under her login, each in its firm’s chain', async () => {
    await admin.query(`update steno.firm set contact_phone = '555' where firm_slug in ('one', 'two')`);
    for (const { firmId } of Object.values(firms)) {
      const last = (await eventsOf(firmId)).at(-1);
      expect(last).toMatchObject({ table: 'firm', action: 'update', is: { contact_phone: '555' }, user: null, login: 'postgres' });
    }
  });

  test('long and confidential text is there as hash and length only', async () => {
    const { rows } = await admin.query<{ is: { payload: unknown } }>(
      `select new_values as is from steno.audit_event where table_name = 'letter_update' limit 1`,
    );
    expect(rows[0]?.is.payload).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), length: expect.any(Number) });
  });

  test('two tokens in one transaction are two people', async () => {
    const client = await world.client();
    const [mine, hers] = [aMatter(), aMatter()];
    await client.query('begin');
    await client.query('select app.push($1, $2::jsonb)', [await world.tokenFor('one', 'Attorney'), JSON.stringify([mine])]);
    await client.query('select app.push($1, $2::jsonb)', [await world.tokenFor('one', 'Paralegal'), JSON.stringify([hers])]);
    await client.query('commit');
    expect((await eventsOf(mine.entityId))[0]?.user).toBe(firms.one.userIds.Attorney);
    expect((await eventsOf(hers.entityId))[0]?.user).toBe(firms.one.userIds.Paralegal);
    expect((await verified()).faults).toEqual([]);
  });

  test('a row keeps its key and its firm: a change that its history would lose is refused, and one of several columns is not', async () => {
    const matter = aMatter();
    await (await world.connect('one', 'Attorney')).push([matter]);
    for (const set of ['matter_id = gen_random_uuid()', `firm_id = '${firms.two.firmId}'`])
      await expect(admin.query(`update steno.matter set ${set} where matter_id = $1`, [matter.entityId])).rejects.toMatchObject({
        code: 'SN001',
      });
    await admin.query(`update steno.matter set matter_id = matter_id, title = 'kept' where matter_id = $1`, [matter.entityId]);
    expect((await eventsOf(matter.entityId)).map(({ action }) => action)).toEqual(['insert', 'update']);
  });

  test('what is rolled back was not; a client that asks for constraints at once gets more batches, and a whole chain', async () => {
    const client = await world.client();
    const token = await world.tokenFor('one', 'Attorney');
    const undone = aMatter();
    await client.query('begin');
    await client.query('select app.push($1, $2::jsonb)', [token, JSON.stringify([undone])]);
    await client.query('rollback');
    expect(await eventsOf(undone.entityId)).toEqual([]);
    const before = (await verified()).batches;
    await client.query('begin');
    await client.query('set constraints all immediate');
    await client.query('select app.push($1, $2::jsonb)', [token, JSON.stringify([aMatter(), aMatter()])]);
    await client.query('commit');
    const after = await verified();
    expect(after.batches).toBeGreaterThan(before + 1);
    expect(after.faults).toEqual([]);
    expect((await admin.query('select from steno.audit_pending')).rowCount).toBe(0);
  });

  test('many at once make one chain, without a fork', async () => {
    const remotes = await Promise.all(Array.from({ length: 6 }, () => world.connect('one', 'Attorney')));
    await Promise.all(
      remotes.map(async (remote) => {
        for (let n = 0; n < 5; n += 1) await remote.push([aMatter(), aMatter()]);
      }),
    );
    expect((await verified()).faults).toEqual([]);
  });
});

describe('append-only', () => {
  for (const role of ['steno_owner', 'steno_audit', 'postgres']) {
    test(`for ${role} too`, async () => {
      const { rows } = await admin.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'steno.audit_event'::regclass limit 1`,
      );
      for (const table of ['steno.audit_event', 'steno.audit_batch', rows[0]?.name ?? '']) {
        for (const statement of [`update ${table} set firm_id = firm_id`, `delete from ${table}`, `truncate ${table}`]) {
          await admin.query('begin');
          await admin.query(`set local role ${role}`);
          // behind a partition's forced row security its owner finds no row to change
          const touched = await admin.query(statement).then(
            ({ command, rowCount }) => (command === 'TRUNCATE' ? 'all' : rowCount),
            (error: unknown) => (error as { code: string }).code,
          );
          expect(['SN001', '42501', 0], statement).toContain(touched);
          if (role === 'postgres' || !table.includes('_20')) expect(touched, statement).not.toBe(0);
          await admin.query('rollback');
        }
      }
    });
  }

  test('an audited table is not truncated', async () => {
    await expect(admin.query('truncate steno.matter cascade')).rejects.toMatchObject({ code: 'SN001' });
  });
});

describe('[R11] tampering is found', () => {
  /** What the database's administrator could do with the triggers off; undone afterwards. */
  async function tampered(sql: string, remembered = {}): Promise<AuditFault['kind'][]> {
    const line = admin;
    await line.query('set session_replication_role = replica');
    await line.query(
      'create temporary table kept_event as select * from steno.audit_event; create temporary table kept_batch as select * from steno.audit_batch; create temporary table kept_head as select * from steno.audit_head',
    );
    try {
      await line.query(sql);
      return (await verified(remembered)).faults.map(({ kind }) => kind);
    } finally {
      await line.query('delete from steno.audit_event; delete from steno.audit_batch; delete from steno.audit_head');
      await line.query(
        'insert into steno.audit_event select * from kept_event; insert into steno.audit_batch select * from kept_batch; insert into steno.audit_head select * from kept_head',
      );
      await line.query('drop table kept_event, kept_batch, kept_head; reset session_replication_role');
    }
  }
  const anEvent = `(select event_number from steno.audit_event where firm_id = '${firm}' and table_name = 'matter' and action = 'update' order by event_number limit 1)`;

  /** Every batch sealed again by who knows how. */
  const resealed = `
      do $$ declare b record; seal bytea := sha256(convert_to('${firm}', 'UTF8')); begin
        for b in select * from steno.audit_batch where firm_id = '${firm}' order by batch_number loop
          b.events_hash := (select sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) from steno.audit_event e where e.batch_id = b.batch_id);
          seal := sha256(seal || int8send(b.batch_number) || int8send((extract(epoch from b.occurred_at) * 1000000)::bigint) || int4send(b.event_count) || b.events_hash);
          update steno.audit_batch set events_hash = b.events_hash, batch_hash = seal where firm_id = b.firm_id and batch_number = b.batch_number;
        end loop;
        update steno.audit_head set batch_hash = seal where firm_id = '${firm}';
      end $$`;

  test('control: an untouched chain is whole', async () => {
    expect(await tampered('select 1')).toEqual([]);
    const whole = await verified();
    expect(whole.events).toBeGreaterThan(20);
    expect(whole.head?.batchNumber).toBe(whole.batches);
  });
  test('a changed value', async () => {
    expect(
      await tampered(
        `update steno.audit_event set new_values = jsonb_set(new_values, '{title}', '"kinder"') where event_number = ${anEvent}`,
      ),
    ).toEqual(['event changed']);
  });
  test('a changed time, person or address', async () => {
    for (const set of [`user_id = '${freshId()}'`, `address = '10.0.0.1'`, `login = 'somebody'`])
      expect(await tampered(`update steno.audit_event set ${set} where event_number = ${anEvent}`), set).toEqual(['event changed']);
    expect(
      await tampered(`update steno.audit_event set occurred_at = occurred_at - interval '1 minute' where event_number = ${anEvent}`),
    ).not.toEqual([]);
  });
  test('a deleted event', async () => {
    expect(await tampered(`delete from steno.audit_event where event_number = ${anEvent}`)).toEqual(['events missing']);
  });
  test('two events in each other’s place', async () => {
    const two = `(select array_agg(event_number) from (select event_number from steno.audit_event where firm_id = '${firm}' and batch_id = (select batch_id from steno.audit_event where firm_id = '${firm}' group by batch_id having count(*) > 1 limit 1) order by event_number limit 2) x)`;
    expect(
      await tampered(`
      create temporary table two as select ${two} as numbers;
      update steno.audit_event set event_number = -1 where event_number = (select numbers[1] from two);
      update steno.audit_event set event_number = (select numbers[1] from two) where event_number = (select numbers[2] from two);
      update steno.audit_event set event_number = (select numbers[2] from two) where event_number = -1; drop table two`),
    ).toEqual(['event changed']);
  });
  test('an invented event, in a batch or beside all of them', async () => {
    const copy = (batch: string): string =>
      `insert into steno.audit_event select firm_id, occurred_at, nextval('steno.audit_event_number'), ${batch}, table_name, row_key, action, old_values, new_values, user_id, device_id, session_id, login, application, address from steno.audit_event where event_number = ${anEvent}`;
    expect(await tampered(copy('batch_id'))).toEqual(['event invented']);
    expect(await tampered(copy('gen_random_uuid()'))).toEqual(['event invented']);
  });
  test('a removed batch with all its events', async () => {
    const batch = `(select batch_id from steno.audit_batch where firm_id = '${firm}' and batch_number = 3)`;
    expect(
      await tampered(`delete from steno.audit_event where batch_id = ${batch}; delete from steno.audit_batch where batch_id = ${batch}`),
    ).toEqual(['batch missing', 'batch changed']);
  });
  test('an event changed and its own batch sealed again', async () => {
    const kinds = await tampered(`
      update steno.audit_event set login = 'somebody' where event_number = ${anEvent};
      update steno.audit_batch b set events_hash = d.digest, batch_hash = sha256((select p.batch_hash from steno.audit_batch p where p.firm_id = b.firm_id and p.batch_number = b.batch_number - 1) || int8send(b.batch_number) || int8send((extract(epoch from b.occurred_at) * 1000000)::bigint) || int4send(b.event_count) || d.digest)
      from (select e.firm_id, e.batch_id, sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) as digest from steno.audit_event e
        where e.batch_id = (select batch_id from steno.audit_event where event_number = ${anEvent}) group by 1, 2) d
      where b.firm_id = d.firm_id and b.batch_id = d.batch_id`);
    expect(kinds).toEqual(['batch changed']);
  });
  test('the newest batches cut off: by the head, and where that was cut too, by the one remembered elsewhere', async () => {
    const { head, batches } = await verified();
    const cut = `delete from steno.audit_event where batch_id in (select batch_id from steno.audit_batch where firm_id = '${firm}' and batch_number > ${String(batches - 2)}); delete from steno.audit_batch where firm_id = '${firm}' and batch_number > ${String(batches - 2)}`;
    expect(await tampered(cut)).toEqual(['head differs']);
    const all = `${cut}; update steno.audit_head h set batch_number = b.batch_number, batch_hash = b.batch_hash from steno.audit_batch b where h.firm_id = '${firm}' and b.firm_id = h.firm_id and b.batch_number = ${String(batches - 2)}`;
    expect(await tampered(all)).toEqual([]); // control: without an anchor nobody can tell
    expect(await tampered(all, { [firm]: head })).toEqual(['chain shortened']);
  });
  test('the head taken away, alone or with the whole chain behind it', async () => {
    const { head } = await verified();
    expect(await tampered(`delete from steno.audit_head where firm_id = '${firm}'`)).toEqual(['head missing']);
    const all = ['head', 'batch', 'event'].map((table) => `delete from steno.audit_${table} where firm_id = '${firm}'`).join(';');
    expect(await tampered(all)).toEqual(['head missing']);
    expect(await tampered(all, { [firm]: head })).toEqual(['chain shortened', 'head missing']);
  });
  test('a firm that is gone with all it left is still missed by who remembers it', async () => {
    const lost = freshId();
    const remembered = { [lost]: { batchNumber: 7, batchHash: '0'.repeat(64) } };
    const found = must(await verifyAudit(admin, { remembered })).find(({ firmId }) => firmId === lost);
    expect(found?.faults.map(({ kind }) => kind)).toEqual(['chain shortened', 'head missing']);
  });
  test('a login that policies hide rows from is refused, not told that they are missing', async () => {
    await admin.query('set role steno_owner');
    const answer = await verifyAudit(admin, { slug: 'one' });
    await admin.query('reset role');
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
  test('the whole chain written anew: only the anchor tells', async () => {
    const { head, batches } = await verified();
    const anew = `update steno.audit_event set login = 'somebody' where event_number = (select min(event_number) from steno.audit_event where firm_id = '${firm}'); ${resealed}`;
    expect(await tampered(anew)).toEqual([]);
    expect(await tampered(anew, { [firm]: head })).toEqual(['chain shortened']);
    expect(await tampered(anew, { [firm]: { ...head, batchNumber: batches + 5 } })).toEqual(['chain shortened']);
  });
  test('a month taken away without a note is missing; one that was archived is not', async () => {
    await admin.query(`call steno.make_partitions('audit_event', (now() - interval '6 months')::date, null)`);
    await admin.query(`update steno.partition_policy set keep_months = 3 where table_name = 'audit_event'`);
    const old = `date_trunc('month', now()) - interval '4 months 20 days'`;
    const kinds = await tampered(`
      update steno.audit_event set occurred_at = ${old} where batch_id = (select batch_id from steno.audit_batch where firm_id = '${firm}' and batch_number = 1);
      update steno.audit_batch set occurred_at = ${old} where firm_id = '${firm}' and batch_number = 1;
      ${resealed}; delete from steno.audit_event where occurred_at < now() - interval '4 months'`);
    expect(kinds).toEqual(['events missing']);
    await admin.query('set session_replication_role = replica');
    await admin.query(
      `update steno.audit_event set occurred_at = ${old} where batch_id = (select batch_id from steno.audit_batch where firm_id = '${firm}' and batch_number = 1)`,
    );
    await admin.query(`update steno.audit_batch set occurred_at = ${old} where firm_id = '${firm}' and batch_number = 1`);
    await admin.query(resealed);
    await admin.query('reset session_replication_role');
    expect(
      must(await keepPartitions(admin, { dryRun: false }))
        .flatMap(({ detached }) => detached.map(({ rows }) => rows))
        .some((rows) => rows > 0),
    ).toBe(true);
    const after = await verified();
    expect(after.archivedBatches).toBe(1);
    expect(after.faults).toEqual([]);
    // a batch whose events were deleted does not hide among those of the archived month
    expect(
      await tampered(`
      delete from steno.audit_event where batch_id = (select batch_id from steno.audit_batch where firm_id = '${firm}' and batch_number = 2);
      update steno.audit_batch set occurred_at = ${old} where firm_id = '${firm}' and batch_number = 2`),
    ).toEqual(['batch changed']);
  });
});
