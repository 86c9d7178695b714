import { beforeAll, expect, test } from 'vitest';
import { listTables } from '../../src/main/admin/isolation/probe-firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { fillFirm } from '../support/full-firm.ts';
import { inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
interface Found {
  name: string;
  likeness: number;
}

const aContact = (name: string, patch: Mutation['patch'] = {}): Mutation => inserting('contact', { name, ...patch });
const words = ['Rivera', 'Okafor', 'Lindqvist', 'Marchetti', 'Haddad', 'Nakamura', 'Szymanski', "O'Brien"];

beforeAll(async () => {
  await fillFirm(await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal'), admin);
  const [one, two] = [await world.connect('one', 'Paralegal'), await world.connect('two', 'Paralegal')];
  await one.push(words.map((word) => aContact(`Maria ${word}`)));
  await two.push([aContact('Maria Rivera of firm two'), aContact('Rivera, Mario')]);
  // rows that only have to be there: without triggers
  await admin.query('set session_replication_role = replica');
  await admin.query(
    `insert into steno.contact (firm_id, contact_id, name) select f, gen_random_uuid(), md5(n::text) || ' ' || md5((n * 7)::text) from unnest($1::uuid[]) f, generate_series(1, 20000) n`,
    [[firms.one.firmId, firms.two.firmId]],
  );
  await admin.query('reset session_replication_role');
  await admin.query('vacuum analyze steno.contact');
}, 60_000);

async function search(token: string, sought: string, most = 20): Promise<Found[]> {
  const client = await world.client();
  return (
    (await client.query<{ found: Found[] }>('select app.search_contacts($1, $2, $3) as found', [token, sought, most])).rows[0]?.found ?? []
  );
}
const namesOf = (found: Found[]) => found.map(({ name }) => name);

test('a name is found by a part of it and with a slip in it, the likest first; of one’s own firm only', async () => {
  const one = await world.tokenFor('one', 'Viewer');
  expect(namesOf(await search(one, 'rivera'))).toEqual(['Maria Rivera']);
  expect(namesOf(await search(one, 'Lindqist'))[0]).toBe('Maria Lindqvist');
  expect(namesOf(await search(one, 'maria okaforr'))[0]).toBe('Maria Okafor');
  expect(namesOf(await search(await world.tokenFor('two', 'Viewer'), 'rivera')).sort()).toEqual([
    'Maria Rivera of firm two',
    'Rivera, Mario',
  ]);
  expect(await search(one, 'of firm two', 100)).toEqual([]);
});

test('words are two to a hundred characters and never a pattern or a statement; answers are at most a hundred', async () => {
  const one = await world.tokenFor('one', 'Viewer');
  for (const sought of ['', ' x ', 'x'.repeat(101), '%%%', "'; drop table steno.contact; --"])
    expect(await search(one, sought), sought).toEqual([]);
  expect(namesOf(await search(one, "O'Brien"))[0]).toBe("Maria O'Brien");
  expect((await search(one, 'maria', 1_000_000)).length).toBeLessThanOrEqual(100);
  expect(await search(one, 'maria', -5)).toHaveLength(1);
  expect(Object.keys((await search(one, 'rivera'))[0] ?? {}).sort()).toEqual(
    ['company', 'contactId', 'departmentName', 'email', 'likeness', 'name', 'phone', 'productionName', 'roleTitle', 'state'].sort(),
  );
});

test('it takes a session that may read contacts', async () => {
  await expect(search('0'.repeat(64), 'rivera')).rejects.toMatchObject({ code: 'SN401' });
  await expect(search(await world.tokenFor('one', 'Guest'), 'rivera')).rejects.toMatchObject({ code: 'SN403' });
  const client = await world.client();
  await expect(client.query(`select * from auth.search_contacts('rivera', 5)`)).rejects.toMatchObject({ code: '42501' });
});

test('the search reads the trigram index; under the policies the same words read the whole table', async () => {
  const where = `where firm_id = '${firms.one.firmId}' and deleted_at is null and 'rivera' operator(public.<%) name`;
  const planAs = async (role: string): Promise<string> => {
    await admin.query('begin');
    await admin.query(`set local role ${role}; set local pg_trgm.word_similarity_threshold = 0.4`);
    const { rows } = await admin.query<Record<'QUERY PLAN', string>>(`explain (costs off) select name from steno.contact ${where}`);
    await admin.query('rollback');
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  expect(await planAs('steno_auth')).toContain('contact_name_search_idx');
  expect(await planAs('steno_client')).not.toContain('contact_name_search_idx');
  // control: the function's own rows are the caller's firm's because it says so, not because a policy does
  await admin.query('begin');
  await admin.query('set local role steno_auth');
  const all = await admin.query<{ n: number }>(`select count(distinct firm_id)::int as n from steno.contact`);
  await admin.query('rollback');
  expect(all.rows).toEqual([{ n: 2 }]);
});

test('a key for contacts writes and reads contacts, and nothing else of the firm', async () => {
  const client = await world.client();
  const made = await client.query<{ made: { key: string } }>(
    `select app.create_api_key($1, 'call sheets', '{contact:directory:read,contact:directory:write}', 30) as made`,
    [await world.tokenFor('one', 'Admin')],
  );
  const key = made.rows[0]?.made.key ?? '';
  const push = async (...mutations: Mutation[]): Promise<string[]> => {
    const { rows } = await client.query<{ reply: { verdicts: { verdict: string; reason?: string }[] } }>(
      'select app.push($1, $2) as reply',
      [key, JSON.stringify(mutations)],
    );
    return rows[0]?.reply.verdicts.map(({ verdict, reason }) => reason ?? verdict) ?? [];
  };
  const production = inserting('production', { production_name: 'Night shoot' });
  const department = inserting('department', { department_name: 'Grip', department_code: 'GR' });
  const of = { production_id: production.entityId, department_id: department.entityId, extraction_confidence: 0.87 };
  expect(
    await push(
      production,
      department,
      aContact('Ines Duarte', of),
      inserting('upload', { content_hash: '0'.repeat(64), file_name: 'x.pdf' }),
    ),
  ).toEqual(Array(4).fill('applied'));
  expect(
    await push(
      inserting('department', { department_name: 'Grip' }),
      aContact('x', { extraction_confidence: 1.5 }),
      aContact('x', { production_id: freshId() }),
    ),
  ).toEqual(['duplicate', 'invalid', 'missing_parent']);
  expect(
    await push(
      inserting('matter', { title: 'x' }),
      inserting('room', { name: 'x' }),
      inserting('room_participant', { room_id: freshId(), user_id: firms.one.userIds.Admin }),
    ),
  ).toEqual(Array(3).fill('forbidden'));
  expect(await search(key, 'ines duarte')).toMatchObject([{ name: 'Ines Duarte', productionName: 'Night shoot', departmentName: 'Grip' }]);

  // every table: its own four, the firm, and the one whose key it is
  await client.query(`select set_config('app.session_token', $1, false)`, [key]);
  const seen: string[] = [];
  for (const { name } of await listTables(admin)) {
    const found = await client.query(`select from ${name} limit 1`).then(
      ({ rowCount }) => rowCount,
      (error: unknown) => ((error as { code?: string }).code === '42501' ? 0 : null),
    );
    if (found !== 0) seen.push(name);
  }
  expect(seen.sort()).toEqual(
    [
      'steno."user"',
      'steno.audit_head',
      'steno.contact',
      'steno.department',
      'steno.firm',
      'steno.production',
      'steno.upload',
      'steno.v_user_activity',
    ].sort(),
  );
});
