import { beforeAll, expect, test } from 'vitest';
import { runRetention, type RetentionWork } from '../../src/main/admin/retention/retention.ts';
import { retentionRules } from '../../src/main/admin/retention/rules.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firm = firms.one.firmId;
const ids = {
  matter: freshId(),
  heldMatter: freshId(),
  closedMatter: freshId(),
  old: freshId(),
  held: freshId(),
  recent: freshId(),
  draft: freshId(),
  closed: freshId(),
};
const oldFile = 'a'.repeat(64);
const heldFile = 'b'.repeat(64);

/** Rows as old as no test can wait for: made with the triggers off. */
async function inThePast(sql: string, values: unknown[] = []): Promise<void> {
  await admin.query('begin');
  await admin.query('set local session_replication_role = replica');
  await admin.query(sql, values);
  await admin.query('commit');
}

async function letter(id: string, matter: string, years: number | null): Promise<void> {
  const finalized = years === null ? 'null' : `now() - interval '${String(years)} years'`;
  await inThePast(
    `insert into steno.demand_letter (firm_id, letter_id, matter_id, title, letter_date, status, finalized_at, created_at) values ($1, $2, $3, 'A letter', '2015-01-01', $4, ${finalized}, now() - interval '9 years')`,
    [firm, id, matter, years === null ? 'Draft' : 'Exported'],
  );
  for (const [number, days, isMajor, name] of [
    [1, 500, false, null],
    [2, 500, true, null],
    [3, 500, false, 'Before the call'],
    [4, 500, false, null],
  ] as const)
    await inThePast(
      `insert into steno.letter_version (firm_id, version_id, letter_id, content, letter_values, change_summary, version_number, is_major, created_at, version_name)
       values ($1, $2, $3, $8, '{"total": 1}', 'x', $4, $5, now() - make_interval(days => $6), $7)`,
      [firm, freshId(), id, number, isMajor, days, name, Buffer.from([number])],
    );
  for (const [days, isDone] of [
    [100, true],
    [10, true],
    [100, false],
  ] as const) {
    const at = `now() - interval '${String(days)} days'`;
    const thread = freshId();
    await inThePast(
      `insert into steno.collaboration (firm_id, collaboration_id, letter_id, change_type, change_data, is_resolved, resolved_at) values ($1, $2, $3, 'Comment', '{"text": "x"}', $4, case when $4 then ${at} end)`,
      [firm, thread, id, isDone],
    );
    await inThePast(
      `insert into steno.collaboration (firm_id, collaboration_id, letter_id, parent_id, change_type, change_data) values ($1, $2, $3, $4, 'Comment', '{"text": "reply"}')`,
      [firm, freshId(), id, thread],
    );
    await inThePast(
      `insert into steno.ai_refinement (firm_id, refinement_id, letter_id, instruction, provider, ai_model, prompt_version, input_content, output_content, status, completed_at)
       values ($1, $2, $3, 'Firmer', 'p', 'm', '1', 'Before', case when $4 then 'After' end, case when $4 then 'Completed' else 'Pending' end, case when $4 then ${at} end)`,
      [firm, freshId(), id, isDone],
    );
  }
}

beforeAll(async () => {
  for (const [id, status, held] of [
    [ids.matter, 'Open', false],
    [ids.heldMatter, 'Closed', true],
    [ids.closedMatter, 'Closed', false],
  ] as const)
    await inThePast(
      `insert into steno.matter (firm_id, matter_id, title, status, legal_hold, legal_hold_reason, legal_hold_at) values ($1, $2, 'A matter', $3, $4, case when $4 then 'Suit is threatened' end, case when $4 then now() end)`,
      [firm, id, status, held],
    );
  await letter(ids.old, ids.matter, 8);
  await letter(ids.closed, ids.closedMatter, 8);
  await letter(ids.held, ids.heldMatter, 8);
  await letter(ids.recent, ids.matter, 1);
  await letter(ids.draft, ids.matter, null);
  for (const [hash, matter] of [
    [oldFile, ids.closedMatter],
    [heldFile, ids.heldMatter],
  ]) {
    await inThePast(
      `insert into steno.blob (firm_id, content_hash, size_bytes, completed_at, created_at) values ($1, $2, 1, now(), now() - interval '8 years')`,
      [firm, hash],
    );
    await inThePast(`insert into steno.blob_chunk (firm_id, content_hash, chunk_number, bytes) values ($1, $2, 0, 'x')`, [firm, hash]);
    await inThePast(
      `insert into steno.source_document (firm_id, document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, updated_at)
       values ($1, $2, $3, 'x.pdf', 'x.pdf', 'application/pdf', 1, $4, now() - interval '8 years')`,
      [firm, freshId(), matter, hash],
    );
  }
});

const byRule = (work: RetentionWork[], field: 'due' | 'done'): Record<string, number> =>
  Object.fromEntries(work.filter((each) => each.firm === 'one').map((each) => [each.rule, each[field]]));
