import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownStyle } from '../../../src/shared/letter-style.ts';
import { EnterValue } from '../../../src/shared/letters.ts';
import { EnteredValue, TemplateContent, type WholeTemplate } from '../../../src/shared/template-content.ts';
import type { TemplateId, VersionId } from '../../../src/shared/ids.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import type { Outcome } from '../../../src/shared/result.ts';
import { docxParts } from '../../support/docx-parts.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}
const says = (content: string, variables: TemplateContent['variables'] = []): WholeTemplate =>
  TemplateContent.parse({ sections: [{ id: 'a', title: 'Facts', content, order: 1 }], variables });
const create = (name: string): TemplateId => must(t.seat.templates.create({ name, category: 'Auto' })).templateId;
const publish = (templateId: TemplateId, content: WholeTemplate, why = '', basedOn: VersionId | null = null) =>
  must(t.seat.templates.publish({ templateId, content, basedOn, why }));
function aMatter(): string {
  const matterId = freshId();
  t.seat.store.raw.prepare(`insert into matter (matter_id, title) values (?, 'Ames')`).run(matterId);
  return matterId;
}
const textOf = (letterId: string): string => JSON.stringify(must(t.seat.letters.whole(letterId)).blocks);
const draft = (matterId: string, templateId: TemplateId, more = {}) => must(t.seat.letters.draft(matterId, templateId, more)).letterId;

describe('versions', () => {
  test('what is being written is nobody’s to draft from; published it is a version with who and why', () => {
    const templateId = create('Dog bite');
    expect(t.seat.templates.choices()).toEqual([]);
    must(t.seat.templates.saveDraft({ templateId, content: says('First words'), basedOn: null }));
    expect(t.seat.templates.choices()).toEqual([]);
    expect(must(t.seat.templates.open(templateId))).toMatchObject({ isDraft: true, row: { state: 'new', hasDraft: true } });
    publish(templateId, says('First words'), 'For dog bites');
    const matterId = aMatter();
    must(t.seat.templates.saveDraft({ templateId, content: says('Second words'), basedOn: null }));
    expect(textOf(draft(matterId, templateId))).toContain('First words');
    const opened = must(t.seat.templates.open(templateId));
    expect(opened.content.sections[0]?.content).toBe('Second words');
    expect(opened.versions).toMatchObject([{ why: 'For dog bites', number: null }]);
    publish(templateId, says('Second words'));
    expect(must(t.seat.templates.open(templateId))).toMatchObject({ isDraft: false, row: { state: 'in_use', hasDraft: false } });
    expect(textOf(draft(matterId, templateId))).toContain('Second words');
    expect(t.seat.templates.library().templates).toMatchObject([{ name: 'Dog bite', letters: 2 }]);
  });

  test('a template of before keeps what it said as its first version, whoever changes it first', () => {
    const templateId = freshId() as TemplateId;
    t.seat.store.raw
      .prepare(
        `insert into template (template_id, template_name, template_content, category, version, is_default, is_active) values (?, 'Old', ?, 'Auto', 1, 0, 1)`,
      )
      .run(templateId, JSON.stringify(says('As it came')));
    publish(templateId, says('Changed'), 'Shorter');
    const { versions } = must(t.seat.templates.open(templateId));
    expect(versions.map(({ why }) => why)).toEqual(['Shorter', 'As it stood before it was first changed here']);
    expect(versions.map(({ missed }) => missed)).toEqual([null, null]);
    const first = versions[1]?.versionId;
    if (!first) throw new Error('no first version');
    const compared = must(t.seat.templates.compare({ templateId, from: first, to: null }));
    const marked = (kind: string) =>
      compared.lines.flatMap(({ cells }) => cells.flat()).flatMap((piece) => (piece.kind === kind ? [piece.text] : []));
    expect([marked('removed'), marked('added')]).toEqual([['As it came'], ['Changed']]);
    expect(must(t.seat.templates.restore(templateId, first))).toEqual({ isRestored: true });
    expect(must(t.seat.templates.restore(templateId, first))).toEqual({ isRestored: false });
    expect(must(t.seat.templates.open(templateId)).content.sections[0]?.content).toBe('As it came');
    expect(must(t.seat.templates.open(templateId)).versions).toHaveLength(3);
  });

  test('who publishes over a version she has not seen is told, and the list says which one is not in it', () => {
    const templateId = create('A');
    const { versionId: first } = publish(templateId, says('one'));
    must(t.seat.templates.saveDraft({ templateId, content: says('mine'), basedOn: first }));
    expect(must(t.seat.templates.open(templateId)).since).toBeNull();
    t.seat.store.raw
      .prepare(
        `insert into template_version (version_id, template_id, content, change_summary, based_on, version_number) values (?, ?, ?, 'theirs', ?, 2)`,
      )
      .run(freshId(), templateId, JSON.stringify(says('theirs')), first);
    t.seat.store.raw.prepare('update template_version set version_number = 1 where version_id = ?').run(first);
    expect(must(t.seat.templates.open(templateId)).since).toMatchObject({ why: 'theirs', number: 2 });
    publish(templateId, says('mine'), '', first);
    expect(must(t.seat.templates.open(templateId)).versions.map(({ missed }) => missed)).toEqual([2, null, null]);
  });

  test('a letter remembers its template and version, also once the template says something else', () => {
    const templateId = create('Dog bite');
    const { versionId } = publish(templateId, says('one'));
    const letterId = draft(aMatter(), templateId);
    publish(templateId, says('two'));
    t.seat.store.raw.prepare('update template_version set version_number = 7 where version_id = ?').run(versionId);
    expect(must(t.seat.letters.open(letterId)).origin).toEqual({ templateId, name: 'Dog bite', versionId, number: 7 });
  });

  test('a letter keeps the looks its template had, in what is exported too; a style that only a newer app can read is none', async () => {
    const templateId = create('As we write them');
    const style = { ...ownStyle, font: 'Garamond', size: 13 };
    publish(templateId, { ...says('one'), style });
    const letterId = draft(aMatter(), templateId);
    publish(templateId, says('two'));
    const later = draft(aMatter(), templateId);
    expect(must(t.seat.letters.open(letterId)).style).toEqual(style);
    expect(must(t.seat.letters.open(later)).style).toBeNull();
    const fonts = async (id: typeof letterId): Promise<string> => {
      const { exportId } = must(await t.seat.exports.create(id, 'docx'));
      const bytes = new Uint8Array(Buffer.from(must(await t.seat.exports.read(exportId)).base64, 'base64'));
      return docxParts(bytes).get('word/styles.xml')?.text ?? '';
    };
    expect(await fonts(letterId)).toContain('w:ascii="Garamond"');
    expect(await fonts(later)).toContain('w:ascii="Source Serif 4"');
    publish(templateId, { ...says('three'), style: { ...style, font: { name: 'Garamond', cut: 'Premier' } } as never });
    const newer = draft(aMatter(), templateId);
    expect(textOf(newer)).toContain('three');
    expect(must(t.seat.letters.open(newer)).style).toBeNull();
  });
});

