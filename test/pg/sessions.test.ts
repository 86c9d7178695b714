import { describe, expect, test } from 'vitest';
import { createUser } from '../../src/main/admin/firm.ts';
import {
  createKey,
  listDevices,
  listKeys,
  resetPassword,
  revokeKey,
  revokeSessions,
  setActive,
  setRole,
} from '../../src/main/admin/people.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { must } from '../support/laptop.ts';
import { aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const line = await world.client();
await admin.query('update auth.policy set account_attempts = 1000');

interface SessionRow {
  sessionId: string;
  userId: string;
  isThis: boolean;
}
const call = async <T>(sql: string, ...values: unknown[]): Promise<T> =>
  (await line.query<{ answer: T }>(`select ${sql} as answer`, values)).rows[0]?.answer as T;
const sessionsOf = (token: string): Promise<SessionRow[]> => call<SessionRow[]>('app.list_sessions($1)', token);
const sessionIdOf = async (token: string): Promise<string> => (await sessionsOf(token)).find(({ isThis }) => isThis)?.sessionId ?? '';
const signIn = (email: string, password: string, deviceId = freshId()): Promise<{ token: string } | null> =>
  call('app.sign_in($1, $2, $3, $4, $5)', 'one', email, password, deviceId, 'test');
const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );

describe('a session', () => {
  test('ends at its time, and cannot be renewed after it', async () => {
    const token = await world.tokenFor('one', 'Attorney');
    await admin.query(
      `update auth.session set expires_at = now() - interval '1 second' where token_hash = sha256(convert_to($1, 'UTF8'))`,
      [token],
    );
    expect(await refusal(call('app.whoami($1)', token))).toBe('SN401');
    expect(await refusal(call('app.renew($1)', token))).toBe('SN401');
  });

  test('moves on when renewed, and no further than the age where the password is asked again', async () => {
    const token = await world.tokenFor('one', 'Attorney');
    const days = async (): Promise<number> => (new Date(await call<string>('app.renew($1)', token)).getTime() - Date.now()) / 86_400_000;
    expect(await days()).toBeCloseTo(30, 1);
    await admin.query(
      `update auth.session set created_at = now() - interval '80 days', expires_at = now() + interval '1 day' where token_hash = sha256(convert_to($1, 'UTF8'))`,
      [token],
    );
    expect(await days()).toBeCloseTo(10, 1);
  });

  test('of a laptop in use is carried on by its pulls', async () => {
    const deviceId = freshId();
    const remote = await world.connect('one', 'Attorney', deviceId);
    await remote.pull(0, 1);
    const { rows } = await admin.query<{ days: number }>(
      `select extract(day from expires_at - now())::integer as days from auth.session where device_id = $1`,
      [deviceId],
    );
    expect(rows[0]?.days).toBeGreaterThanOrEqual(29);
  });

  test('is listed for its person; all of the firm’s for the Admin, and never another firm’s', async () => {
    const [attorney, paralegal, boss, foreign] = await Promise.all([
      world.tokenFor('one', 'Attorney'),
      world.tokenFor('one', 'Paralegal'),
      world.tokenFor('one', 'Admin'),
      world.tokenFor('two', 'Admin'),
    ]);
    const users = async (token: string): Promise<Set<string>> => new Set((await sessionsOf(token)).map(({ userId }) => userId));
    expect(await users(attorney)).toEqual(new Set([firms.one.userIds.Attorney]));
    expect(await users(paralegal)).toEqual(new Set([firms.one.userIds.Paralegal]));
    expect((await users(boss)).size).toBeGreaterThanOrEqual(3);
    expect(await users(foreign)).toEqual(new Set([firms.two.userIds.Admin]));
  });

  test('is ended by its person or the Admin, not by a colleague or another firm, who learn nothing of it', async () => {
    const token = await world.tokenFor('one', 'Attorney');
    const id = await sessionIdOf(token);
    for (const [firm, role] of [
      ['one', 'Paralegal'],
      ['two', 'Admin'],
    ] as const) {
      const other = await world.tokenFor(firm, role);
      expect(await call('app.revoke_session($1, $2, false)', other, id)).toBe(
        await call('app.revoke_session($1, $2, false)', other, freshId()),
      );
    }
    expect(await call('app.whoami($1)', token)).toMatchObject({ role: 'Attorney' });
    expect(await call('app.revoke_session($1, $2, false)', await world.tokenFor('one', 'Admin'), id)).toBe(1);
    expect(await refusal(call('app.whoami($1)', token))).toBe('SN401');
  });

  test('of somebody who is demoted can do less at once; of somebody switched off, nothing', async () => {
    const email = 'demoted@one.example';
    must(await createUser(admin, 'one', { email, firstName: 'A', lastName: 'B', role: 'Attorney', password: 'a password of twelve' }));
    const token = (await signIn(email, 'a password of twelve'))?.token ?? '';
    const permissions = async (): Promise<string[]> => (await call<{ permissions: string[] }>('app.whoami($1)', token)).permissions;
    expect(await permissions()).toContain('letter:status:finalize');
    must(await setRole(admin, 'one', email, 'Viewer'));
    expect(await permissions()).not.toContain('letter:draft:write');
    must(await setActive(admin, 'one', email, false));
    expect(await refusal(call('app.whoami($1)', token))).toBe('SN401');
    must(await setActive(admin, 'one', email, true));
    expect(await permissions()).toContain('letter:draft:read');
  });

  test('ends with a new password, set by IT or by its person, who needs the old one', async () => {
    const email = 'changes@one.example';
    must(await createUser(admin, 'one', { email, firstName: 'A', lastName: 'B', role: 'Attorney', password: 'the first password' }));
    const [here, there] = [
      (await signIn(email, 'the first password'))?.token ?? '',
      (await signIn(email, 'the first password'))?.token ?? '',
    ];
    expect(await call('app.change_password($1, $2, $3)', here, 'not the password', 'the second password')).toBe(false);
    expect(await call('app.change_password($1, $2, $3)', here, 'the first password', 'short')).toBe(false);
    expect(await call('app.change_password($1, $2, $3)', here, 'the first password', 'the second password')).toBe(true);
    expect(await call('app.whoami($1)', here)).toMatchObject({ email });
    expect(await refusal(call('app.whoami($1)', there))).toBe('SN401');
    expect(await signIn(email, 'the first password')).toBeNull();
    expect(must(await resetPassword(admin, 'one', email, 'the third password'))).toEqual({ endedSessions: 1 });
    expect(await refusal(call('app.whoami($1)', here))).toBe('SN401');
    expect((await signIn(email, 'the third password'))?.token).toHaveLength(64);
  });
});

