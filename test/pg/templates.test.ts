import { describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { createFullFirm } from '../support/firm-in-use.ts';
import { inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const firmId = firms.one.firmId;
const { idOf, pushed, refusal } = await createFullFirm(world);

const aTemplate = (name: string, more: Record<string, unknown> = {}) =>
  inserting('template', { template_name: name, template_content: { sections: [] }, ...more });
const aVersion = (templateId: string, summary = 'x') =>
  inserting('template_version', { template_id: templateId, content: { sections: [] }, change_summary: summary });

async function rowsOf(query: string, ...values: unknown[]): Promise<unknown[]> {
  const { rows } = await admin.query<Record<string, unknown>>(query, values);
  return rows;
}
async function inFeed(entityId: string): Promise<number> {
  const { rows } = await admin.query<{ position: string }>(
    'select position from steno.change_feed where firm_id = $1 and entity_id = $2 order by position desc limit 1',
    [firmId, entityId],
  );
  return Number(rows[0]?.position ?? 0);
}

describe('versions', () => {
  test('the firm numbers them as they arrive, whatever a laptop says; attorneys and administrators publish, nobody else', async () => {
    const template = aTemplate(freshId());
    expect(await pushed('Attorney', template, aVersion(template.entityId, 'first'))).toEqual(['applied', 'applied']);
    expect(await pushed('Admin', aVersion(template.entityId, 'second'))).toEqual(['applied']);
    for (const role of ['Paralegal', 'Viewer'] as const) expect(await pushed(role, aVersion(template.entityId))).toEqual(['forbidden']);
    expect(
      await pushed(
        'Attorney',
        inserting('template_version', {
          template_id: template.entityId,
          content: { sections: [] },
          change_summary: 'x',
          version_number: 9,
        }),
      ),
    ).toEqual(['unknown_field']);
    const numbers = 'select change_summary as why, version_number as n from steno.template_version where template_id = $1 order by 2';
    expect(await rowsOf(numbers, template.entityId)).toEqual([
      { why: 'first', n: 1 },
      { why: 'second', n: 2 },
    ]);
  });

  test('a version is never changed and never goes before its template; a person who leaves stays out of it', async () => {
    const id = idOf('template_version');
    expect(await pushed('Admin', patching('template_version', id, 1, { change_summary: 'other' }))).toEqual(['append_only']);
    for (const change of [
      `change_summary = 'other'`,
      `content = '{"sections": [1]}'`,
      'version_number = 7',
      'deleted_at = now()',
      'created_at = now()',
    ])
      expect(await refusal(`update steno.template_version set ${change} where version_id = $1`, [id]), change).toBe('append_only');
    expect(await refusal('delete from steno.template_version where version_id = $1', [id])).toBe('version_kept');
    expect(await refusal('update steno.template_version set created_by = null where version_id = $1', [id])).toBe('done');
    expect(await refusal('delete from steno.template where template_id = $1', [idOf('template')])).toBe('done');
  });

  test('control: it is the trigger that refuses', async () => {
    await admin.query('alter table steno.template_version disable trigger template_version_kept');
    const id = idOf('template_version');
    expect(await refusal(`update steno.template_version set change_summary = 'other' where version_id = $1`, [id])).toBe('done');
    expect(await refusal('delete from steno.template_version where version_id = $1', [id])).toBe('done');
    await admin.query('alter table steno.template_version enable trigger template_version_kept');
  });

  test('what they say is in the audit as a hash, not in words', async () => {
    const template = aTemplate(freshId());
    const content = { sections: [{ id: 'a', title: 'Confidential', content: 'Confidential', order: 1 }] };
    const version = inserting('template_version', { template_id: template.entityId, content, change_summary: 'x' });
    await pushed('Attorney', template, version);
    const { rows } = await admin.query<{ event: string }>(
      `select to_jsonb(e)::text as event from steno.audit_event e where firm_id = $1 and to_jsonb(e)::text like '%' || $2 || '%'`,
      [firmId, version.entityId],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ event }) => event).join()).not.toContain('Confidential');
  });
});

describe('drafts', () => {
  test('are their writer’s to change, and no paralegal or viewer sees them', async () => {
    const template = aTemplate(freshId());
    const draft = inserting('template_draft', { template_id: template.entityId, content: { sections: [] } });
    expect(await pushed('Attorney', template, draft)).toEqual(['applied', 'applied']);
    expect(await pushed('Attorney', patching('template_draft', draft.entityId, 1, { content: null }))).toEqual(['applied']);
    expect(await pushed('Admin', patching('template_draft', draft.entityId, 2, { content: { sections: [] } }))).toEqual(['not_author']);
    expect(await pushed('Attorney', patching('template_draft', draft.entityId, 2, { template_id: idOf('template') }))).toEqual([
      'append_only',
    ]);
    for (const role of ['Attorney', 'Paralegal', 'Viewer'] as const) {
      const { changes } = await (await world.connect('one', role)).pull(0, 10_000);
      const seen = changes.some(({ entityId, row }) => entityId === draft.entityId && row !== null);
      expect([role, seen]).toEqual([role, role === 'Attorney']);
    }
  });

  test('control: it is the trigger that keeps them to their writer', async () => {
    await admin.query('alter table steno.template_draft disable trigger template_draft_author');
    const template = aTemplate(freshId());
    const draft = inserting('template_draft', { template_id: template.entityId, content: { sections: [] } });
    await pushed('Attorney', template, draft);
    expect(await pushed('Admin', patching('template_draft', draft.entityId, 1, { content: null }))).toEqual(['applied']);
    await admin.query('alter table steno.template_draft enable trigger template_draft_author');
  });
});

