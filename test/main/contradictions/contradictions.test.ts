import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { MatterId } from '../../../src/shared/ids.ts';
import { must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
afterEach(() => t.stop());

async function caseOf(files: Record<string, string>): Promise<MatterId> {
  t = await startTestSeat();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(t.folder, name), text);
  const { matterId } = must(await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' }));
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
  await t.seat.jobs.idle();
  return matterId;
}
const report = (day: string, more = ''): string => `INCIDENT REPORT\nDate of incident: ${day}\n${more}\n`;

test('of two values one is said to hold: it is approved, the other rejected, and what a person corrected stays corrected', async () => {
  const matterId = await caseOf({ 'a.txt': report('February 15, 2024'), 'b.txt': report('February 16, 2024') });
  const { contradictions, facts } = t.seat;
  const days = () => facts.list(matterId).filter(({ kind }) => kind === 'date_of_loss');
  const late = days().find(({ normal }) => normal === '2024-02-16')?.factId;
  must(facts.correct({ factId: late as never, value: 'February 17, 2024', reason: 'The log says so.' }));
  const [found] = contradictions.list(matterId);
  expect(found?.sides.map(({ value }) => value)).toEqual(['February 15, 2024', 'February 17, 2024']);
  must(contradictions.choose({ matterId, key: found?.key ?? '', side: 1 }));
  expect(Object.fromEntries(days().map(({ normal, state }) => [normal, state]))).toEqual({
    '2024-02-15': 'rejected',
    '2024-02-17': 'corrected',
  });
  expect(contradictions.list(matterId)).toEqual([]);
  // what was on screen is there no more
  expect(contradictions.choose({ matterId, key: found?.key ?? '', side: 0 })).toMatchObject({ error: { code: 'not_found' } });
});

test('where both sides may be true, none can be said to hold', async () => {
  const matterId = await caseOf({
    'a.txt': report('February 15, 2024', 'He placed a wet-floor cone approximately four feet from the spill.'),
    'b.txt': report('February 15, 2024', 'The warning cone was 8 feet away from the puddle.'),
  });
  const [found] = t.seat.contradictions.list(matterId);
  expect([found?.kind, found?.isChoice]).toEqual(['measures_differ', false]);
  expect(t.seat.contradictions.choose({ matterId, key: found?.key ?? '', side: 0 })).toMatchObject({ error: { code: 'not_found' } });
});

test('a study that two statements bill is one contradiction, with a charge counted once where the provider is known', async () => {
  const bill = (head: string, of: string): string =>
    `${head}\nStatement of ${of}\nPatient: Leila Haddad\n\nDate\tCPT\tDescription\tBilled\tPaid\n04/05/2024\t72148\tMRI lumbar, technical\t$100.00\t$0.00\n04/15/2024\t72148-26\tMRI lumbar, professional\t$40.00\t$0.00\n`;
  const found = async (head: string): Promise<number[][]> => {
    const matterId = await caseOf({ 'bill may.txt': bill(head, 'May 31, 2024'), 'bill june.txt': bill(head, 'June 30, 2024') });
    const of = t.seat.contradictions.list(matterId).filter(({ kind }) => kind === 'study_day');
    return of.map(({ sides }) => sides.map(({ sources }) => sources.length));
  };
  expect(await found('Tidewater Spine and Joint, PLLC')).toEqual([[1, 1]]);
  await t.stop();
  expect(await found('')).toEqual([[2, 2]]);
});