describe('a revoked device', () => {
  test('is told to erase by every door, may not sign in again, and its erasing is on record', async () => {
    const email = 'lost@one.example';
    const deviceId = freshId();
    must(await createUser(admin, 'one', { email, firstName: 'A', lastName: 'B', role: 'Attorney', password: 'a password of twelve' }));
    const token = (await signIn(email, 'a password of twelve', deviceId))?.token ?? '';
    const elsewhere = (await signIn(email, 'a password of twelve'))?.token ?? '';
    expect(must(await revokeSessions(admin, 'one', email, { deviceId, erase: true }))).toEqual({ sessions: 1, devices: 1 });
    const { rows } = await admin.query<{ door: string }>(
      `select format('app.%I($1%s)', proname, (select string_agg(', null', '') from generate_series(2, pronargs))) as door from pg_proc where pronamespace = 'app'::regnamespace and proargnames[1] = 'token' and proname not in ('sign_out', 'erased')`,
    );
    expect(rows.length).toBeGreaterThan(12);
    for (const { door } of rows) expect(await refusal(call(door, token)), door).toBe('SN410');
    expect(await refusal(signIn(email, 'a password of twelve', deviceId))).toBe('SN410');
    expect(await call('app.whoami($1)', elsewhere)).toMatchObject({ email });
    await call('app.erased($1)', token);
    const devices = must(await listDevices(admin, 'one', email));
    expect(devices.find((device) => device.deviceId === deviceId)).toMatchObject({
      liveSessions: 0,
      revokedAt: expect.any(Date),
      erasedAt: expect.any(Date),
    });
    expect(devices.find((device) => device.deviceId !== deviceId)).toMatchObject({ liveSessions: 1, revokedAt: null });
    // the clean-up of old sessions keeps what is needed to tell it
    await admin.query(
      `update auth.session set expires_at = now() - interval '200 days', revoked_at = now() - interval '200 days' where device_id = $1`,
      [deviceId],
    );
    await admin.query('select auth.cleanup_expired_sessions()');
    expect(await refusal(call('app.whoami($1)', token))).toBe('SN410');
  });

  test('an ended session that is none goes after ninety days, and not before', async () => {
    const tokens = await Promise.all([world.tokenFor('one', 'Viewer'), world.tokenFor('one', 'Viewer')]);
    for (const [n, days] of [80, 100].entries())
      await admin.query(
        `update auth.session set revoked_at = now() - make_interval(days => $2), ended_reason = 'signed_out' where token_hash = sha256(convert_to($1, 'UTF8'))`,
        [tokens[n], days],
      );
    await admin.query('select auth.cleanup_expired_sessions()');
    const left = await Promise.all(
      tokens.map(
        async (token) =>
          (await admin.query(`select from auth.session where token_hash = sha256(convert_to($1, 'UTF8'))`, [token])).rowCount,
      ),
    );
    expect(left).toEqual([1, 0]);
  });
});

