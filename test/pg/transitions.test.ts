import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { createFullFirm, everyRole } from '../support/firm-in-use.ts';
import { anEdit, inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { freeStates, stateMachines, statesOfRooms, type StateMachine } from '../support/state-machines.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firmId = firms.one.firmId;
const { filled, idOf, pushed, change, force, refusal } = await createFullFirm(world);

const inState = (machine: StateMachine, state: string) => ({ [machine.column]: state, ...machine.in[state] });

describe.each(stateMachines)('$entity: every step, whoever takes it', (machine) => {
  const states = Object.keys(machine.steps);
  function expected(role: string, from: string, to: string): string {
    if (role === 'Viewer') return 'forbidden';
    if (from === to) return 'applied';
    const step = machine.steps[from]?.[to];
    if (!step) return machine.over?.[from] ?? 'status_transition';
    return step === 'attorneys' && role === 'Paralegal' ? (machine.attorneysOnly?.[to] ?? '') : 'applied';
  }

  test.each(everyRole)('%s', async (role) => {
    const rowId = idOf(machine.entity);
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const from of states) {
      for (const to of states) {
        await force(machine.table, machine.id, rowId, inState(machine, from));
        const sent = Object.fromEntries(machine.sent.map((column) => [column, machine.in[to]?.[column] as string | null]));
        const verdict = await pushed(role, change(machine.entity, { [machine.column]: to, ...sent }));
        found[`${from} -> ${to}`] = verdict.join();
        wanted[`${from} -> ${to}`] = expected(role, from, to);
      }
    }
    await force(machine.table, machine.id, rowId, inState(machine, states[0] ?? ''));
    expect(found).toEqual(wanted);
  });

  test('a row is born in the first state', async () => {
    const born = filled(machine.entity);
    for (const state of states.slice(1)) {
      const sent = Object.fromEntries(machine.sent.map((column) => [column, machine.in[state]?.[column] as string | null]));
      const verdict = (await pushed('Admin', inserting(machine.entity, { ...born.patch, ...sent, [machine.column]: state })))[0];
      // a contract that was cancelled before it came to the firm
      expect(verdict, state).toBe(machine.entity === 'contract' && state === 'Cancelled' ? 'applied' : 'status_transition');
    }
  });
});

test('control: it is the triggers that refuse', async () => {
  const jump = `update steno.demand_letter set status = 'Archived', finalized_at = now() where firm_id = '${firmId}' and letter_id = '${idOf('letter')}'`;
  expect(await refusal(jump)).toBe('status_transition');
  await admin.query('alter table steno.demand_letter disable trigger demand_letter_status');
  expect(await refusal(jump)).toBe('done');
  await admin.query('alter table steno.demand_letter enable trigger demand_letter_status');
});

test('every column that is a state has its rules in the table, or a reason to be free', async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select distinct c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'steno'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname ~ '^(.*_)?(status|state)$'
       and exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey) and pg_get_constraintdef(k.oid) like '%ARRAY[%')
       and c.relname <> 'demand_letter_archive' and c.relname not like '%\\_history'`,
  );
  const known = [...stateMachines.map(({ table }) => table), ...Object.keys(freeStates), ...statesOfRooms];
  expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  expect(rows.length).toBe(known.length);
});

describe('a letter that is finalized', () => {
  const state = (status: string) =>
    force('demand_letter', 'letter_id', idOf('letter'), { status, finalized_at: status === 'Draft' ? null : '2026-01-01T00:00:00Z' });

  test('no column that is content changes, for nobody; every column is content but for the list', async () => {
    const bookkeeping = [
      'firm_id',
      'letter_id',
      'status',
      'revision',
      'field_revision',
      'created_by',
      'updated_by',
      'created_at',
      'updated_at',
    ];
    const another: Record<string, string> = {
      matter_id: `(select matter_id from steno.matter m where m.firm_id = l.firm_id and m.matter_id <> l.matter_id limit 1)`,
      template_id: `(select template_id from steno.template t where t.firm_id = l.firm_id limit 1)`,
      title: `'Other'`,
      letter_date: `'2025-01-01'`,
      demand_cents: '1',
      metadata: `'{"x": 1}'`,
      finalized_at: `'2025-01-01'`,
      finalized_by: `(select user_id from steno."user" u where u.firm_id = l.firm_id limit 1)`,
      deleted_at: 'now()',
    };
    await pushed('Admin', inserting('matter', { title: 'Another' }));
    const { rows } = await admin.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'steno.demand_letter'::regclass and attnum > 0 and not attisdropped`,
    );
    const content = rows.map(({ name }) => name).filter((name) => !bookkeeping.includes(name));
    expect(content.sort()).toEqual(Object.keys(another).sort());
    for (const status of ['Finalized', 'Exported', 'Archived']) {
      await state(status);
      for (const column of content) {
        const statement = `update steno.demand_letter l set ${column} = ${another[column] ?? ''} where firm_id = $1 and letter_id = $2`;
        expect(await refusal(statement, [firmId, idOf('letter')]), `${status} ${column}`).toBe('letter_finalized');
      }
    }
    await state('Draft');
    expect(
      await refusal(`update steno.demand_letter set title = 'Other', metadata = '{"x": 1}' where letter_id = $1`, [idOf('letter')]),
    ).toBe('done');
  });

  test('its body takes no edit, no version, no suggestion; it can still be talked about', async () => {
    await state('Finalized');
    const letter_id = idOf('letter');
    const version = { letter_id, content: '\\x00', letter_values: {}, change_summary: 'x' };
    const saying = (change_type: string) => inserting('collaboration', { letter_id, change_type, change_data: { text: 'x' } });
    const verdicts = await pushed(
      'Attorney',
      anEdit(letter_id),
      inserting('letter_version', version),
      saying('Edit'),
      saying('Suggestion'),
      saying('Comment'),
    );
    expect(verdicts).toEqual(['letter_finalized', 'letter_finalized', 'letter_finalized', 'letter_finalized', 'applied']);
    await state('Draft');
  });

  test('its template may be deleted, and who finalized it', async () => {
    const template_id = freshId();
    await pushed('Admin', inserting('template', { template_name: template_id, template_content: { sections: [] } }, template_id));
    await force('demand_letter', 'letter_id', idOf('letter'), {
      status: 'Finalized',
      finalized_at: '2026-01-01',
      template_id,
      finalized_by: firms.one.userIds.Viewer,
    });
    expect(await refusal('delete from steno.template where template_id = $1', [template_id])).toBe('done');
    expect(await refusal('delete from steno."user" where user_id = $1', [firms.one.userIds.Viewer])).toBe('done');
    await force('demand_letter', 'letter_id', idOf('letter'), {
      status: 'Draft',
      finalized_at: null,
      template_id: null,
      finalized_by: null,
    });
  });
});