describe('two laptops that were apart', () => {
  test('of two defaults the one that arrives later holds; the other loses its mark, and every laptop hears of it', async () => {
    const category = freshId();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => aTemplate(`${name} ${category}`, { category }));
    if (!a || !b || !c) throw new Error('three templates');
    await pushed('Attorney', a, b, c);
    const makes = (id: string, is_default = true) => patching('template', id, 1, { is_default });
    expect(await pushed('Attorney', makes(a.entityId))).toEqual(['applied']);
    const before = await inFeed(a.entityId);
    // both saw that `a` was the default; each takes its mark and gives it to another one
    expect(await pushed('Attorney', patching('template', a.entityId, 2, { is_default: false }), makes(b.entityId))).toEqual([
      'applied',
      'applied',
    ]);
    const [, second] = await pushed('Admin', patching('template', a.entityId, 2, { is_default: false }), makes(c.entityId));
    expect(second).toBe('applied');
    const defaults = 'select template_id as id from steno.template where category = $1 and is_default';
    expect(await rowsOf(defaults, category)).toEqual([{ id: c.entityId }]);
    expect(await inFeed(a.entityId)).toBeGreaterThan(before);
    expect(await inFeed(b.entityId)).toBeGreaterThan(before);
    const { changes } = await (await world.connect('one', 'Viewer')).pull(0, 10_000);
    const last = changes.filter(({ entityId }) => entityId === b.entityId).at(-1);
    expect(last?.row).toMatchObject({ is_default: false });
  });

  test('one that comes back, or comes into another category, takes nobody’s place', async () => {
    const [category, other] = [freshId(), freshId()];
    const [a, b] = [aTemplate(`a ${category}`, { category, is_default: true }), aTemplate(`b ${category}`, { category, is_default: true })];
    await pushed('Attorney', a, patching('template', a.entityId, 1, { is_active: false }), b);
    expect(await pushed('Attorney', patching('template', a.entityId, 2, { is_active: true }))).toEqual(['applied']);
    const state = 'select template_name as name, is_default from steno.template where category = $1 order by 1';
    expect(await rowsOf(state, category)).toEqual([
      { name: `a ${category}`, is_default: false },
      { name: `b ${category}`, is_default: true },
    ]);
    const c = aTemplate(`c ${other}`, { category: other, is_default: true });
    expect(await pushed('Attorney', c, patching('template', c.entityId, 1, { category }))).toEqual(['applied', 'applied']);
    expect(await rowsOf(state.replace('order', 'and is_default order'), category)).toEqual([{ name: `b ${category}`, is_default: true }]);
  });

  test('a name that is taken gets a number behind it, and is nobody’s refused change', async () => {
    const name = freshId();
    const [a, b] = [aTemplate(name), aTemplate(name)];
    expect(await pushed('Attorney', a)).toEqual(['applied']);
    expect(await pushed('Admin', b)).toEqual(['applied']);
    expect(await pushed('Attorney', patching('template', a.entityId, 1, { template_name: `${name} (2)` }))).toEqual(['applied']);
    const names = 'select template_name as name from steno.template where template_id = any ($1) order by 1';
    expect(await rowsOf(names, [a.entityId, b.entityId])).toEqual([{ name: `${name} (2)` }, { name: `${name} (2) (2)` }]);
  });

  test('control: without that rule all three are refused as duplicates', async () => {
    await admin.query('alter table steno.template disable trigger template_settled');
    const [name, category] = [freshId(), freshId()];
    expect(await pushed('Attorney', aTemplate(name, { category, is_default: true }), aTemplate(name))).toEqual(['applied', 'duplicate']);
    expect(await pushed('Attorney', aTemplate(freshId(), { category, is_default: true }))).toEqual(['duplicate']);
    await admin.query('alter table steno.template enable trigger template_settled');
  });

  test('of two published apart both are versions, and colleagues draft from the one that arrived later', async () => {
    const template = aTemplate(freshId());
    await pushed('Attorney', template);
    const says = (title: string) => ({ sections: [{ id: 'a', title, content: '', order: 1 }] });
    const publish = (title: string) => [
      inserting('template_version', { template_id: template.entityId, content: says(title), change_summary: title }),
      patching('template', template.entityId, 1, { template_content: says(title) }),
    ];
    expect(await pushed('Attorney', ...publish('mine'))).toEqual(['applied', 'applied']);
    expect(await pushed('Admin', ...publish('theirs'))).toEqual(['applied', 'merged']);
    expect(
      await rowsOf(
        `select template_content -> 'sections' -> 0 ->> 'title' as title from steno.template where template_id = $1`,
        template.entityId,
      ),
    ).toEqual([{ title: 'theirs' }]);
    expect(
      await rowsOf('select version_number as n from steno.template_version where template_id = $1 order by 1', template.entityId),
    ).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

test('another firm’s template is nobody’s to version or to write a draft for, and the answer tells nothing', async () => {
  const foreign = await world.connect('two', 'Admin');
  const tries = (id: string) => [aVersion(id), inserting('template_draft', { template_id: id, content: { sections: [] } })];
  const verdicts = async (id: string) => (await foreign.push(tries(id))).map(({ verdict, reason }) => [verdict, reason]);
  expect(await verdicts(idOf('template'))).toEqual(await verdicts(freshId()));
  expect((await verdicts(idOf('template'))).map(([verdict]) => verdict)).toEqual(['rejected', 'rejected']);
});
