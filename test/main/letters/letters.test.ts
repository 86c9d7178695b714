import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshId, freshIdsInOrder } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

const body = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'Dear Counsel' }] }]);

/** A letter as it comes from the firm: rows only, no template. */
function letterWith(updates: Uint8Array[], status = 'Draft'): string {
  const letterId = freshId();
  const { raw } = t.seat.store;
  raw
    .prepare('insert into letter (letter_id, matter_id, title, letter_date, status) values (?, ?, ?, ?, ?)')
    .run(letterId, freshId(), 'Ames', '2024-06-01', status);
  for (const update of updates)
    raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(update));
  return letterId;
}

test('one broken or foreign update from another laptop does not close the letter: the rest opens', () => {
  const letterId = letterWith([body, new Uint8Array([1, 2, 3, 255, 255]), insertParagraph(body, 'Dear', 'We write for our client.')]);
  const whole = t.seat.letters.whole(letterId);
  expect(whole.ok && JSON.stringify(whole.value.blocks)).toContain('We write for our client.');
});

test('a window cannot put such an update into a letter; words that come after Finalize change nothing and are kept for the firm', () => {
  expect(t.seat.letters.edit(letterWith([body]), new Uint8Array([1, 2, 3, 255, 255]))).toMatchObject({
    ok: false,
    error: { code: 'invalid_input' },
  });
  const update = insertParagraph(body, 'Dear', 'Too late.');
  const closed = letterWith([body], 'Finalized');
  const content = Buffer.from(body);
  const values = JSON.stringify({
    variables: {},
    specials: { providers: [], totals: { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 } },
    exhibits: [],
  });
  t.seat.store.raw
    .prepare(`insert into letter_version (version_id, letter_id, content, letter_values, change_summary) values (?, ?, ?, ?, 'Finalized')`)
    .run(freshId(), closed, content, values);
  expect(t.seat.letters.edit(closed, update).ok).toBe(true);
  expect(JSON.stringify(t.seat.letters.whole(closed))).not.toContain('Too late.');
  expect(t.seat.store.raw.prepare(`select count(*) from outbox where patch ->> 'letter_id' = ?`).pluck().get(closed)).toBe(1);
  expect(t.seat.letters.setDemand(closed, 100)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(t.seat.letters.edit(letterWith([body]), update).ok).toBe(true);
});

test('a viewer reads letters and changes nothing', async () => {
  const viewer = await startTestSeat('Viewer');
  try {
    const letterId = freshId();
    const { raw } = viewer.seat.store;
    raw
      .prepare('insert into letter (letter_id, matter_id, title, letter_date) values (?, ?, ?, ?)')
      .run(letterId, freshId(), 'Ames', '2024-06-01');
    raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
    const view = viewer.seat.letters.open(letterId);
    expect(view.ok && view.value.readOnlyReason).toBeTruthy();
    const update = insertParagraph(body, 'Dear', 'x');
    for (const refused of [
      viewer.seat.letters.edit(letterId, update),
      viewer.seat.letters.setDemand(letterId, 100),
      viewer.seat.letters.setStatus(letterId, 'In_Review'),
      viewer.seat.facts.decide([freshId()], 'approved'),
    ]) {
      expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    }
  } finally {
    await viewer.stop();
  }
});

test('a fact of a kind that only a newer Steno knows does not close the list', () => {
  const matterId = freshId();
  const add = t.seat.store.raw.prepare(
    `insert into fact (fact_id, matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method) values (?, ?, ?, ?, 'v', 'v', 90, 1, 0, 1, 'v', 'rule')`,
  );
  for (const kind of ['claim_number', 'moon_phase']) add.run(freshId(), matterId, freshId(), kind);
  expect(t.seat.facts.list(matterId).map(({ kind }) => kind)).toEqual(['claim_number']);
});

test('templates are listed as the firm got them, a category’s default before the others; the first is drafted from when nobody chooses', () => {
  const add = t.seat.store.raw.prepare(
    `insert into template (template_id, template_name, template_content, category, version, is_default, is_active) values (?, ?, '{"sections":[]}', ?, 1, ?, 1)`,
  );
  const ids = freshIdsInOrder(3);
  for (const [index, [name, isDefault]] of (
    [
      ['Zeta', 1],
      ['Other zeta', 0],
      ['Alpha', 1],
    ] as const
  ).entries())
    add.run(ids[index], name, name, isDefault);
  expect(t.seat.templates.choices().map(({ name }) => name)).toEqual(['Zeta', 'Alpha', 'Other zeta']);
  const matterId = freshId();
  t.seat.store.raw.prepare(`insert into matter (matter_id, title) values (?, 'Ames')`).run(matterId);
  const drafted = t.seat.letters.draft(matterId);
  const row = drafted.ok && t.seat.store.raw.prepare('select template_id from letter where letter_id = ?').get(drafted.value.letterId);
  expect(row).toEqual({ template_id: ids[0] });
});
