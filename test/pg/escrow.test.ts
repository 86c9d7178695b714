import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import type { EscrowKey } from '../../src/main/admin/escrow.ts';
import { escrow, policy, type MadeKey } from '../../src/main/cli/admin-escrow-commands.ts';
import { rescue, type OpenedRescue } from '../../src/main/cli/admin-rescue-commands.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { keepSealedKey } from '../../src/main/rescue/sealed-key.ts';
import { lockSecret, makeRecoveryKey, unlockSecret } from '../../src/main/rescue/seal.ts';
import { writeRescue } from '../../src/main/rescue/write-rescue.ts';
import { localAccount } from '../../src/main/store/schema.ts';
import { createLaptopLine } from '../../src/main/sync/laptop-line.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { explain } from '../../src/shared/errors.ts';
import { ok, type Outcome } from '../../src/shared/result.ts';
import { makeLaptop, must, outboxOf, storeKey, testFolder, type TestLaptop } from '../support/laptop.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { ada, leaveWork } from '../support/unsynced-work.ts';

const world = await createPgWorld();
const { admin, database, firms } = world;
const url = `postgres://${database.user}:${encodeURIComponent(database.password)}@${database.host}:${String(database.port)}/${database.database}`;
const passphrase = 'four words that nobody guesses';
/** Rounds that a test can wait for; the command's own are tried once, below. */
const quick = 10;

const fresh = (name: string): string => join(testFolder(), `${freshId()}-${name}`);
let slug: string;
let said: string;
beforeEach(async () => {
  slug = `f${freshId().slice(-8)}`;
  must(await createFirm(admin, { name: 'A firm', slug }, []));
});
const input = (word: string, options: Record<string, string>, over: { dryRun?: boolean; file?: string } = {}) => {
  said = '';
  const rest = over.file === undefined ? [word] : [word, over.file];
  return { rest, options, dryRun: over.dryRun ?? false, say: (text: string) => void (said += `${text}\n`) };
};
const keys = (word: string, options: Record<string, string> = {}, over: { dryRun?: boolean; secret?: string } = {}) =>
  escrow(input(word, { url, slug, ...options }, over), () => Promise.resolve(over.secret ?? passphrase), quick);
const list = async (): Promise<EscrowKey[]> => must(await keys('list')) as EscrowKey[];
const words = (outcome: Outcome<unknown>): string =>
  outcome.ok ? 'done' : `${explain(outcome.error).title} ${explain(outcome.error).advice}`;

