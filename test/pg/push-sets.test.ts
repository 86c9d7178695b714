import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/main/admin/audit/verify-audit.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { compareStates, firstDifference, judgeOneByOne, makeTwins } from '../support/push-twins.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`push-sets seed ${String(seed)} (repeat with STENO_SEED)`);
const histories = process.env['STENO_SEED'] ? 1 : Number(process.env['STENO_HISTORIES'] ?? 12);

const inSets = await createPgWorld();
const twins = await makeTwins([inSets, await createPgWorld(undefined, inSets)]);
await judgeOneByOne(twins[1].world.admin);

test('[S2] [S3] [S4] [S8] batches judged in sets end as batches judged change by change: verdicts, rows, conflicts, feed and audit', async () => {
  const seen = new Set<string>();
  for (let n = 0; n < histories; n += 1) expect(await firstDifference(twins, seed + n, seen)).toBeNull();
  // a comparison of batches in which nothing goes wrong would be none
  if (histories >= 12)
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'applied',
        'merged',
        'conflict',
        'fenced',
        'invalid',
        'not_found',
        'missing_parent',
        'duplicate',
        'forbidden',
        'append_only',
      ]),
    );
}, 300_000);

test('a large set leaves the audit that its rows one by one leave, hashed columns and emptied fields included', async () => {
  const [{ world, client, push }, other] = twins;
  const deviceId = inSets.firms.one.firmId;
  const tokens = [await world.tokenFor('one', 'Attorney', deviceId), await other.world.tokenFor('one', 'Attorney', deviceId)];
  const both = async (batch: Mutation[]): Promise<void> => {
    const [one, two] = [await push(client, tokens[0] ?? '', batch), await other.push(other.client, tokens[1] ?? '', batch)];
    expect(one).toEqual(two);
    expect(one.verdicts.every((verdict) => 'revision' in verdict)).toBe(true);
  };
  const matters = Array.from({ length: 150 }, (_, n) =>
    inserting('matter', { title: `Matter ${String(n)}`, case_reference: n % 2 ? 'REF' : null }),
  );
  const matter_id = matters[0]?.entityId ?? '';
  const document = inserting('document', {
    matter_id,
    file_name: 'x',
    relative_path: 'x',
    file_type: 'application/pdf',
    file_size: 1,
    content_hash: 'a'.repeat(64),
  });
  const pages = Array.from({ length: 150 }, (_, n) =>
    inserting('page', { document_id: document.entityId, page_number: n + 1, extracted_text: `Page ${String(n)} "ü" \n` }),
  );
  const template = (n: number) =>
    inserting('template', { template_name: `Template ${String(n)}`, template_content: { sections: [], note: null } });
  await both([...matters, document, ...pages, ...Array.from({ length: 150 }, (_, n) => template(n))]);
  await both([
    ...matters.map(({ entityId }, n) => patching('matter', entityId, 1, { title: `Matter ${String(n % 3)}`, case_reference: null })),
    ...pages.map(({ entityId }, n) => patching('page', entityId, 1, { extracted_text: n % 2 ? 'Other' : `Page ${String(n)} "ü" \n` })),
  ]);
  expect(await compareStates(twins)).toBeNull();
});

test('after all that the audit’s chain verifies', async () => {
  for (const { world } of twins) {
    const verified = await verifyAudit(world.admin, { slug: 'one' });
    expect(verified).toMatchObject({ ok: true, value: [{ faults: [] }] });
  }
});

/** What may run for each row of a table whose rows are judged in sets: it looks at the row, at rows that it names, and at who asks. */
const rowByRow = [
  'announce_gone', // no push takes a row away
  'audit_change',
  'check_hold',
  'check_letter_birth',
  'check_letter_open',
  'check_letter_status',
  'check_model_fact', // at the page that it quotes; one that comes with it counts
  'feed_direct_change',
  'keep_decider',
  'keep_kind', // and at the name of who asks
  'keep_maker',
  'keep_read_value',
  'part_links', // on a move to another matter, which is judged alone
  'refuse_change',
  'refuse_deleted_letter', // no push deletes a letter
  'refuse_held',
  'refuse_key_change',
  'refuse_loose_update', // once a statement, when all of it is there: an edit and the one that it builds on may be of one set
  'refuse_truncate',
  'set_updated_at',
];
const inSetsTables = `select format('steno.%I', e.table_name)::regclass from steno.entity e
  where e.in_sets or exists (select from steno.entity_field f where f.entity = e.entity and f.in_sets)`;
const odd = {
  'a trigger that may look further than its row': `select t.tgrelid::regclass || ' ' || p.proname as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where not t.tgisinternal and t.tgrelid in (${inSetsTables}) and p.proname <> all ('{${rowByRow.join()}}')`,
  'a policy that looks further than the firm': `select tablename || ' ' || policyname as name from pg_policies
    where schemaname = 'steno' and format('steno.%I', tablename)::regclass in (${inSetsTables})
      and concat(qual, ' ', with_check) !~ '^ ?(\\(firm_id = \\( SELECT auth\\.firm_for\\(''[a-z:]+''::text\\) AS firm_for\\)\\) ?)+$'`,
  'a field of a unique key': `select f.entity || ' ' || f.field as name from steno.entity_field f join steno.entity e using (entity)
    join pg_index i on i.indrelid = format('steno.%I', e.table_name)::regclass and i.indisunique
    where f.in_sets and (pg_get_indexdef(i.indexrelid) ~ ('\\m' || f.field || '\\M'))`,
  'a field that is a list': `select f.entity || ' ' || f.field as name from steno.entity_field f join steno.entity e using (entity)
    join pg_attribute a on a.attrelid = format('steno.%I', e.table_name)::regclass and a.attname = f.field join pg_type t on t.oid = a.atttypid
    where (f.in_sets or e.in_sets) and t.typcategory in ('A', 'C')`,
};

test.each(Object.entries(odd))('judged in sets is nothing with %s', async (_, query) => {
  expect((await inSets.admin.query(query)).rows).toEqual([]);
});

test('control: what may not be judged in sets is found', async () => {
  const { admin } = inSets;
  await admin.query('begin');
  await admin.query(
    `
    create trigger planted before insert on steno.fact for each row execute function steno.check_room_planted();
  `.replace('steno.check_room_planted', 'auth.check_room'),
  );
  await admin.query(`create policy planted on steno.fact for select using (exists (select from steno.matter))`);
  await admin.query(`update steno.entity_field set in_sets = true where entity = 'page' and field = 'page_number'`);
  await admin.query(
    `alter table steno.fact add column planted text[]; insert into steno.entity_field (entity, field, policy, merge_group) values ('fact', 'planted', 'last', 'planted')`,
  );
  for (const [title, query] of Object.entries(odd)) expect((await admin.query(query)).rows, title).toHaveLength(1);
  await admin.query('rollback');
});