const count = async (sql: string): Promise<number> =>
  Number((await admin.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n);

test('a firm’s own setting stands in for the default', async () => {
  await inThePast(
    `insert into steno.setting (firm_id, setting_id, setting_key, setting_value) values ($1, $2, 'retention.letter_years', '10')`,
    [firm, freshId()],
  );
  expect(byRule(must(await runRetention(admin, { slug: 'one', dryRun: true })), 'due')['letters']).toBe(0);
  await inThePast(`delete from steno.setting where firm_id = $1`, [firm]);
});

test('a dry run counts what is due and changes nothing', async () => {
  const letters = await count('steno.demand_letter');
  const due = byRule(must(await runRetention(admin, { slug: 'one', dryRun: true })), 'due');
  // one version each of four letters that are not held: the newest and the major ones stay
  expect(due).toEqual({ letters: 2, versions: 4, comments: 4, refinements: 4, documents: 0, files: 0, feed: 0, tombstones: 0 });
  expect(await count('steno.demand_letter')).toBe(letters);
});

test('what is past its time is archived, emptied or deleted; what is held, recent, major or open stays', async () => {
  const laptop = await world.connect('one', 'Attorney');
  const before = (await laptop.pull(0, 1000)).position;
  const done = byRule(must(await runRetention(admin, { slug: 'one', dryRun: false })), 'done');
  expect(done).toEqual({ letters: 2, versions: 2, comments: 2, refinements: 2, documents: 1, files: 1, feed: 0, tombstones: 0 });

  const left = await admin.query<{ id: string }>('select letter_id as id from steno.demand_letter where firm_id = $1', [firm]);
  expect(left.rows.map(({ id }) => id).sort()).toEqual([ids.held, ids.recent, ids.draft].sort());
  const archived = await admin.query(
    'select letter_id, archived_reason, content, letter_values from steno.demand_letter_archive where firm_id = $1',
    [firm],
  );
  expect(archived.rows).toHaveLength(2);
  expect(archived.rows[0]).toMatchObject({ archived_reason: 'retention', content: Buffer.from([2]), letter_values: { total: 1 } });

  const versions = await admin.query<{ n: number }>(
    'select version_number as n from steno.letter_version where letter_id = $1 order by 1',
    [ids.recent],
  );
  expect(versions.rows.map(({ n }) => n)).toEqual([2, 3, 4]);
  expect(await count(`steno.letter_version where letter_id = '${ids.held}'`)).toBe(4);
  expect(await count(`steno.collaboration where letter_id = '${ids.recent}'`)).toBe(4);
  expect(await count(`steno.collaboration where letter_id = '${ids.held}'`)).toBe(6);
  expect(
    await count(
      `steno.ai_refinement where letter_id = '${ids.recent}' and details_removed_at is not null and input_content is null and ai_model = 'm'`,
    ),
  ).toBe(1);
  expect(await count(`steno.ai_refinement where letter_id = '${ids.held}' and details_removed_at is not null`)).toBe(0);
  expect(await count(`steno.blob where content_hash = '${oldFile}'`)).toBe(0);
  expect(await count(`steno.blob_chunk where content_hash = '${heldFile}'`)).toBe(1);

  // the laptops drop it too
  const gone = (await laptop.pull(before, 1000)).changes.filter(({ row }) => row === null);
  expect(gone.map(({ entityId }) => entityId)).toEqual(expect.arrayContaining([ids.old, ids.closed]));
});

test('the audit outlives the details: what was removed is there as hash, and each rule’s run as a note', async () => {
  const { rows } = await admin.query<{ was: { input_content: { sha256: string; length: number } } }>(
    `select old_values as was from steno.audit_event where firm_id = $1 and table_name = 'ai_refinement' and action = 'update'`,
    [firm],
  );
  expect(rows[0]?.was.input_content).toMatchObject({ length: 'Before'.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(JSON.stringify(rows)).not.toContain('Before');
  const notes = await admin.query<{ rule: string }>(
    `select row_key as rule from steno.audit_event where firm_id = $1 and action = 'retention' order by 1`,
    [firm],
  );
  expect(notes.rows.map(({ rule }) => rule)).toEqual(['comments', 'documents', 'files', 'letters', 'refinements', 'versions']);
});

test('a second run finds nothing', async () => {
  const again = must(await runRetention(admin, { dryRun: false }));
  expect(again.every(({ due }) => due === 0)).toBe(true);
  expect(new Set(again.map(({ firm: slug }) => slug))).toEqual(new Set(['one', 'two']));
});

test('control: a rule that forgets the hold is stopped by the database', async () => {
  const careless = retentionRules.find(({ name }) => name === 'letters')?.act.replace('and not m.legal_hold', '') ?? '';
  expect(careless).not.toContain('legal_hold');
  await expect(admin.query(careless, [firm, new Date(), 10])).rejects.toMatchObject({ code: 'SN001', message: 'legal_hold' });
});

test('a firm that is not there is named', async () => {
  expect(await runRetention(admin, { slug: 'nobody', dryRun: false })).toMatchObject({ ok: false, error: { code: 'not_found' } });
});