describe('an API key', () => {
  const email = 'attorney@one.example';
  const make = async (scopes: string[]): Promise<{ keyId: string; key: string }> =>
    must(await createKey(admin, 'one', email, { name: 'robot', scopes, days: 1 }));
  const verdictOf = async (key: string): Promise<string> =>
    (await call<{ verdicts: { verdict: string }[] }>('app.push($1, $2::jsonb)', key, JSON.stringify([aMatter()]))).verdicts[0]?.verdict ??
    '';

  test('is kept as SHA-256, does what its scopes say and no more', async () => {
    const { keyId, key } = await make(['matter:record:read', 'firm:feed:read']);
    const { rows } = await admin.query<{ row: string }>(`select k::text as row from auth.api_key k where api_key_id = $1`, [keyId]);
    expect(rows[0]?.row).not.toContain(key.slice(3));
    expect(await call('app.whoami($1)', key)).toMatchObject({ permissions: ['firm:feed:read', 'matter:record:read'] });
    expect(await verdictOf(key)).toBe('rejected');
    expect(await verdictOf((await make(['matter:record:write', 'matter:record:read'])).key)).toBe('applied');
    const reader = await world.client();
    await reader.query(`select set_config('app.session_token', $1, false)`, [key]);
    expect((await reader.query('select from steno.matter')).rowCount).toBeGreaterThan(0);
    expect((await reader.query('select from steno.demand_letter')).rowCount).toBe(0);
  });

  test('never has more than its maker, and less when she has less', async () => {
    expect(await createKey(admin, 'one', email, { name: 'x', scopes: ['audit:event:read'], days: 1 })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    const { key } = await make(['matter:record:write', 'matter:record:read']);
    must(await setRole(admin, 'one', email, 'Viewer'));
    expect(await verdictOf(key)).toBe('rejected');
    must(await setRole(admin, 'one', email, 'Attorney'));
    expect(await verdictOf(key)).toBe('applied');
    must(await setActive(admin, 'one', email, false));
    expect(await refusal(call('app.whoami($1)', key))).toBe('SN401');
    must(await setActive(admin, 'one', email, true));
  });

  test('manages no people, sessions or keys, whoever made it', async () => {
    const boss = await world.tokenFor('one', 'Admin');
    for (const scope of ['firm:key:manage', 'firm:session:manage']) {
      expect(await refusal(call('app.create_api_key($1, $2, $3::text[], 1)', boss, 'x', [scope]))).toBe('SN403');
      expect(await createKey(admin, 'one', 'admin@one.example', { name: 'x', scopes: [scope], days: 1 })).toMatchObject({ ok: false });
    }
    const made = await call<{ keyId: string; key: string }>('app.create_api_key($1, $2, $3::text[], 1)', boss, 'x', ['audit:event:read']);
    for (const door of [
      'app.list_api_keys($1)',
      `app.revoke_api_key($1, '${made.keyId}')`,
      `app.create_api_key($1, 'y', '{audit:event:read}', 1)`,
    ])
      expect(await refusal(call(door, made.key)), door).toBe('SN403');
    expect(await call('app.change_password($1, $2, $3)', made.key, 'x', 'a password of twelve')).toBe(false);
    expect(
      await refusal(
        call('app.create_api_key($1, $2, $3::text[], 1)', await world.tokenFor('one', 'Attorney'), 'x', ['matter:record:read']),
      ),
    ).toBe('SN403');
  });

  test('ends when it is revoked or its time is over, and is another firm’s to nobody', async () => {
    const { keyId, key } = await make(['matter:record:read']);
    expect(await call('app.revoke_api_key($1, $2)', await world.tokenFor('two', 'Admin'), keyId)).toBe(false);
    expect(await revokeKey(admin, 'two', keyId)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(must(await listKeys(admin, 'one')).map((each) => each.keyId)).toContain(keyId);
    must(await revokeKey(admin, 'one', keyId));
    expect(await refusal(call('app.whoami($1)', key))).toBe('SN401');
    const late = await make(['matter:record:read']);
    await admin.query(
      `update auth.api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where api_key_id = $1`,
      [late.keyId],
    );
    expect(await refusal(call('app.whoami($1)', late.key))).toBe('SN401');
  });
});

test('a person or firm that is not there is named', async () => {
  expect(await setRole(admin, 'nowhere', 'a@b.example', 'Viewer')).toMatchObject({
    ok: false,
    error: { code: 'not_found', what: 'the firm "nowhere"' },
  });
  expect(await setRole(admin, 'one', 'a@b.example', 'Viewer')).toMatchObject({ ok: false, error: { what: 'a@b.example in one' } });
  expect(await resetPassword(admin, 'one', 'attorney@one.example', 'short')).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});
