import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { ok } from '../../src/shared/result.ts';
import { makeLaptop, must, outboxOf, rowsOf } from '../support/laptop.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const { Attorney: ann, Paralegal: bob } = firms.one.userIds;
const [hers, his] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')];
const minute = 60_000;
const at = (ms: number): string => new Date(ms).toISOString();

async function taken(by: typeof hers, ...batch: Mutation[]): Promise<void> {
  const verdicts = await by.push(batch);
  expect(verdicts.map(({ verdict, reason }) => reason ?? verdict)).toEqual(
    batch.map(() => expect.stringMatching(/applied|merged/) as string),
  );
}
const [matter, elsewhere] = [aMatter(), aMatter('Another')];
const paper = (of: Mutation): Mutation =>
  inserting('document', {
    matter_id: of.entityId,
    file_name: 'a',
    relative_path: freshId(),
    file_type: 'x',
    file_size: 1,
    content_hash: 'a'.repeat(64),
  });
const [bill, record] = [paper(matter), paper(matter)];
const production = inserting('production', { production_name: 'Dawn' });
const department = inserting('department', { department_name: 'Camera' });
await taken(hers, matter, elsewhere, bill, record, production, department);

const place = { matter_id: matter.entityId, document_id: bill.entityId, page: 1, start_offset: 0, end_offset: 9, quote: 'x' };
const amounts = { billed_cents: 1, adjusted_cents: 0, paid_cents: 1 };
/** A row of each kind that people decide about, as rules propose it; of a question, as one answers it. */
const rows: Record<string, Mutation['patch']> = {
  fact: { ...place, kind: 'date_of_loss', value: 'x', normal: 'x', confidence: 1, method: 'rule' },
  bill_line: { ...place, ...amounts, line_order: 0, provider: 'x', description: 'x', method: 'rule', confidence: 1 },
  contact: { name: 'Ada Adams', email: 'ada@camera.example' },
  question: { matter_id: matter.entityId, question_key: 'gap', is_settled: true },
};
const kinds = Object.keys(rows);
const decision = (kind: string): Mutation['patch'] => (kind === 'question' ? { note: 'It is there.' } : { state: 'approved' });

