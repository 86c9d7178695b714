import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Block } from '../../../src/shared/letters.ts';
import type { Role } from '../../../src/shared/session.ts';
import type { VersionView } from '../../../src/shared/versions.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

const day = 86_400_000;
const say = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const body = letterBodyFromBlocks([say('Dear Counsel'), say('We write for our client.')]);

let t: TestSeat;
const seats: TestSeat[] = [];
async function open(role: Role): Promise<void> {
  t = await startTestSeat(role);
  seats.push(t);
}
beforeEach(() => open('Attorney'));
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.stop();
});

const versions = () => t.seat.letters.versions;
/** A letter that somebody wrote some days ago. */
function aLetter({ by = freshId(), daysAgo = 1, status = 'Draft' } = {}): string {
  const letterId = freshId();
  const { raw } = t.seat.store;
  raw
    .prepare('insert into letter (letter_id, matter_id, title, letter_date, status) values (?, ?, ?, ?, ?)')
    .run(letterId, freshId(), 'Ames', '2024-06-01', status);
  raw
    .prepare('insert into letter_update (update_id, letter_id, payload, created_by, created_at) values (?, ?, ?, ?, ?)')
    .run(freshId(), letterId, Buffer.from(body), by, Date.now() - daysAgo * day);
  return letterId;
}
const type = (letterId: string, text: string) =>
  must(
    t.seat.letters.edit(
      letterId,
      insertParagraph(new Uint8Array(Buffer.from(must(t.seat.letters.open(letterId)).body, 'base64')), 'Dear', text),
    ),
  );
const saysNow = (letterId: string) => JSON.stringify(must(t.seat.letters.whole(letterId)).blocks);
const listed = (letterId: string): VersionView[] => must(versions().list(letterId)).versions;
const why = (letterId: string) => listed(letterId).map((one) => one.name ?? one.why);
const textOf = (letterId: string, { versionId }: VersionView) => JSON.stringify(must(versions().whole(letterId, versionId)).blocks);

