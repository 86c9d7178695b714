import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, connection } = world;
const password = 'correct horse battery';
const ada = { email: 'ada@third.example', firstName: 'Ada', lastName: 'Adams', role: 'Attorney' as const, password };
await createFirm(admin, { name: 'Third', slug: 'third' }, []);
await createUser(admin, 'third', ada);
const door = createPostgresDoor(connection);

const at = (change: Partial<Parameters<typeof door.signIn>[0]> = {}) => ({
  firmSlug: 'third',
  email: ada.email,
  password,
  deviceId: freshId(),
  deviceName: 'test',
  ...change,
});

test('a password is stored as bcrypt of 12 rounds, a token as its SHA-256, and neither as it is anywhere', async () => {
  const signedIn = await door.signIn(at());
  expect(signedIn?.account).toMatchObject({ firmSlug: 'third', email: ada.email, role: 'Attorney' });
  const token = signedIn?.token ?? '';
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  const { rows } = await admin.query<{ hash: string; ok: boolean }>(
    `select password_hash as hash, password_hash = public.crypt($1, password_hash) as ok from auth.credential`,
    [password],
  );
  expect(rows).toEqual([{ hash: expect.stringMatching(/^\$2a\$12\$.{53}$/), ok: true }]);
  const sessions = await admin.query<{ token_hash: Buffer }>('select token_hash from auth.session');
  expect(sessions.rows.map(({ token_hash }) => token_hash.toString('hex'))).toContain(createHash('sha256').update(token).digest('hex'));
  const tables = await admin.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_schema in ('steno', 'auth', 'app', 'public') and table_type = 'BASE TABLE'`,
  );
  for (const { name } of tables.rows) {
    const found = await admin.query(`select from ${name} t where t::text like any($1)`, [[`%${token}%`, `%${password}%`]]);
    expect(found.rowCount, name).toBe(0);
  }
});

test('a wrong password, an unknown person, an unknown firm and a person who left get the same nothing', async () => {
  expect(await door.signIn(at({ password: 'wrong horse battery' }))).toBeNull();
  expect(await door.signIn(at({ email: 'eve@third.example' }))).toBeNull();
  expect(await door.signIn(at({ firmSlug: 'fourth' }))).toBeNull();
  expect(await door.signIn(at({ firmSlug: 'one' }))).toBeNull();
  expect(await door.signIn(at({ password: 'x'.repeat(2000) }))).toBeNull();
  await admin.query(`update steno."user" set is_active = false where email = $1`, [ada.email]);
  expect(await door.signIn(at())).toBeNull();
  await admin.query(`update steno."user" set is_active = true where email = $1`, [ada.email]);
  expect(await door.signIn(at())).not.toBeNull();
});

test('an unknown person costs the same bcrypt as a wrong password, within half', async () => {
  const timed = async (change: Parameters<typeof at>[0]): Promise<number> => {
    const started = performance.now();
    await door.signIn(at(change));
    return performance.now() - started;
  };
  // by turns, and the least of each: a machine that is busy for a while costs one of them more, a hash that is left out costs it nothing however often it is tried
  let [unknown, wrong] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const ratios: number[] = [];
  for (let round = 1; round <= 6; round += 1) {
    unknown = Math.min(unknown, await timed({ email: 'eve@third.example' }));
    wrong = Math.min(wrong, await timed({ password: 'wrong horse battery' }));
    ratios.push(unknown / wrong);
    if (round >= 2 && unknown / wrong > 0.5 && unknown / wrong < 2) return;
  }
  expect.fail(`an unknown person costs ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')} of a wrong password`);
});

test('signing out ends the token; another device’s stays; an email may exist in two firms', async () => {
  const [one, two] = [await door.signIn(at()), await door.signIn(at())];
  const [a, b] = [createPostgresRemote(connection, one?.token ?? ''), createPostgresRemote(connection, two?.token ?? '')];
  await a.signOut();
  await expect(a.whoami()).rejects.toMatchObject({ error: { code: 'unauthenticated' } });
  expect((await b.whoami()).email).toBe(ada.email);
  expect((await createUser(admin, 'one', ada)).ok).toBe(true);
  expect(await createUser(admin, 'third', ada)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(await createUser(admin, 'third', { ...ada, email: 'new@third.example', password: 'short' })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input' },
  });
  expect((await door.signIn(at({ firmSlug: 'one' })))?.account.firmSlug).toBe('one');
  await Promise.all([a.close(), b.close(), door.close()]);
});
