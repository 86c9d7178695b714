import { afterAll, expect, test } from 'vitest';
import { createPgWorld } from '../support/pg-world.ts';
import { aLetterAt, be, place, presenceContract } from '../support/presence-contract.ts';

const started: (() => Promise<void>)[] = [];
// before the world's own, which then runs first
afterAll(async () => {
  for (const stop of started.reverse()) await stop();
});
const world = await createPgWorld();
const { admin, firms } = world;
presenceContract(world);

/** A laptop whose line listens, and the channels on which it heard something. */
async function listening(role: 'Attorney' | 'Paralegal' | 'Viewer') {
  const remote = await world.connect('one', role);
  const stop = new AbortController();
  const heard: string[] = [];
  let pushes = 0;
  const over = remote.listen(() => (pushes += 1), stop.signal).catch(() => undefined);
  started.push(async () => {
    stop.abort();
    await over;
  });
  await expect.poll(() => pushes).toBeGreaterThan(0);
  return { remote, heard, pushes: () => pushes, hear: (channel: string) => remote.presence.hear([channel], (name) => heard.push(name)) };
}
/** Somebody who knows a channel's name and has no session: the payloads, up to a word that the administrator sends as the last. */
async function eavesdrop(channel: string): Promise<() => Promise<(string | undefined)[]>> {
  const client = await world.client();
  const overheard: (string | undefined)[] = [];
  client.on('notification', ({ payload }) => overheard.push(payload));
  await client.query(`listen ${channel}`);
  return async () => {
    await admin.query(`notify ${channel}, 'last'`);
    await expect.poll(() => overheard.at(-1)).toBe('last');
    return overheard.slice(0, -1);
  };
}
const later = (): Promise<unknown> => admin.query(`update steno.letter_presence set changed_at = changed_at - interval '1 second'`);
const rowsOf = async (letterId: string): Promise<Record<string, unknown>[]> =>
  (await admin.query<Record<string, unknown>>('select * from steno.letter_presence where letter_id = $1 order by seen_at', [letterId]))
    .rows;

test('what is new in a letter is told to who is in it, at once and without a word of it; the firm’s channel says nothing', async () => {
  const [a, b] = [await listening('Attorney'), await listening('Paralegal')];
  const letterId = await aLetterAt(a.remote);
  await be(a.remote, letterId, 'reading', null);
  const { channel } = await be(b.remote, letterId, 'reading', null);
  const overheard = await eavesdrop(channel);
  a.hear(channel);
  await expect.poll(() => a.heard).toEqual([channel]); // what was said before it listened
  const pushes = [a.pushes(), b.pushes()];
  await be(b.remote, letterId, 'editing', place('b'));
  await expect.poll(() => a.heard).toEqual([channel, channel]);
  expect((await a.remote.presence.of(letterId))?.people).toMatchObject([{ state: 'editing', place: place('b') }]);
  await be(b.remote, letterId, 'editing', place('b')); // a sign of life is no news
  await b.remote.presence.clear(letterId);
  await expect.poll(() => a.heard.length).toBe(3);
  expect([a.pushes(), b.pushes()]).toEqual(pushes);
  expect(await overheard()).toEqual(['', '']);
});

test('one who is alone tells nobody', async () => {
  const a = await world.connect('one', 'Attorney');
  const letterId = await aLetterAt(a);
  const { channel } = await be(a, letterId, 'reading', null);
  const overheard = await eavesdrop(channel);
  for (const mark of ['1', '2']) await be(a, letterId, 'editing', place(mark));
  await a.presence.clear(letterId);
  expect(await overheard()).toEqual([]);
});

test('without a sign of life for 15 seconds nobody is shown, and whoever comes next takes the row away and gets another channel', async () => {
  const [a, b] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
  const letterId = await aLetterAt(a);
  const { channel } = await be(a, letterId, 'reading', null);
  await admin.query(`update steno.letter_presence set seen_at = now() - interval '14 seconds' where letter_id = $1`, [letterId]);
  expect((await b.presence.of(letterId))?.people).toHaveLength(1);
  await admin.query(`update steno.letter_presence set seen_at = now() - interval '15 seconds' where letter_id = $1`, [letterId]);
  expect(await b.presence.of(letterId)).toMatchObject({ channel: null, people: [] });
  expect(await rowsOf(letterId)).toHaveLength(1);
  const next = await be(b, letterId, 'reading', null);
  expect([next.channel === channel, next.people]).toEqual([false, []]);
  expect(await rowsOf(letterId)).toMatchObject([{ user_id: firms.one.userIds.Paralegal }]);
  // who was away comes back into the room as it is now
  expect(await be(a, letterId, 'reading', null)).toMatchObject({ channel: next.channel, people: [{ state: 'reading' }] });
});

test('a person with two laptops is there once: with the one that does most, then with the one that moved last; and not to herself', async () => {
  const [first, second, other] = [
    await world.connect('one', 'Attorney'),
    await world.connect('one', 'Attorney'),
    await world.connect('one', 'Viewer'),
  ];
  const letterId = await aLetterAt(first);
  const seen = async (): Promise<unknown> => (await other.presence.of(letterId))?.people.map((one) => [one.state, one.place]);
  await be(first, letterId, 'editing', place('1'));
  await be(second, letterId, 'reading', place('2'));
  expect(await seen()).toEqual([['editing', place('1')]]);
  await be(first, letterId, 'reading', place('1'));
  await be(second, letterId, 'reading', place('3'));
  expect(await seen()).toEqual([['reading', place('3')]]);
  await second.presence.clear(letterId);
  expect(await seen()).toEqual([['reading', place('1')]]);
  expect((await first.presence.of(letterId))?.people).toEqual([]);
});