describe('the library', () => {
  test('one default a category; retired and brought back; names are the firm’s own', () => {
    const [a, b] = [create('A'), create('B')];
    for (const id of [a, b]) publish(id, says('x'));
    must(t.seat.templates.setDefault(a, true));
    must(t.seat.templates.setDefault(b, true));
    const defaults = () => t.seat.templates.library().templates.flatMap(({ name, isDefault }) => (isDefault ? [name] : []));
    expect(defaults()).toEqual(['B']);
    must(t.seat.templates.setActive(b, false));
    expect(t.seat.templates.choices().map(({ name }) => name)).toEqual(['A']);
    expect(t.seat.templates.setDefault(b, true)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    must(t.seat.templates.setActive(b, true));
    expect(defaults()).toEqual(['B']);
    expect(t.seat.templates.create({ name: 'A', category: null })).toMatchObject({ ok: false, error: { code: 'conflict' } });
    must(t.seat.templates.describe({ templateId: a, name: 'A2', description: 'For cars', category: null }));
    expect(t.seat.templates.setDefault(a, true)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    const copy = must(t.seat.templates.create({ name: 'A3', category: null, from: a })).templateId;
    expect(must(t.seat.templates.open(copy)).content.sections[0]?.content).toBe('x');
  });

  test('a paralegal reads and drafts, and changes nothing', async () => {
    await t.stop();
    t = await startTestSeat('Paralegal');
    const { templates } = t.seat;
    const templateId = freshId() as TemplateId;
    t.seat.store.raw
      .prepare(
        `insert into template (template_id, template_name, template_content, version, is_default, is_active) values (?, 'Old', ?, 1, 0, 1)`,
      )
      .run(templateId, JSON.stringify(says('x')));
    const content = says('y');
    for (const refused of [
      templates.create({ name: 'N', category: null }),
      templates.publish({ templateId, content, basedOn: null, why: '' }),
      templates.saveDraft({ templateId, content, basedOn: null }),
      templates.setActive(templateId, false),
      templates.setDefault(templateId, true),
      templates.describe({ templateId, name: 'N' }),
      templates.restore(templateId, freshId()),
    ])
      expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(must(templates.open(templateId)).readOnlyReason).toContain('attorney');
    expect(t.seat.letters.draft(aMatter(), templateId).ok).toBe(true);
  });
});

describe('what a template asks', () => {
  const asked: TemplateContent['variables'] = [
    { name: 'inspected_on', label: 'Inspected on', type: 'date', required: true },
    { name: 'offer', label: 'Last offer', type: 'money' },
    { name: 'owner', label: 'Owner', type: 'party' },
    { name: 'defects', label: 'Defects', type: 'list' },
    { name: 'claim_number', label: 'Claim', type: 'text' },
  ];
  const words =
    'Seen {{inspected_on}}. Offer {{offer}}. {{owner}}, {{owner_address}}: {{defects}}. {{claim_number}} {{typo}}{{#if offer > $100.00}} More.{{/if}}';
  const entered = {
    inspected_on: { type: 'date', value: '2024-02-15' },
    offer: { type: 'money', value: 1_250_050 },
    owner: { type: 'party', value: 'Lake Ltd', address: '1 Pier Road\nFairhaven' },
    defects: { type: 'list', value: ['ice', 'no rail', 'no light'] },
  } as const;

  test('is asked before the draft, where no fact tells it; kept with the letter, shown as entered, changed later', () => {
    const templateId = create('Fall');
    publish(templateId, says(words, asked));
    const matterId = aMatter();
    expect(must(t.seat.letters.asks(matterId, templateId)).variables.map(({ name }) => name)).toEqual([
      'inspected_on',
      'offer',
      'owner',
      'defects',
    ]);
    const letterId = draft(matterId, templateId, { entered });
    const { variables } = must(t.seat.letters.open(letterId)).values;
    const texts = ['inspected_on', 'offer', 'owner', 'owner_address', 'defects'].map((name) => [
      variables[name]?.text,
      variables[name]?.state,
    ]);
    expect(texts).toEqual([
      ['February 15, 2024', 'entered'],
      ['$12,500.50', 'entered'],
      ['Lake Ltd', 'entered'],
      ['1 Pier Road, Fairhaven', 'entered'],
      ['ice, no rail, and no light', 'entered'],
    ]);
    expect(textOf(letterId)).toContain(' More.');
    must(t.seat.letters.enter(EnterValue.parse({ letterId, name: 'offer', value: { type: 'money', value: 5 } })));
    must(t.seat.letters.enter(EnterValue.parse({ letterId, name: 'defects', value: null })));
    const { values, blockers } = must(t.seat.letters.open(letterId));
    expect([values.variables['offer']?.text, values.variables['defects']?.state]).toEqual(['$0.05', 'missing']);
    const blocking = blockers.filter(({ kind }) => kind === 'missing').map(({ variable }) => variable);
    expect(blocking).toEqual(['defects', 'claim_number', 'typo']);
  });

  test('of another type, not asked for, or required and not there, it is refused before anything is written', () => {
    const templateId = create('Fall');
    publish(templateId, says(words, asked));
    const matterId = aMatter();
    const tries = [
      {},
      { ...entered, offer: entered.inspected_on },
      { ...entered, other: entered.offer },
      { ...entered, claim_number: { type: 'text', value: 'x' } },
    ];
    for (const values of tries)
      expect(t.seat.letters.draft(matterId, templateId, { entered: values })).toMatchObject({
        ok: false,
        error: { code: 'invalid_input' },
      });
    expect(t.seat.letters.lettersOf(matterId)).toEqual([]);
    const letterId = draft(matterId, templateId, { entered });
    const wrong = EnterValue.parse({ letterId, name: 'offer', value: { type: 'text', value: '5' } });
    expect(t.seat.letters.enter(wrong)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });

  test.each([
    { type: 'money', value: 12.5 },
    { type: 'money', value: '100' },
    { type: 'money', value: -1 },
    { type: 'date', value: '2024-02-30' },
    { type: 'date', value: 'tomorrow' },
    { type: 'text', value: ' ' },
    { type: 'text', value: 'two\nlines' },
    { type: 'list', value: [] },
    { type: 'party', value: '' },
    { type: 'number', value: 1 },
  ])('%j comes through no door', (value) => {
    expect(EnteredValue.safeParse(value).success).toBe(false);
  });

  test('an optional section is left out where this letter does without', () => {
    const templateId = create('Fall');
    const content = says('Always');
    content.sections.push({ id: 'b', title: 'Video', content: 'Sometimes', order: 2, heading: true, optional: true });
    publish(templateId, content);
    const matterId = aMatter();
    expect(must(t.seat.letters.asks(matterId, templateId)).sections).toEqual([{ id: 'b', title: 'Video' }]);
    expect(textOf(draft(matterId, templateId, { leaveOut: ['b'] }))).not.toContain('Sometimes');
    expect(textOf(draft(matterId, templateId))).toContain('Sometimes');
  });

  test('the editor is told what is wrong, and shown the letter it would be in a matter', () => {
    const checked = must(t.seat.letters.check(says('To {{client_name}} {{nobody}}'), aMatter()));
    expect(checked.problems).toMatchObject([{ sectionId: 'a', part: 'content', at: 19, length: 10 }]);
    expect(
      checked.lines?.map(({ cells }) =>
        cells
          .flat()
          .map(({ text }) => text)
          .join(''),
      ),
    ).toEqual(['Facts', 'To [Client] [Nobody]']);
    expect(must(t.seat.letters.check(says('x'), null)).lines).toBeNull();
  });
});