describe('kept under a name', () => {
  test('the letter and its values as they stand then; later edits change neither', () => {
    const letterId = aLetter();
    must(t.seat.letters.setDemand(letterId, 95_000_00));
    must(versions().save(letterId, 'Before the call', 'Sent to the client'));
    type(letterId, 'And more.');
    must(t.seat.letters.setDemand(letterId, 120_000_00));
    const [saved] = listed(letterId);
    expect(saved).toMatchObject({ name: 'Before the call', why: 'Sent to the client', isMajor: false, number: null });
    expect(saved && textOf(letterId, saved)).not.toContain('And more.');
    expect(saved && must(versions().whole(letterId, saved.versionId)).values.variables['demand_amount']?.text).toBe('$95,000.00');
    expect(saysNow(letterId)).toContain('And more.');
  });

  test('compared with now, and two with each other, the values of then included', () => {
    const letterId = aLetter();
    const first = must(versions().save(letterId, 'First', '')).versionId;
    type(letterId, 'And more.');
    const second = must(versions().save(letterId, 'Second', '')).versionId;
    must(versions().restore(letterId, first));
    const changed = (comparison: ReturnType<ReturnType<typeof versions>['compare']>) =>
      must(comparison)
        .lines.filter(({ kind }) => kind !== 'same')
        .map(({ kind, cells }) => [
          kind,
          cells
            .flat()
            .map(({ text }) => text)
            .join(''),
        ]);
    expect(changed(versions().compare({ letterId: letterId as never, from: first, to: second }))).toEqual([['added', 'And more.']]);
    expect(changed(versions().compare({ letterId: letterId as never, from: second, to: null }))).toEqual([['removed', 'And more.']]);
    expect(changed(versions().compare({ letterId: letterId as never, from: first, to: null }))).toEqual([]);
    expect(versions().compare({ letterId: aLetter() as never, from: first, to: null })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('restoring', () => {
  test('gives the letter the text of then, as an edit; what it said before and after are versions', () => {
    const letterId = aLetter();
    must(versions().save(letterId, 'First', ''));
    type(letterId, 'And more.');
    const [first] = listed(letterId);
    const { raw } = t.seat.store;
    const updates = () => raw.prepare('select count(*) from letter_update where letter_id = ?').pluck().get(letterId);
    expect(updates()).toBe(2);
    expect(first && must(versions().restore(letterId, first.versionId))).toEqual({ isRestored: true });
    expect(saysNow(letterId)).not.toContain('And more.');
    expect(updates()).toBe(3);
    expect(t.events.filter(({ name }) => name === 'letters.update').length).toBe(2);
    expect(why(letterId).slice(0, 2)).toEqual(['Restored: “First”', 'As it stood before “First” was restored']);
    const [, before] = listed(letterId);
    expect(before && textOf(letterId, before)).toContain('And more.');
    expect(before && must(versions().restore(letterId, before.versionId))).toEqual({ isRestored: true });
    expect(saysNow(letterId)).toContain('And more.');
  });

  test('of what it says already changes nothing', () => {
    const letterId = aLetter();
    const { versionId } = must(versions().save(letterId, 'First', ''));
    expect(must(versions().restore(letterId, versionId))).toEqual({ isRestored: false });
    expect(why(letterId)).toEqual(['First']);
  });

  test('a version that is no letter, as a hostile laptop might send it, is said to be none', () => {
    const letterId = aLetter();
    const { raw } = t.seat.store;
    const add = raw.prepare(
      `insert into letter_version (version_id, letter_id, content, letter_values, change_summary, is_major) values (?, ?, ?, ?, 'x', 0)`,
    );
    const values = JSON.stringify(must(t.seat.letters.open(letterId)).values);
    for (const [content, letterValues] of [
      [Buffer.from([1, 2, 3, 255, 255]), values],
      [Buffer.from(body), '{}'],
    ] as const) {
      const versionId = freshId();
      add.run(versionId, letterId, content, letterValues);
      expect(versions().restore(letterId, versionId)).toMatchObject({ ok: false, error: { code: 'unsupported' } });
      expect(versions().compare({ letterId: letterId as never, from: versionId as never, to: null })).toMatchObject({ ok: false });
    }
    type(letterId, 'The letter goes on.');
    expect(must(t.seat.letters.setStatus(letterId, 'In_Review'))).toEqual({});
  });
});

describe('kept by themselves', () => {
  test('with a person’s first edit of a day, what the letter said before it; no more that day', async () => {
    const letterId = aLetter();
    type(letterId, 'Of today.');
    type(letterId, 'And again.');
    await t.seat.jobs.idle();
    const [kept, ...others] = listed(letterId);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ name: null, isMajor: false });
    expect(kept?.why).toMatch(/^As it stood before Dana Marsh edited it on /);
    expect(kept && textOf(letterId, kept)).not.toContain('Of today.');
    await t.restart();
    type(letterId, 'After a restart.');
    await t.seat.jobs.idle();
    expect(listed(letterId)).toHaveLength(1);
  });

  test('not before somebody’s second edit of the day, nor where the last version says the same', async () => {
    const mine = aLetter({ by: t.seat.account.userId, daysAgo: 0 });
    type(mine, 'More.');
    await t.seat.jobs.idle();
    expect(why(mine)).toEqual([]);
    const saved = aLetter();
    must(versions().save(saved, 'Yesterday', ''));
    type(saved, 'Of today.');
    await t.seat.jobs.idle();
    expect(why(saved)).toEqual(['Yesterday']);
  });

  test('when it goes to review, where anything changed; not when it comes back', () => {
    const letterId = aLetter({ by: t.seat.account.userId, daysAgo: 0 });
    must(t.seat.letters.setStatus(letterId, 'In_Review'));
    must(t.seat.letters.setStatus(letterId, 'Draft'));
    must(t.seat.letters.setStatus(letterId, 'In_Review'));
    expect(why(letterId)).toEqual(['Sent to review']);
    must(t.seat.letters.setDemand(letterId, 1_00));
    must(t.seat.letters.setStatus(letterId, 'Draft'));
    must(t.seat.letters.setStatus(letterId, 'In_Review'));
    // the demand does not stand in this letter's text
    expect(why(letterId)).toEqual(['Sent to review']);
  });
});

describe('a finalized letter', () => {
  const finalized = (): string => {
    const letterId = aLetter();
    expect(must(t.seat.letters.finalize(letterId))).toEqual({ status: 'Finalized', blockers: [] });
    return letterId;
  };

  test('keeps no version and takes none back', () => {
    const letterId = finalized();
    const [frozen] = listed(letterId);
    expect(frozen).toMatchObject({ isMajor: true, why: 'Finalized' });
    expect(versions().save(letterId, 'x', '')).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(frozen && versions().restore(letterId, frozen.versionId)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(must(versions().list(letterId)).readOnlyReason).toContain('finalized');
  });

  test('is opened again by an attorney as a version with the reason; what was frozen stays and is exported as it was', async () => {
    const letterId = finalized();
    expect(must(t.seat.letters.open(letterId)).mayReopen).toBe(true);
    must(versions().reopen(letterId, 'The carrier sent another bill'));
    expect(must(t.seat.letters.open(letterId))).toMatchObject({ status: 'Draft', readOnlyReason: null, mayReopen: false });
    type(letterId, 'And more.');
    const [reopened, frozen] = listed(letterId);
    expect(reopened).toMatchObject({ why: 'Opened again: The carrier sent another bill', isMajor: false });
    expect(frozen && textOf(letterId, frozen)).not.toContain('And more.');
    const file = must(await t.seat.exports.create(letterId, 'pdf', frozen?.versionId));
    expect(file.fileName).not.toContain('DRAFT');
    expect(must(t.seat.letters.open(letterId)).status).toBe('Draft');
    expect(must(await t.seat.exports.create(letterId, 'pdf')).fileName).toContain('DRAFT');

    expect(must(t.seat.letters.finalize(letterId)).status).toBe('Finalized');
    expect(saysNow(letterId)).toContain('And more.');
    expect(listed(letterId).map(({ isMajor }) => isMajor)).toEqual([true, false, true]);
    expect(frozen && must(versions().compare({ letterId: letterId as never, from: frozen.versionId, to: null })).added).toBe(2);
  });

  test('shows what was frozen, not a version that was kept by itself afterwards', () => {
    const letterId = finalized();
    const { raw } = t.seat.store;
    const values = JSON.stringify(must(t.seat.letters.open(letterId)).values);
    raw
      .prepare(
        `insert into letter_version (version_id, letter_id, content, letter_values, change_summary, is_major, created_at) values (?, ?, ?, ?, 'x', 0, ?)`,
      )
      .run(freshId(), letterId, Buffer.from(letterBodyFromBlocks([say('Another text')])), values, Date.now() + day);
    expect(saysNow(letterId)).not.toContain('Another text');
  });

  test('is not opened by anybody else, nor once it is archived', async () => {
    const archived = aLetter({ status: 'Archived' });
    expect(versions().reopen(archived, 'x')).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(versions().reopen(aLetter(), 'x')).toMatchObject({ ok: false, error: { code: 'conflict' } });
    for (const role of ['Paralegal', 'Viewer'] as const) {
      await open(role);
      const letterId = aLetter({ status: 'Finalized' });
      expect(versions().reopen(letterId, 'x')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
      expect(must(t.seat.letters.open(letterId)).mayReopen).toBe(false);
    }
  });
});

test('a paralegal keeps and restores versions; a viewer reads and compares them', async () => {
  await open('Paralegal');
  const letterId = aLetter();
  const { versionId } = must(versions().save(letterId, 'Mine', ''));
  type(letterId, 'More.');
  expect(must(versions().restore(letterId, versionId))).toEqual({ isRestored: true });
  await open('Viewer');
  const read = aLetter();
  expect(versions().save(read, 'x', '')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  const sent = freshId();
  t.seat.store.raw
    .prepare(
      `insert into letter_version (version_id, letter_id, content, letter_values, change_summary, is_major) values (?, ?, ?, ?, 'x', 0)`,
    )
    .run(sent, read, Buffer.from(body), JSON.stringify(must(t.seat.letters.open(read)).values));
  expect(versions().restore(read, sent)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect(must(versions().compare({ letterId: read as never, from: sent as never, to: null })).lines).toHaveLength(2);
});

test('what the firm numbered stands by its number, below what it has not seen yet', () => {
  const letterId = aLetter();
  const add = t.seat.store.raw.prepare(
    `insert into letter_version (version_id, letter_id, content, letter_values, change_summary, is_major, version_number, created_at) values (?, ?, ?, '{}', ?, 0, ?, ?)`,
  );
  for (const [summary, number, at] of [
    ['second', 2, 10],
    ['unsent', null, 5],
    ['first', 1, 20],
    ['third', 3, 1],
  ] as const)
    add.run(freshId(), letterId, Buffer.from(body), summary, number, at);
  expect(why(letterId)).toEqual(['unsent', 'third', 'second', 'first']);
});
