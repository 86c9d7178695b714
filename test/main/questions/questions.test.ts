import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { MatterId } from '../../../src/shared/ids.ts';
import { outbox } from '../../../src/main/store/schema.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { must } from '../../support/laptop.ts';
import { redactedPdf } from '../../support/redacted-pdf.ts';
import { sampleFolder } from '../../support/sample-files.ts';

let desk: TestSeat;
afterEach(() => desk.stop());

async function readFolder(): Promise<MatterId> {
  const { matterId } = must(await desk.seat.matters.create({ folder: desk.folder }));
  desk.seat.watch(matterId, desk.folder);
  await desk.seat.ingest.settled(matterId);
  await desk.until('all is read', () =>
    desk.seat.documents.list(matterId).every(({ state }) => state !== 'waiting' && state !== 'reading'),
  );
  await desk.seat.find.settled();
  return matterId;
}
test('a case whose bills and records are one has no questions', async () => {
  desk = await startTestSeat();
  cpSync(sampleFolder('auto-claim'), desk.folder, { recursive: true });
  const matterId = await readFolder();
  expect(desk.seat.facts.ledger(matterId).lines.length).toBeGreaterThan(0);
  expect(desk.seat.questions.list(matterId)).toEqual([]);
});

test('a question opens its place, is settled with a note, stays settled, and can be opened again', async () => {
  desk = await startTestSeat();
  writeFileSync(join(desk.folder, 'claim notes.pdf'), await redactedPdf());
  const matterId = await readFolder();
  const asked = () => desk.seat.questions.list(matterId);
  expect(asked().map(({ kind, settled }) => [kind, settled])).toEqual([
    ['blank_page', null],
    ['covered_text', null],
  ]);
  const [, covered] = asked();
  const [place] = covered?.places ?? [];
  const { text } = must(await desk.seat.documents.page({ documentId: place?.documentId ?? '', page: 1, widthPx: 100 }));
  expect(text.slice(place?.start ?? 0, place?.end ?? 0)).toBe('Reserve set at 85000 dollars');
  // the firm gets the place, never the words
  const sent = desk.seat.store.db.select().from(outbox).where(eq(outbox.entity, 'page')).orderBy(outbox.sequence).all();
  expect(sent[0]?.patch).toMatchObject({ page_number: 1, oddities: [{ kind: 'covered', start: place?.start, end: place?.end }] });

  must(
    desk.seat.questions.settle({ matterId, key: covered?.key ?? '', isSettled: true, areOwn: false, note: 'Their redaction; asked Dana.' }),
  );
  expect(desk.events.at(-1)?.name).toBe('sync.status');
  expect(desk.events.some(({ name }) => name === 'questions.changed')).toBe(true);
  await desk.restart();
  expect(asked().map(({ kind, settled }) => [kind, settled?.note])).toEqual([
    ['blank_page', undefined],
    ['covered_text', 'Their redaction; asked Dana.'],
  ]);
  must(desk.seat.questions.settle({ matterId, key: covered?.key ?? '', isSettled: false, areOwn: false, note: '' }));
  expect(asked().every(({ settled }) => settled === null)).toBe(true);
});

test('an answer that was not given to the question itself is none: nobody could take it back', async () => {
  desk = await startTestSeat();
  writeFileSync(join(desk.folder, 'claim notes.pdf'), await redactedPdf());
  const matterId = await readFolder();
  const key = desk.seat.questions.list(matterId).find(({ kind }) => kind === 'covered_text')?.key ?? '';
  desk.seat.store.raw
    .prepare(`insert into question (question_id, matter_id, question_key, is_settled, revision) values ('another', ?, ?, 1, 1)`)
    .run(matterId, key);
  expect(desk.seat.questions.list(matterId).every(({ settled }) => settled === null)).toBe(true);
  must(desk.seat.questions.settle({ matterId, key, isSettled: true, areOwn: false, note: '' }));
  expect(desk.seat.questions.list(matterId).filter(({ settled }) => settled !== null)).toHaveLength(1);
});

test('a charge on two statements counts once until a person answers that they are two', async () => {
  desk = await startTestSeat();
  const statement = (of: string) =>
    `Tidewater Spine and Joint, PLLC\nStatement of ${of}\nPatient: Leila Haddad\n\nDate\tCPT\tDescription\tBilled\tPaid\n07/01/2022\t72141\tMRI\t$1,950.00\t$0.00\n`;
  writeFileSync(join(desk.folder, 'bill july.txt'), statement('July 31, 2022'));
  writeFileSync(join(desk.folder, 'bill september.txt'), statement('September 30, 2022'));
  const matterId = await readFolder();
  const billed = () => desk.seat.facts.ledger(matterId).totals.billedCents;
  const [asked] = desk.seat.questions.list(matterId).filter(({ kind }) => kind === 'charged_twice');
  expect([billed(), asked?.advice.includes('counted once'), asked?.places.length]).toEqual([195_000, true, 2]);
  const [key, note] = [asked?.key ?? '', 'Both knees.'];
  const settle = (isSettled: boolean, areOwn = false) => desk.seat.questions.settle({ matterId, key, isSettled, areOwn, note });
  // who agrees that it is one charge leaves the sum as it is
  must(settle(true));
  expect(billed()).toBe(195_000);
  must(settle(true, true));
  expect(billed()).toBe(390_000);
  expect(desk.seat.questions.list(matterId).at(-1)?.settled).toMatchObject({ areOwn: true, note });
  must(settle(false));
  expect(billed()).toBe(195_000);
  expect(desk.seat.questions.settle({ matterId, key, isSettled: true, areOwn: true, note: '' })).toMatchObject({ error: { code: 'invalid_input' } }); // prettier-ignore
  expect(desk.seat.questions.settle({ matterId, key: 'x', isSettled: true, areOwn: true, note })).toMatchObject({
    error: { code: 'not_found' },
  });
  // control: an answer that was not given to the question itself changes no sum
  must(settle(true, true));
  desk.seat.store.raw.prepare(`update question set question_id = 'another' where question_key like 'own_charges:%'`).run();
  expect(billed()).toBe(195_000);
});

test('whoever may only read cannot settle', async () => {
  desk = await startTestSeat('Viewer');
  expect(desk.seat.questions.settle({ matterId: 'm' as MatterId, key: 'x', isSettled: true, areOwn: false, note: '' })).toMatchObject({
    error: { code: 'forbidden' },
  });
});