async function rowOf(kind: string, id: string): Promise<Record<string, unknown>> {
  const found = await admin.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) || jsonb_build_object('at_ms', floor(extract(epoch from decided_at) * 1000), 'now_ms', floor(extract(epoch from clock_timestamp()) * 1000)) as row from steno.${kind} t where ${kind}_id = $1`,
    [id],
  );
  return found.rows[0]?.row ?? {};
}
/** A row that the attorney decided about. */
async function decided(kind: string): Promise<string> {
  const row = inserting(kind, rows[kind] ?? {});
  await taken(hers, row);
  await taken(hers, patching(kind, row.entityId, 1, { ...decision(kind), decided_by: ann }));
  expect(await rowOf(kind, row.entityId)).toMatchObject({ decided_by: ann });
  return row.entityId;
}
/** The rule of the firm's database is off for as long. */
async function without(trigger: string, work: () => Promise<void>): Promise<void> {
  const { rows: found } = await admin.query<{ on: string; name: string }>(
    `select tgrelid::regclass::text as on, tgname as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.proname = $1 and t.tgparentid = 0`,
    [trigger],
  );
  expect(found.length).toBeGreaterThan(0);
  const all = (word: 'disable' | 'enable') =>
    admin.query(found.map(({ on, name }) => `alter table ${on} ${word} trigger ${name}`).join(';'));
  await all('disable');
  await work().finally(() => all('enable'));
}

async function decideInHerName(kind: string): Promise<unknown[]> {
  const [first, second] = [inserting(kind, rows[kind] ?? {}), inserting(kind, { ...rows[kind], ...decision(kind), decided_by: ann })];
  await taken(his, first, second);
  await taken(his, patching(kind, first.entityId, 1, { ...decision(kind), decided_by: ann, decided_at: '2026-01-01T00:00:00Z' }));
  return [(await rowOf(kind, first.entityId))['decided_by'], (await rowOf(kind, second.entityId))['decided_by']];
}
async function changeUnderHerName(kind: string): Promise<unknown> {
  const id = await decided(kind);
  await taken(
    his,
    patching(
      kind,
      id,
      2,
      kind === 'fact'
        ? { quote: 'other' }
        : kind === 'bill_line'
          ? { units: 9 }
          : { ...decision(kind), ...(kind === 'contact' ? { phone: '1' } : { note: 'No.' }) },
    ),
  );
  return (await rowOf(kind, id))['decided_by'];
}

test.each(kinds)('who decided about a %s is who pushes it, with the row and later, whoever the change names', async (kind) => {
  expect(await decideInHerName(kind)).toEqual([bob, bob]);
});

test('many decisions in one batch are their pusher’s as well', async () => {
  const facts = Array.from({ length: 50 }, () => inserting('fact', rows['fact'] ?? {}));
  await taken(his, ...facts);
  await taken(his, ...facts.map(({ entityId }) => patching('fact', entityId, 1, { state: 'approved', decided_by: ann })));
  const found = await admin.query('select distinct decided_by from steno.fact where fact_id = any ($1)', [
    facts.map(({ entityId }) => entityId),
  ]);
  expect(found.rows).toEqual([{ decided_by: bob }]);
});

test.each(kinds.filter((kind) => kind !== 'question'))('nobody decided about a %s that is only proposed', async (kind) => {
  const said = { decided_by: ann, decided_at: '2026-01-01T00:00:00Z' };
  const row = inserting(kind, { ...rows[kind], state: 'proposed', ...said });
  await taken(his, row);
  expect(await rowOf(kind, row.entityId)).toMatchObject({ decided_by: null, decided_at: null });
  await taken(his, patching(kind, row.entityId, 1, said));
  expect(await rowOf(kind, row.entityId)).toMatchObject({ decided_by: null, decided_at: null });
  // what is proposed anew was not decided by whoever decided before
  const before = await decided(kind);
  await taken(his, patching(kind, before, 2, { state: 'proposed' }));
  expect(await rowOf(kind, before)).toMatchObject({ decided_by: null, decided_at: null });
});

test.each(kinds)('whatever somebody changes of a %s that another decided about is not left under her name', async (kind) => {
  const { rows: fields } = await admin.query<{ field: string; type: string }>(
    `select f.field, format_type(a.atttypid, null) as type from steno.entity_field f join pg_attribute a on a.attrelid = ('steno.' || f.entity)::regclass and a.attname = f.field
     where f.entity = $1 and f.field not in ('decided_by', 'decided_at', 'deleted_at', 'read_value', 'read_values')`, // what was read the firm keeps itself
    [kind],
  );
  expect(fields.length).toBeGreaterThanOrEqual(4);
  const another: Record<string, unknown> = {
    ...{ state: 'rejected', matter_id: elsewhere.entityId, document_id: record.entityId, email: 'eve@camera.example' },
    ...{ production_id: production.entityId, department_id: department.entityId, is_settled: false },
  };
  const byType: Record<string, unknown> = { text: 'other', integer: 7, bigint: 7, date: '2020-01-02', 'numeric(3,2)': 0.5, numeric: 0.5 };
  for (const { field, type } of fields) {
    const id = await decided(kind);
    await taken(his, patching(kind, id, 2, { [field]: another[field] ?? byType[type] }));
    expect(await rowOf(kind, id), field).toMatchObject({ decided_by: bob });
  }
});

test.each(kinds)('nor is another put in the place of who decided about a %s: without a change nothing was decided', async (kind) => {
  const id = await decided(kind);
  const before = await rowOf(kind, id);
  await taken(his, patching(kind, id, 2, { ...decision(kind), decided_by: bob, decided_at: at(Date.now()) }));
  await taken(his, patching(kind, id, 3, { decided_by: null, decided_at: null }));
  const { decided_by, decided_at } = before;
  expect(await rowOf(kind, id)).toMatchObject({ decided_by, decided_at, revision: 4 });
});

test('control: without the rule every client is believed', async () => {
  await without('keep_decider', async () => {
    for (const kind of kinds) {
      expect(await decideInHerName(kind), kind).toEqual([ann, ann]);
      expect(await changeUnderHerName(kind), kind).toBe(ann);
    }
  });
  for (const kind of kinds) expect(await changeUnderHerName(kind), kind).toBe(bob);
});

test('[S11] a decision made offline keeps its time as far as that can be true: no later than now, and also before the row came to the firm', async () => {
  const decideAt = async (decidedAt: string, by = bob): Promise<Record<string, unknown>> => {
    const fact = inserting('fact', rows['fact'] ?? {});
    await taken(hers, fact);
    await admin.query(`update steno.fact set created_at = now() - interval '2 hours' where fact_id = $1`, [fact.entityId]);
    await taken(his, patching('fact', fact.entityId, 1, { state: 'approved', decided_by: by, decided_at: decidedAt }));
    return rowOf('fact', fact.entityId);
  };
  const isNow = (row: Record<string, unknown>): boolean => Number(row['now_ms']) - Number(row['at_ms']) < minute;
  const anHourAgo = Date.now() - 60 * minute;
  expect((await decideAt(at(anHourAgo)))['at_ms']).toBe(anHourAgo);
  // found and decided about on one trip, or handed back to a firm that was restored
  expect((await decideAt(at(anHourAgo - 120 * minute)))['at_ms']).toBe(anHourAgo - 120 * minute);
  const whole = inserting('fact', { ...rows['fact'], state: 'approved', decided_by: bob, decided_at: at(anHourAgo) });
  await taken(his, whole);
  expect(await rowOf('fact', whole.entityId)).toMatchObject({ decided_by: bob, at_ms: anHourAgo });
  expect(isNow(await decideAt(at(Date.now() + 60 * minute)))).toBe(true);
  // of a clock that no laptop could store the time of
  for (const never of ['-infinity', 'infinity', '1999-12-31', '12024-01-01']) expect(isNow(await decideAt(never)), never).toBe(true);
  // the time of somebody else's decision is not when this one was made
  expect(isNow(await decideAt(at(anHourAgo), ann))).toBe(true);
});

test.each([
  ['dated before the one it took the place of', { decided_by: bob, decided_at: at(Date.now() - 90 * minute) }],
  ['left at its time', {}],
])('[S11] a later decision is not %s', async (_, said) => {
  const fact = inserting('fact', rows['fact'] ?? {});
  await taken(hers, fact);
  await admin.query(`update steno.fact set created_at = now() - interval '2 hours' where fact_id = $1`, [fact.entityId]);
  const first = Date.now() - 60 * minute;
  await taken(hers, patching('fact', fact.entityId, 1, { state: 'approved', decided_by: ann, decided_at: at(first) }));
  expect(await rowOf('fact', fact.entityId)).toMatchObject({ at_ms: first });
  await taken(his, patching('fact', fact.entityId, 2, { state: 'rejected', ...said }));
  const row = await rowOf('fact', fact.entityId);
  expect(row).toMatchObject({ decided_by: bob });
  expect(Number(row['now_ms']) - Number(row['at_ms'])).toBeLessThan(minute);
});

test('[S8] of two decisions that collide, who chooses one decided', async () => {
  const fact = inserting('fact', rows['fact'] ?? {});
  await taken(hers, fact);
  const correct = (value: string, by: string) =>
    patching('fact', fact.entityId, 1, { state: 'corrected', value, normal: value, decided_by: by });
  await taken(hers, correct('hers', ann));
  expect(await his.push([correct('his', bob)])).toMatchObject([{ verdict: 'conflict' }]);
  expect(await rowOf('fact', fact.entityId)).toMatchObject({ value: 'hers', decided_by: ann });
  const chooser = await world.connect('one', 'Admin');
  const chosen = patching('fact', fact.entityId, 2, { state: 'corrected', value: 'his', normal: 'his', decided_by: bob });
  await taken(chooser, chosen);
  expect(await rowOf('fact', fact.entityId)).toMatchObject({ value: 'his', decided_by: firms.one.userIds.Admin });
});

test('an administrator without a session says herself who decided; a person who is deleted leaves what she decided', async () => {
  const id = await decided('fact');
  await admin.query(`update steno.fact set value = 'mended', decided_by = $2, decided_at = '2026-01-01' where fact_id = $1`, [id, bob]);
  expect(await rowOf('fact', id)).toMatchObject({ decided_by: bob, value: 'mended' });
  await admin.query(`update steno.fact set decided_by = null where fact_id = $1`, [id]);
  expect(await rowOf('fact', id)).toMatchObject({ decided_by: null, state: 'approved' });
});

test('a laptop that decided offline ends with what the firm says of it', async () => {
  const laptop = makeLaptop();
  const remote = await world.connect('one', 'Paralegal', laptop.deviceId);
  const sync = async (): Promise<void> => {
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
  };
  const fact = inserting('fact', rows['fact'] ?? {});
  await taken(hers, fact);
  await sync();
  const claim = { state: 'approved' as const, decidedBy: ann, decidedAt: Date.now() + 60 * minute };
  must(laptop.write((change) => ok(change.patch('fact', fact.entityId, claim))));
  expect(rowsOf(laptop.store, 'fact').get(fact.entityId)).toMatchObject({ decided_by: ann });
  await sync();
  const row = rowsOf(laptop.store, 'fact').get(fact.entityId);
  expect(row).toMatchObject({ state: 'approved', decided_by: bob });
  expect(Date.parse(String(row?.['decided_at']))).toBeLessThan(claim.decidedAt - 59 * minute);
  expect(outboxOf(laptop.store)).toEqual([]);
});

async function link(): Promise<string> {
  const ends = { from_document_id: record.entityId, to_document_id: paper(matter).entityId };
  const to = { ...paper(matter), entityId: ends.to_document_id };
  const row = inserting('document_link', { ...ends, link_kind: 'record_for', confidence: 1, method: 'rule', state: 'proposed' });
  await taken(hers, to, row);
  await taken(hers, patching('document_link', row.entityId, 1, { state: 'approved', decision_reason: 'Both name it.' }));
  return row.entityId;
}
const deciderOf = async (linkId: string): Promise<unknown> =>
  (await admin.query<{ by: string }>('select decided_by as by from steno.document_link where link_id = $1', [linkId])).rows[0]?.by;

test('whoever writes another reason to a link decided; a rule’s link does not become one that somebody made by hand', async () => {
  const id = await link();
  expect(await deciderOf(id)).toBe(ann);
  await taken(his, patching('document_link', id, 2, { confidence: 2 }));
  expect(await deciderOf(id)).toBe(ann);
  expect(await his.push([patching('document_link', id, 3, { method: 'person' })])).toMatchObject([{ reason: 'append_only' }]);
  await taken(his, patching('document_link', id, 3, { decision_reason: 'Neither names it.' }));
  expect(await deciderOf(id)).toBe(bob);
});

test('control: without the rule the reason is put under another’s name', async () => {
  const id = await link();
  await without('check_link', async () => {
    await taken(his, patching('document_link', id, 2, { decision_reason: 'Neither names it.', method: 'person' }));
    expect(await deciderOf(id)).toBe(ann);
  });
});

test('what somebody thought is changed by her alone', async () => {
  const thought = inserting('feedback', { subject: 'document', document_id: bill.entityId, corrected_type: 'Bill' });
  const change = () => his.push([patching('feedback', thought.entityId, 1, { corrected_type: 'Photo' })]);
  await taken(hers, thought);
  expect(await change()).toMatchObject([{ verdict: 'rejected', reason: 'not_author' }]);
  await taken(hers, patching('feedback', thought.entityId, 1, { corrected_type: 'Insurance' }));
  await admin.query(`update steno.feedback set comment = 'mended' where feedback_id = $1`, [thought.entityId]);
  await without('check_author', async () => {
    expect(await change()).toMatchObject([{ verdict: 'merged' }]); // control
  });
});

async function uploadedAndExported(): Promise<unknown> {
  const letter = aLetter(matter.entityId);
  const file = { ...paper(matter), patch: { ...paper(matter).patch, uploaded_by: ann } };
  const made = inserting('export', {
    ...{ letter_id: letter.entityId, export_format: 'pdf', file_name: 'x.pdf', file_size: 1, content_hash: 'a'.repeat(64) },
    ...{ exported_at: '2026-01-01T00:00:00Z', exported_by: ann },
  });
  await taken(his, letter, file, made);
  await taken(
    his,
    patching('document', file.entityId, 1, { uploaded_by: firms.one.userIds.Admin }),
    patching('export', made.entityId, 1, { exported_by: ann }),
  );
  const found = await admin.query(
    `select uploaded_by, exported_by, d.created_by from steno.source_document d, steno.export where document_id = $1 and export_id = $2`,
    [file.entityId, made.entityId],
  );
  return found.rows[0];
}

test('who added a document or made an export is who pushed it first, and stays that', async () => {
  expect(await uploadedAndExported()).toEqual({ uploaded_by: bob, exported_by: bob, created_by: bob });
  await without('keep_maker', async () => {
    expect(await uploadedAndExported()).toEqual({ uploaded_by: firms.one.userIds.Admin, exported_by: ann, created_by: bob }); // control
  });
});

test('who made a row and who changed it last are no client’s to say', async () => {
  const found = await admin.query(
    `select entity, field from steno.entity_field where field in ('created_by', 'updated_by', 'created_at', 'updated_at', 'revision', 'field_revision', 'firm_id')`,
  );
  expect(found.rows).toEqual([]);
});
