import pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { createUser } from '../../src/main/admin/firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createPostgresDoor } from '../../src/main/sync/postgres.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const password = 'a password of twelve';
must(await createUser(admin, 'one', { email: 'real@one.example', firstName: 'A', lastName: 'B', role: 'Attorney', password }));

beforeEach(async () => {
  // few attempts, so that bcrypt's slowness is not the test's; and every count back to nothing
  await admin.query('update auth.policy set account_attempts = 3, address_attempts = 1000, window_minutes = 15');
  await reset();
});

async function reset(): Promise<void> {
  await admin.query(`do $$ begin for n in 0..63 loop
    perform setval(format('auth.attempts_account_%s', n)::regclass, 0); perform setval(format('auth.attempts_address_%s', n)::regclass, 0); end loop; end $$`);
}

type Answer = 'in' | 'wrong' | 'wait';
async function attempt(line: pg.Client, email: string, guess: string, slug = 'one'): Promise<Answer> {
  try {
    const { rows } = await line.query<{ me: unknown }>('select app.sign_in($1, $2, $3, $4, $5) as me', [
      slug,
      email,
      guess,
      freshId(),
      'test',
    ]);
    return rows[0]?.me === null ? 'wrong' : 'in';
  } catch (error) {
    if ((error as { code?: string }).code === 'SN429') return 'wait';
    throw error;
  }
}

test('after so many attempts on an account the right password has to wait as well, and the wait is said in seconds', async () => {
  const line = await world.client();
  const answers: Answer[] = [];
  for (let n = 0; n < 5; n += 1) answers.push(await attempt(line, 'real@one.example', 'guess'));
  expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wait', 'wait']);
  expect(await attempt(line, 'real@one.example', password)).toBe('wait');
  await expect(line.query(`select app.sign_in('one', 'real@one.example', 'x', $1, 'x')`, [freshId()])).rejects.toMatchObject({
    code: 'SN429',
    detail: expect.stringMatching(/^\d+$/),
  });
});

test('the app tells the person when to try again', async () => {
  const door = createPostgresDoor(world.connection);
  const input = { firmSlug: 'one', email: 'real@one.example', password: 'x', deviceId: freshId(), deviceName: 'x' };
  for (let n = 0; n < 3; n += 1) expect(await door.signIn(input)).toBeNull();
  await expect(door.signIn(input)).rejects.toMatchObject({ error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } });
  await door.close();
});

test('an account that is not there, and a firm that is not there, answer the same', async () => {
  const line = await world.client();
  for (const [email, slug] of [
    ['nobody@one.example', 'one'],
    ['real@one.example', 'no-such-firm'],
  ] as const) {
    await reset();
    const answers: Answer[] = [];
    for (let n = 0; n < 4; n += 1) answers.push(await attempt(line, email, 'guess', slug));
    expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wait']);
  }
});

test('guesses that are rolled back count as well', async () => {
  const line = await world.client();
  const answers: Answer[] = [];
  for (let n = 0; n < 5; n += 1) {
    await line.query('begin');
    answers.push(await attempt(line, 'real@one.example', 'guess'));
    await line.query('rollback');
  }
  expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wait', 'wait']);
});

test('control: a count kept in a table would forget them', async () => {
  await admin.query(`create table auth.naive (n integer); insert into auth.naive values (0);
    create or replace function auth.count_attempt(kind text, whose text) returns integer language plpgsql set search_path = auth, pg_temp as
    $$ begin update auth.naive set n = n + 1; return case when (select n from auth.naive) > 3 then 60 end; end $$;
    grant all on auth.naive to steno_auth`);
  const { rows } = await admin.query<{ definition: string }>(
    `select pg_get_functiondef('auth.count_attempt(text, text)'::regprocedure) as definition`,
  );
  expect(rows[0]?.definition).toContain('naive');
  const line = await world.client();
  const answers: Answer[] = [];
  for (let n = 0; n < 5; n += 1) {
    await line.query('begin');
    answers.push(await attempt(line, 'real@one.example', 'guess'));
    await line.query('rollback');
  }
  expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong']);
});
