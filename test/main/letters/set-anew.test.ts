import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { freshId } from '../../../src/main/host/ids.ts';
import { blocksFromLetterBody } from '../../../src/main/sync/letter-doc.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let here: TestSeat;
let letterId = '';
beforeEach(async () => {
  here = await startTestSeat();
  const { seat, folder } = here;
  const created = await seat.matters.create({ title: 'Okafor', folder });
  if (!created.ok) throw new Error(created.error.code);
  seat.store.raw
    .prepare(
      `insert into template (template_id, template_name, template_content, version, is_default, is_active) values (?, 'Plain', '{"sections":[]}', 1, 1, 1)`,
    )
    .run(freshId());
  const drafted = seat.letters.draft(created.value.matterId);
  if (!drafted.ok) throw new Error(drafted.error.code);
  letterId = drafted.value.letterId;
});
afterEach(() => here.stop());

/** The letter as a window has it. */
function opened(): { doc: Y.Doc; body: Y.XmlFragment } {
  const view = here.seat.letters.open(letterId);
  if (!view.ok) throw new Error(view.error.code);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(Buffer.from(view.value.body, 'base64')));
  return { doc, body: doc.getXmlFragment('body') };
}

/** What a change of the letter is as an update. */
function change(how: (body: Y.XmlFragment, doc: Y.Doc) => void): Uint8Array {
  const { doc, body } = opened();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.transact(() => {
    how(body, doc);
  });
  return updates[0] ?? new Uint8Array();
}

const heading =
  (level: number) =>
  (body: Y.XmlFragment): void => {
    const element = new Y.XmlElement('heading');
    element.setAttribute('level', level as never);
    element.insert(0, [new Y.XmlText('Facts')]);
    body.insert(0, [element]);
  };
const level = (): unknown => blocksFromLetterBody(Y.encodeStateAsUpdate(opened().doc))[0];

/** A value where only paragraphs may stand. */
const bareValue = (body: Y.XmlFragment, doc: Y.Doc): void => {
  const left = (body.get(0) as unknown as { _item: Y.Item })._item;
  const value = new Y.ContentAny([7]) as never;
  doc.transact((transaction) => {
    new Y.Item(Y.createID(doc.clientID, 0), left, left.lastId, null, null, body, null, value).integrate(transaction, 0);
  });
};

test('a heading’s level is changed, and changed again', () => {
  expect(here.seat.letters.edit(letterId, change(heading(1))).ok).toBe(true);
  for (const next of [2, 3, 1]) {
    const update = change((body) => (body.get(0) as Y.XmlElement).setAttribute('level', next as never));
    expect(here.seat.letters.edit(letterId, update)).toEqual({ ok: true, value: {} });
    expect(level()).toMatchObject({ type: 'heading', level: next });
  }
});

test('a value among paragraphs is refused here, and left out where a colleague’s laptop sent it; all else stays', () => {
  expect(here.seat.letters.edit(letterId, change(heading(1))).ok).toBe(true);
  const bad = change(bareValue);
  expect(here.seat.letters.edit(letterId, bad)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  here.seat.store.raw
    .prepare('insert into letter_update (update_id, letter_id, payload, revision) values (?, ?, ?, 1)')
    .run(freshId(), letterId, Buffer.from(bad));
  const { body } = opened();
  expect((body.toArray() as unknown[]).every((child) => child instanceof Y.XmlElement)).toBe(true);
  expect(level()).toMatchObject({ type: 'heading', level: 1 });
});

test('a hostile value takes no colleague’s words along that came with a heading’s new level; nor does an attribute that no cell may have', () => {
  expect(here.seat.letters.edit(letterId, change(heading(1))).ok).toBe(true);
  const hers = change((body) => {
    const head = body.get(0) as Y.XmlElement;
    head.setAttribute('level', 2 as never);
    (head.get(0) as Y.XmlText).insert(5, ' of the fall');
  });
  const bad = change(bareValue);
  const add = here.seat.store.raw.prepare('insert into letter_update (update_id, letter_id, payload, revision) values (?, ?, ?, 1)');
  for (const payload of [bad, hers]) add.run(freshId(), letterId, Buffer.from(payload));
  expect(level()).toMatchObject({ type: 'heading', level: 2, content: [{ text: 'Facts of the fall' }] });
  expect((opened().body.toArray() as unknown[]).every((child) => child instanceof Y.XmlElement)).toBe(true);
  const wide = change((body) => (body.get(0) as Y.XmlElement).setAttribute('level', { deep: 1 } as never));
  expect(here.seat.letters.edit(letterId, wide)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});
