import { expect, test } from 'vitest';
import { compareRows } from '../../../src/main/admin/backup/compare-rows.ts';
import { changedBuckets, summarize, type Buckets } from '../../../src/main/admin/backup/row-hashes.ts';

const recorded: Buckets = { a: [2, '10', '20'], b: [1, '-7', '3'] };
const verdictOf = (restored: Buckets, over: { settled?: Buckets; unsettled?: string[]; isReplayed?: boolean } = {}) =>
  compareRows(
    { hashes: { t: recorded }, unsettled: over.unsettled ? { t: over.unsettled } : {} },
    { all: { t: restored }, settled: { t: over.settled ?? restored } },
    over.isReplayed ?? false,
  )[0];

test('the same rows are equal; one other, one less, one more differ', () => {
  expect(verdictOf(recorded)).toMatchObject({ verdict: 'equal', rows: 3, comparedRows: 3 });
  expect(verdictOf({ ...recorded, b: [1, '-8', '3'] })).toMatchObject({ verdict: 'differs', comparedRows: 2 });
  expect(verdictOf({ a: [2, '10', '20'] })).toMatchObject({ verdict: 'differs', reason: '3 rows were recorded' });
  expect(verdictOf({ ...recorded, c: [1, '1', '1'] })).toMatchObject({ verdict: 'differs' });
});

test('a table that is missing, or there though it was not, differs', () => {
  const empty = { all: {}, settled: {} };
  expect(compareRows({ hashes: { t: recorded }, unsettled: {} }, empty, false)).toMatchObject([
    { verdict: 'differs', reason: 'the table is missing' },
  ]);
  const more = { all: { t: recorded }, settled: { t: recorded } };
  expect(compareRows({ hashes: {}, unsettled: {} }, more, false)).toMatchObject([{ table: 't', verdict: 'differs' }]);
});

test('rows written after the look are left out and never called equal; the rows beside them still must be the recorded ones', () => {
  const withLater: Buckets = { ...recorded, b: [2, '0', '9'] };
  expect(verdictOf(withLater, { settled: recorded })).toMatchObject({ verdict: 'changed', rows: 4, comparedRows: 3 });
  expect(verdictOf(withLater, { settled: { ...recorded, b: [1, '-8', '3'] } })).toMatchObject({ verdict: 'differs' });
});

test('an unsettled bucket is neither equal nor different, whatever is in it; the others are compared', () => {
  expect(verdictOf({ ...recorded, b: [5, '1', '1'] }, { unsettled: ['b'] })).toMatchObject({
    verdict: 'changed',
    rows: 7,
    comparedRows: 2,
  });
  expect(verdictOf(recorded, { unsettled: ['b'] })).toMatchObject({ verdict: 'changed', comparedRows: 2 });
  expect(verdictOf({ a: [2, '11', '20'], b: [5, '1', '1'] }, { unsettled: ['b'] })).toMatchObject({ verdict: 'differs', comparedRows: 0 });
});

test('after replayed WAL other rows are no damage, and not equal either', () => {
  expect(verdictOf({ ...recorded, b: [3, '1', '1'] }, { isReplayed: true })).toMatchObject({
    verdict: 'changed',
    rows: 5,
    comparedRows: 2,
  });
  expect(verdictOf(recorded, { isReplayed: true })).toMatchObject({ verdict: 'equal' });
});

test('sums wrap at 64 bits and do not depend on order; changed buckets are named', () => {
  expect(summarize({ a: [1, '18446744073709551615', '-1'], b: [1, '2', '3'] })).toEqual({
    rows: 2,
    hash: '00000000000000010000000000000002',
  });
  expect(changedBuckets({ t: recorded }, { t: { ...recorded, c: [1, '0', '0'] }, u: recorded })).toEqual({ t: ['c'], u: ['a', 'b'] });
});