describe('versions', () => {
  test('are numbered by the server in the order they arrive, whatever clients say, and two at once get two numbers', async () => {
    const letter = inserting('letter', { matter_id: idOf('matter'), title: 'x', letter_date: '2024-01-01' });
    await pushed('Attorney', letter);
    const version = (is_major = false) =>
      inserting('letter_version', { letter_id: letter.entityId, content: '\\x00', letter_values: {}, change_summary: 'x', is_major });
    expect(await pushed('Attorney', inserting('letter_version', { ...version().patch, version_number: 9 }))).toEqual(['unknown_field']);
    await Promise.all([pushed('Attorney', version()), pushed('Admin', version(), version(true))]);
    await pushed('Admin', version());
    const numbers = 'select version_number as n, is_major from steno.letter_version where letter_id = $1 order by 1';
    const { rows } = await admin.query<{ n: number; is_major: boolean }>(numbers, [letter.entityId]);
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    const remove = (n: number) =>
      refusal('delete from steno.letter_version where letter_id = $1 and version_number = $2', [letter.entityId, n]);
    expect(await remove(4)).toBe('version_kept');
    await pushed('Paralegal', inserting('letter_version', { ...version().patch, version_name: 'Before the call' }), version());
    expect(await remove(5)).toBe('version_kept');
    for (const { n, is_major } of rows.slice(0, 3)) expect(await remove(n), String(n)).toBe(is_major ? 'version_kept' : 'done');
    expect(await refusal('delete from steno.demand_letter where letter_id = $1', [letter.entityId])).toBe('done');
  });

  test('the archive of letters has every column of the letters', async () => {
    const { rows } = await admin.query<{ missing: string }>(
      `select column_name || ' ' || data_type || ' ' || is_nullable as missing from information_schema.columns where table_schema = 'steno' and table_name = 'demand_letter'
       except select column_name || ' ' || data_type || ' ' || is_nullable from information_schema.columns where table_schema = 'steno' and table_name = 'demand_letter_archive'`,
    );
    expect(rows).toEqual([]);
    expect(await refusal(`update steno.demand_letter_archive set title = 'x'`)).toBe('append_only');
  });
});

describe('refinements', () => {
  const id = () => idOf('ai_refinement');
  const state = (status: string) => force('ai_refinement', 'refinement_id', id(), inState(stateMachines[1] as StateMachine, status));
  const admins = (set: string) => refusal(`update steno.ai_refinement set ${set} where refinement_id = $1`, [id()]);

  test('what was asked never changes; what came does not change after the end', async () => {
    await state('Processing');
    for (const field of ['kind', 'instruction', 'input_content', 'ai_model', 'provider', 'prompt_version'])
      expect(await pushed('Paralegal', change('ai_refinement', { [field]: 'other' })), field).toEqual(['append_only']);
    await state('Completed');
    expect(await pushed('Paralegal', change('ai_refinement', { output_content: 'other' }))).toEqual(['refinement_finished']);
    expect(await pushed('Paralegal', change('ai_refinement', { cost_microdollars: 1 }))).toEqual(['refinement_finished']);
  });

  test('retention removes all of the details, after the end only, and no client does', async () => {
    const removal = 'instruction = null, input_content = null, output_content = null, details_removed_at = now()';
    await state('Processing');
    expect(await admins(removal)).toBe('ai_refinement_removed_check');
    await state('Completed');
    expect(await admins('instruction = null, details_removed_at = now()')).toBe('ai_refinement_details_check');
    expect(await admins('output_content = null')).toBe('refinement_finished');
    expect(await admins(`${removal}, token_count = 7`)).toBe('refinement_finished');
    expect(await admins(removal)).toBe('done');
    expect(await pushed('Admin', change('ai_refinement', { details_removed_at: '2026-01-01' }))).toEqual(['unknown_field']);
    await state('Pending');
  });
});