test('two who come into an empty letter at once share a channel', async () => {
  const a = await world.connect('one', 'Attorney');
  const crowd = await Promise.all(Array.from({ length: 6 }, (_, n) => world.connect('one', n % 2 ? 'Paralegal' : 'Viewer')));
  for (let round = 0; round < 5; round += 1) {
    const letterId = await aLetterAt(a);
    await later();
    const channels = await Promise.all(crowd.map(async (remote) => (await remote.presence.set(letterId, 'reading', null))?.channel));
    expect(new Set(channels).size).toBe(1);
  }
});

test('it is of the moment: not on record, not in the feed, not for a laptop to select, gone with a crash', async () => {
  const a = await world.connect('one', 'Attorney');
  const letterId = await aLetterAt(a);
  const traces = async (): Promise<unknown> =>
    (
      await admin.query(
        'select (select count(*) from steno.audit_event) as audit, (select count(*) from steno.mutation) as mutations, (select sum(position) from steno.feed_position) as feed',
      )
    ).rows;
  const before = await traces();
  await be(a, letterId, 'editing', place('x'));
  await a.presence.clear(letterId);
  expect(await traces()).toEqual(before);
  const { rows } = await admin.query(`select relpersistence as kind from pg_class where oid = 'steno.letter_presence'::regclass`);
  expect(rows).toEqual([{ kind: 'u' }]);
  const client = await world.client();
  await client.query(`select set_config('app.session_token', $1, false)`, [await world.tokenFor('one', 'Admin')]);
  await expect(client.query('select from steno.letter_presence')).rejects.toMatchObject({ code: '42501' });
});

test('a hostile laptop is in four letters at most, says nothing but a place, and whoever comes and goes without end is heard no more often', async () => {
  const a = await world.connect('one', 'Attorney');
  const token = await world.tokenFor('one', 'Paralegal');
  const hostile = await world.client();
  const call = (name: string, ...values: unknown[]) =>
    hostile.query<{ r: { waitMs: number } | null }>(`select app.${name}($1, ${values.map((_, n) => `$${String(n + 2)}`).join()}) as r`, [
      token,
      ...values,
    ]);
  const letters = await Promise.all(Array.from({ length: 7 }, () => aLetterAt(a)));
  for (const letterId of letters) {
    await later();
    expect((await call('presence_set', letterId, 'reading', null)).rows[0]?.r?.waitMs).toBe(0);
  }
  const { rows } = await admin.query<{ letter_id: string }>(
    'select letter_id from steno.letter_presence where user_id = $1 and letter_id = any($2)',
    [firms.one.userIds.Paralegal, letters],
  );
  expect(rows.map(({ letter_id }) => letter_id).sort()).toEqual(letters.slice(3).sort());

  const letterId = letters[6] ?? '';
  await later();
  for (const wrong of ['no dot', `${'A'.repeat(101)}.A`, 'A.A<script>', 'A.A.A', '.A'])
    await expect(call('presence_set', letterId, 'reading', wrong)).rejects.toMatchObject({ code: '23514' });
  await expect(call('presence_set', letterId, 'dancing', null)).rejects.toMatchObject({ code: '23514' });

  const { channel } = await be(a, letterId, 'reading', null);
  const overheard = await eavesdrop(channel);
  const from = performance.now();
  for (let n = 0; n < 60; n += 1) {
    await call('presence_set', letterId, 'reading', place(String(n)));
    await call('presence_clear', letterId);
  }
  // each that is taken can be taken back once
  expect((await overheard()).length).toBeLessThanOrEqual(2 * (1 + (performance.now() - from) / 250));
});

test('nobody appears as another, comes in where she may not read, or is shown once her session has ended', async () => {
  const a = await world.connect('one', 'Attorney');
  const letterId = await aLetterAt(a);
  await be(a, letterId, 'reading', null);
  const guest = await world.connect('one', 'Guest');
  for (const ask of [
    () => guest.presence.set(letterId, 'reading', null),
    () => guest.presence.of(letterId),
    () => guest.presence.clear(letterId),
  ])
    await expect(ask()).rejects.toMatchObject({ error: { code: 'forbidden' } });
  // the forged variables of the isolation tests
  const client = await world.client();
  await client.query('begin');
  for (const [name, value] of [
    ['app.current_user_id', firms.one.userIds.Admin],
    ['app.current_firm_id', firms.one.firmId],
  ])
    await client.query('select set_config($1, $2, true)', [name, value]);
  await client.query(`select app.presence_set($1, $2, 'reading', null)`, [await world.tokenFor('one', 'Viewer'), letterId]);
  await client.query('commit');
  expect((await a.presence.of(letterId))?.people.map(({ userId }) => userId)).toEqual([firms.one.userIds.Viewer]);
  const revoked = await world.tokenFor('one', 'Viewer');
  await admin.query(`update auth.session set revoked_at = now() where token_hash = sha256(convert_to($1, 'UTF8'))`, [revoked]);
  await expect(client.query(`select app.presence_set($1, $2, 'reading', null)`, [revoked, letterId])).rejects.toMatchObject({
    code: 'SN401',
  });
});

test('control: without the look at the letter the answer would tell another firm’s letter from one that nobody has', async () => {
  const [a, foreign] = [await world.connect('one', 'Attorney'), await world.connect('two', 'Admin')];
  const letterId = await aLetterAt(a);
  await be(a, letterId, 'reading', null);
  expect(await foreign.presence.of(letterId)).toBeNull();
  await admin.query(`create or replace function steno.may_read_letter(of_letter uuid) returns boolean language sql as 'select true'`);
  expect(await foreign.presence.of(letterId)).toMatchObject({ people: [] }); // and then the view asks for the firm once more
});