describe('the firm’s recovery key', () => {
  test('is made into a file that opens with the passphrase alone; laptops are given its public half', async () => {
    const out = fresh('recovery.key');
    const made = must(await keys('create', { out })) as MadeKey;
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const file = await readFile(out);
    expect(file.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 10\n/);
    expect(must(await unlockSecret(file, passphrase)).publicKey).toBe(made.publicKey);
    for (const text of [said, JSON.stringify(made)]) expect(text).not.toMatch(/SECRET|four words/);
    expect(said).toContain(made.fingerprint);
    expect(await list()).toMatchObject([{ publicKey: made.publicKey, fingerprint: made.fingerprint, retiredAt: null }]);
  });

  test('is guarded by 2^18 rounds of scrypt where nobody says otherwise', async () => {
    const out = fresh('recovery.key');
    must(await escrow(input('create', { url, slug, out }), () => Promise.resolve(passphrase)));
    expect((await readFile(out)).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/);
  });

  test('is replaced by rotate: the newest is used, the older stay listed for what is sealed to them', async () => {
    const first = must(await keys('create', { out: fresh('1') })) as MadeKey;
    const second = must(await keys('rotate', { out: fresh('2') })) as MadeKey;
    expect(second.retired).toBe(1);
    expect((await list()).map(({ publicKey, retiredAt }) => [publicKey, retiredAt === null])).toEqual([
      [second.publicKey, true],
      [first.publicKey, false],
    ]);
    must(await createUser(admin, slug, { email: 'a@x.example', firstName: 'A', lastName: 'B', role: 'Attorney', password: passphrase }));
    const { rows } = await admin.query<{ me: { token: string; policy: unknown } }>(
      `select app.sign_in($1, 'a@x.example', $2, gen_random_uuid(), 'x') as me`,
      [slug, passphrase],
    );
    expect(rows[0]?.me.policy).toEqual({ offlineDays: null, recoveryKey: second.publicKey });
    const line = createLaptopLine(world.connection, rows[0]?.me.token ?? '');
    expect(await line.policy()).toEqual({ offlineDays: null, recoveryKey: second.publicKey });
    await line.close();
  });

  test.each<[string, string, Record<string, string>, { secret?: string }, RegExp]>([
    ['a short passphrase', 'create', {}, { secret: 'too short' }, /at least 12 characters/],
    ['an unknown firm', 'create', { slug: 'nobody' }, {}, /firm "nobody" is not here/],
    ['a file that is there', 'create', { out: import.meta.filename }, {}, /left as it is/],
    ['a folder that is none', 'create', { out: '/no/such/folder/key' }, {}, /cannot be written there/],
    ['rotate without a key', 'rotate', {}, {}, /has none yet/],
    ['another word', 'destroy', {}, {}, /Say create, rotate or list/],
  ])('%s: said in words, and nothing is made', async (_what, word, options, over, expected) => {
    const out = fresh('recovery.key');
    expect(words(await keys(word, { out, ...options }, over))).toMatch(expected);
    expect([await list(), existsSync(out)]).toEqual([[], false]);
  });

  test('a second create is refused; --dry-run checks the same and makes nothing', async () => {
    expect(must(await keys('create', { out: fresh('x') }, { dryRun: true }))).toMatchObject({ publicKey: null });
    expect(await list()).toEqual([]);
    must(await keys('create', { out: fresh('1') }));
    for (const dryRun of [true, false])
      expect(words(await keys('create', { out: fresh('2') }, { dryRun }))).toMatch(/rotate' makes another in its place/);
    expect(await list()).toHaveLength(1);
  });

  test('is audited, and no client can read or write it', async () => {
    must(await keys('create', { out: fresh('1') }));
    const { rows } = await admin.query(
      `select action from steno.audit_event e join steno.firm f using (firm_id) where f.firm_slug = $1 and table_name = 'escrow_key'`,
      [slug],
    );
    expect(rows).toEqual([{ action: 'insert' }]);
    const client = await world.client();
    for (const sql of [
      'select from auth.escrow_key',
      `delete from auth.escrow_key`,
      'select from auth.firm_policy',
      `select auth.laptop_policy(gen_random_uuid())`,
    ])
      await expect(client.query(sql), sql).rejects.toMatchObject({ code: '42501' });
  });
});

test('the firm’s policy for laptops is set, shown and put back; laptops are given it', async () => {
  const run = (options: Record<string, string>, dryRun = false) => policy(input('', { url, slug, ...options }, { dryRun }));
  expect(must(await run({}))).toEqual({ offlineDays: null, eraseDeactivated: false });
  expect(said).toContain('seven days without one');
  expect(must(await run({ 'offline-days': '0', 'erase-deactivated': 'yes' }))).toEqual({ offlineDays: 0, eraseDeactivated: true });
  expect(said).toMatch(/never\.\n.*erase their copy/);
  expect(must(await run({ 'offline-days': '3' }, true))).toMatchObject({ would: { 'offline-days': 3 } });
  expect(must(await run({ 'offline-days': '1' }))).toEqual({ offlineDays: 1, eraseDeactivated: true });
  expect(must(await run({ 'offline-days': 'default', 'erase-deactivated': 'no' }))).toEqual({ offlineDays: null, eraseDeactivated: false });
  for (const days of ['366', '-1', 'x', '1.5']) expect(words(await run({ 'offline-days': days }))).toMatch(/from 0 to 365, or default/);
});

describe('a rescue file at IT', () => {
  const recovery = makeRecoveryKey();
  let keyFile: string;
  beforeEach(async () => {
    keyFile = fresh('recovery.key');
    await writeFile(keyFile, await lockSecret((await recovery).secret, passphrase, quick));
  });
  const run = (word: string, options: Record<string, string>, file?: string, dryRun = false) =>
    rescue(input(word, { key: keyFile, ...options }, { dryRun, ...(file !== undefined && { file }) }), () => Promise.resolve(passphrase));

  /** A laptop of somebody of firm one, known there, with work that the firm does not have; and its rescue file. */
  async function rescued(
    fileName = 'bill.pdf',
    also: (laptop: TestLaptop) => void = () => undefined,
  ): Promise<{ laptop: TestLaptop; work: ReturnType<typeof leaveWork>; path: string; deviceId: string }> {
    const laptop = makeLaptop();
    const work = leaveWork(laptop);
    also(laptop);
    laptop.store.raw.prepare('update document set file_name = ?').run(fileName);
    const { firmId, slug: firmSlug, userIds } = firms.one;
    const account = { ...ada, firmId, firmSlug, userId: userIds.Attorney, email: 'attorney@one.example' };
    laptop.store.db.update(localAccount).set({ account }).run();
    await admin.query(`insert into auth.device (firm_id, user_id, device_id, device_name) values ($1, $2, $3, 'x')`, [
      firmId,
      userIds.Attorney,
      laptop.deviceId,
    ]);
    const path = fresh('rescue.age');
    must(await writeRescue({ store: laptop.store, reason: 'revoked', now: Date.now(), publicKey: (await recovery).publicKey, path }));
    return { laptop, work, path, deviceId: laptop.deviceId };
  }

  test('is opened into text, JSON and files, for this user only; names from inside lead nowhere else', async () => {
    const { path, work, laptop } = await rescued('../../evil\u001b[2J.pdf');
    laptop.store.close();
    const out = fresh('out');
    expect(must(await run('open', { out }, path))).toMatchObject({
      counts: { changes: 5, files: 1 },
      files: [{ isWhole: true }],
    });
    expect((await stat(out)).mode & 0o777).toBe(0o700);
    expect((await readdir(out)).sort()).toEqual(['files', 'rescue.json', 'rescue.txt']);
    expect(await readdir(join(out, 'files'))).toEqual(['1 evil [2J.pdf']);
    expect(await readFile(join(out, 'files', '1 evil [2J.pdf'))).toEqual(work.bytes);
    expect(said).not.toContain('\u001b');
    const text = await readFile(join(out, 'rescue.txt'), 'utf8');
    for (const part of [
      'Ada Adams <attorney@one.example>',
      'because the laptop was revoked',
      '## Rivera v. BestValue',
      work.sentence,
      'new letter of Demand to BestValue',
      'refused by the firm: forbidden',
      'was Rivera v. BestValue',
    ])
      expect(text).toContain(part);
    expect((JSON.parse(await readFile(join(out, 'rescue.json'), 'utf8')) as OpenedRescue).counts).toMatchObject({ changes: 5 });
    expect(words(await run('open', { out }, path))).toContain('left as it is');
  });

  test('of a copy whose key is gone is made from the copy and the sealed key beside it, which stay as they are', async () => {
    const laptop = makeLaptop(join(testFolder(), `${freshId()}.db`));
    const work = leaveWork(laptop);
    const folder = fresh('store');
    laptop.store.close();
    await mkdir(folder);
    await copyFile(laptop.path, join(folder, 'steno.db'));
    await keepSealedKey(join(folder, 'store.escrow'), { accountKey: 'x', storeKey, publicKey: (await recovery).publicKey });
    const before = await readFile(join(folder, 'steno.db'));
    must(await run('open', { store: folder }));
    expect(said).toContain('from a copy whose key is gone');
    expect(said).toContain(work.sentence);
    expect(await readFile(join(folder, 'steno.db'))).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['steno.db', 'store.escrow']);
    expect(words(await run('open', { store: testFolder() }))).toContain('is not here');
  });

  test('[S29] is imported once: its changes wait as proposals of their author, and a laptop that sends one later is told so', async () => {
    const { path, laptop, work, deviceId } = await rescued();
    expect(must(await run('import', { url, slug: 'one' }, path, true))).toEqual({ would: 5 });
    expect(must(await run('import', { url, slug: 'one' }, path))).toEqual({ proposed: 5, known: 0, left: 0 });
    expect(said).toMatch(/5 changes wait as proposals of attorney@one\.example.*\n.*1 files are not imported/);
    expect(must(await run('import', { url, slug: 'one' }, path))).toEqual({ proposed: 0, known: 5, left: 0 });
    const { rows } = await admin.query<{ entity: string; reason: string; state: string; letter_id: string | null }>(
      `select entity, reason, state, letter_id from steno.proposal where proposed_device = $1 order by ordinal`,
      [deviceId],
    );
    expect(rows.map(({ entity, reason }) => [entity, reason])).toEqual([
      ...[
        ['matter', 'rescued'],
        ['letter', 'parent_proposed'],
        ['letter_update', 'parent_proposed'],
        ['document', 'parent_proposed'],
        ['matter', 'parent_proposed'],
      ],
    ]);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['open']));
    // the repaired copy of that laptop sends what it still has: each counts once
    const remote = await world.connect('one', 'Attorney', deviceId);
    laptop.store.raw.exec(`update outbox set state = 'waiting', reason = null`);
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    expect(outboxOf(laptop.store)).toEqual([]);
    expect((await admin.query('select from steno.matter where matter_id = $1', [work.matterId])).rowCount).toBe(0);
    // somebody accepts them, the parent first
    const boss = await world.connect('one', 'Admin');
    const { rows: open } = await admin.query<{ id: string; revision: number }>(
      `select proposal_id as id, revision from steno.proposal where proposed_device = $1 order by ordinal`,
      [deviceId],
    );
    const verdicts = await boss.push(
      open.map(({ id, revision }) => ({
        mutationId: freshId(),
        entity: 'proposal',
        entityId: id,
        op: 'patch' as const,
        baseRevision: revision,
        patch: { state: 'accepted' },
      })),
    );
    expect(verdicts.map(({ verdict, reason }) => reason ?? verdict)).toEqual(['applied', 'applied', 'applied', 'applied', 'applied']);
    const { rows: titles } = await admin.query(
      `select m.title, l.title as letter, u.created_by from steno.matter m join steno.demand_letter l using (matter_id) join steno.letter_update u using (letter_id) where m.matter_id = $1`,
      [work.matterId],
    );
    expect(titles).toEqual([
      { title: 'Rivera v. BestValue Stores', letter: 'Demand to BestValue', created_by: firms.one.userIds.Attorney },
    ]);
  });

  test('[S29] with what was said of a letter: comments and suggestions wait beside it for who may decide, replies behind what they answer', async () => {
    const boss = await world.connect('one', 'Admin');
    const [matter, threadId] = [aMatter(), freshId()];
    const letter = aLetter(matter.entityId);
    const theirs = inserting('collaboration', { letter_id: letter.entityId, change_type: 'Suggestion', change_data: { text: 'x' } });
    await boss.push([matter, letter, theirs]);
    const { path, deviceId } = await rescued('bill.pdf', (laptop) => {
      must(
        laptop.write(({ insert }) => {
          const said = { letterId: letter.entityId, changeType: 'Comment' as const };
          insert('collaboration', { ...said, collaborationId: threadId, changeData: { text: 'Too low.' } });
          insert('collaboration', { ...said, collaborationId: freshId(), parentId: threadId, changeData: { text: 'Far too low.' } });
          return ok({});
        }),
      );
      const patch = JSON.stringify({ is_resolved: true, outcome: 'rejected' });
      laptop.store.raw
        .prepare(
          `insert into outbox (mutation_id, entity, entity_id, op, base_revision, patch, created_at) values (?, 'collaboration', ?, 'patch', 1, ?, 0)`,
        )
        .run(freshId(), theirs.entityId, patch);
    });
    expect(must(await run('import', { url, slug: 'one' }, path))).toEqual({ proposed: 8, known: 0, left: 0 });
    const { rows } = await admin.query<{ id: string; reason: string }>(
      `select proposal_id as id, reason, letter_id, matter_id from steno.proposal where proposed_device = $1 and entity = 'collaboration' order by ordinal`,
      [deviceId],
    );
    const place = { letter_id: letter.entityId, matter_id: matter.entityId };
    expect(rows).toMatchObject([
      { ...place, reason: 'rescued' },
      { ...place, reason: 'parent_proposed' },
      { ...place, reason: 'rescued' },
    ]);
    const accepting = await boss.push(rows.map(({ id }) => patching('proposal', id, 1, { state: 'accepted' })));
    expect(accepting.map(({ verdict, reason }) => reason ?? verdict)).toEqual(['applied', 'applied', 'applied']);
    const { rows: said } = await admin.query(
      `select change_data ->> 'text' as text, user_id, outcome from steno.collaboration where letter_id = $1 order by collaboration_id`,
      [letter.entityId],
    );
    const byHer = { user_id: firms.one.userIds.Attorney, outcome: null };
    expect(said).toEqual(
      expect.arrayContaining([
        { text: 'Too low.', ...byHer },
        { text: 'Far too low.', ...byHer },
        { text: 'x', user_id: firms.one.userIds.Admin, outcome: 'rejected' },
      ]),
    );
  });

  test('of what the firm has judged meanwhile is not proposed again', async () => {
    const { path, laptop, deviceId } = await rescued();
    const remote = await world.connect('one', 'Attorney', deviceId);
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    // the refused one alone is new to the firm
    expect(must(await run('import', { url, slug: 'one' }, path))).toEqual({ proposed: 1, known: 4, left: 0 });
  });

  test('of another firm, or of a laptop that nobody signed in on, is a stranger’s: nothing is imported', async () => {
    const { path } = await rescued();
    expect(words(await run('import', { url, slug: 'two' }, path))).toContain('Nobody of two signed in on the laptop');
    const forged = makeLaptop();
    leaveWork(forged);
    const { firmId, slug: firmSlug, userIds } = firms.one;
    forged.store.db
      .update(localAccount)
      .set({ account: { ...ada, firmId, firmSlug, userId: userIds.Admin } })
      .run();
    const file = fresh('forged.age');
    must(await writeRescue({ store: forged.store, reason: 'revoked', now: 0, publicKey: (await recovery).publicKey, path: file }));
    expect(words(await run('import', { url, slug: 'one' }, file))).toContain('Nobody of one signed in on the laptop');
  });

  test.each<[string, Record<string, string>, string | undefined, RegExp]>([
    ['neither a file nor a copy', {}, undefined, /Name the rescue file, or with --store/],
    ['a key file that is none', { key: import.meta.filename }, 'x.age', /does not open with this passphrase/],
    ['no key file', { key: '/no/such' }, 'x.age', /no such file/],
    ['a file that is not there', {}, '/no/such.age', /is not here/],
    ['a file that is no rescue file', {}, import.meta.filename, /cut off or changed/],
  ])('%s: said in words', async (_what, options, file, expected) => {
    expect(words(await run('open', options, file))).toMatch(expected);
  });
});