describe('whose it is', () => {
  test('a person may be deleted whatever she made or decided: what is frozen keeps all but her name', async () => {
    await force('extraction', 'extraction_id', idOf('extraction'), {
      status: 'approved',
      decided_at: '2026-01-01',
      decided_by: firms.one.userIds.Attorney,
    });
    for (const role of everyRole)
      expect(await refusal('delete from steno."user" where user_id = $1', [firms.one.userIds[role]]), role).toBe('done');
    await force('extraction', 'extraction_id', idOf('extraction'), { status: 'pending', decided_at: null, decided_by: null });
  });

  test('a comment is changed by its author, resolved by anybody who writes, and then no longer changed', async () => {
    const said = inserting('collaboration', { letter_id: idOf('letter'), change_type: 'Comment', change_data: { text: 'x' } });
    expect(await pushed('Paralegal', said)).toEqual(['applied']);
    const change_data = { text: 'y' };
    expect(await pushed('Attorney', change('collaboration', { change_data }, said.entityId))).toEqual(['not_author']);
    expect(await pushed('Paralegal', change('collaboration', { change_data }, said.entityId))).toEqual(['applied']);
    expect(await pushed('Attorney', change('collaboration', { is_resolved: true }, said.entityId))).toEqual(['applied']);
    expect(await pushed('Paralegal', change('collaboration', { change_data: { text: 'z' } }, said.entityId))).toEqual(['thread_resolved']);
    const { rows } = await admin.query('select user_id, resolved_by from steno.collaboration where collaboration_id = $1', [said.entityId]);
    expect(rows).toEqual([{ user_id: firms.one.userIds.Paralegal, resolved_by: firms.one.userIds.Attorney }]);
  });

  test('a setting of the firm is the admin’s to write and everybody’s to read; a person’s is hers alone', async () => {
    const days = { setting_key: 'retention.export_days', setting_value: 60 };
    const setting = inserting('setting', days);
    expect(await pushed('Attorney', inserting('setting', days))).toEqual(['forbidden']);
    expect(await pushed('Admin', setting, inserting('setting', days))).toEqual(['applied', 'duplicate']);
    const own = (role: (typeof everyRole)[number]) => ({
      user_id: firms.one.userIds[role],
      setting_key: 'view.text_size',
      setting_value: 120,
    });
    const hers = inserting('setting', own('Viewer'));
    expect(await pushed('Viewer', hers, inserting('setting', own('Admin')))).toEqual(['applied', 'forbidden']);
    expect(await pushed('Admin', change('setting', { setting_value: 90 }, hers.entityId))).toEqual(['not_found']);
    expect(await pushed('Viewer', change('setting', { setting_value: 90 }, setting.entityId))).toEqual(['not_found']);
    const reader = await world.client();
    await reader.query(`select set_config('app.session_token', $1, false)`, [await world.tokenFor('one', 'Paralegal')]);
    expect((await reader.query('select setting_key as key from steno.setting')).rows).toEqual([{ key: 'retention.export_days' }]);
  });

  test('documents of two matters are not linked, and a document that is moved leaves its links behind', async () => {
    const matter = inserting('matter', { title: 'Another' });
    const aDocument = (matter_id: string) => inserting('document', { ...filled('document').patch, matter_id });
    const [foreign, mine] = [aDocument(matter.entityId), aDocument(idOf('matter'))];
    const linkTo = (to_document_id: string) =>
      inserting('document_link', {
        from_document_id: idOf('document'),
        to_document_id,
        link_kind: 'supersedes',
        confidence: 1,
        method: 'person',
        state: 'approved',
      });
    const link = linkTo(mine.entityId);
    const verdicts = await pushed('Paralegal', matter, foreign, mine, linkTo(foreign.entityId), link);
    expect(verdicts).toEqual(['applied', 'applied', 'applied', 'link_across_matters', 'applied']);
    expect(await pushed('Paralegal', change('document', { matter_id: matter.entityId }, mine.entityId))).toEqual(['applied']);
    const { rows } = await admin.query('select state, decided_by from steno.document_link where link_id = $1', [link.entityId]);
    expect(rows).toEqual([{ state: 'rejected', decided_by: firms.one.userIds.Paralegal }]);
    expect(await pushed('Attorney', change('document_link', { state: 'approved' }, link.entityId))).toEqual(['link_across_matters']);
    expect(await pushed('Attorney', change('document', { matter_id: idOf('matter') }, mine.entityId))).toEqual(['applied']);
    expect(await pushed('Attorney', change('document_link', { state: 'approved' }, link.entityId))).toEqual(['applied']);
  });
});
