import { beforeEach, expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { createActivity } from '../../../src/main/activity/activity.ts';
import { takenBackReasons } from '../../../src/main/facts/facts.ts';
import { ActivityView } from '../../../src/shared/activity.ts';
import { ok } from '../../../src/shared/result.ts';
import { makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

const now = new Date(2026, 2, 31, 15).getTime();
const daysAgo = (n: number, hour = 12): number => new Date(2026, 2, 31 - n, hour).getTime();

let laptop: FindLaptop;
let matterId: string;
let documentId: string;
beforeEach(() => {
  laptop = makeFindLaptop();
  matterId = laptop.addMatter('Ames v. Harbor');
  documentId = laptop.addDocument(matterId, 'a.txt', ['X']);
});
const view = (days: 7 | 30 = 7): ActivityView =>
  ActivityView.parse(createActivity({ store: laptop.store, clock: { now: () => now } }).view(days));

type State = 'proposed' | 'approved' | 'corrected' | 'rejected';
function addFact(kind: string, state: State, more: { at?: number; method?: string; reason?: string } = {}): void {
  const { at = daysAgo(1), method = 'rule:x', reason = null } = more;
  const decision = { state, decidedBy: laptop.userId, decidedAt: state === 'proposed' ? null : at, decisionReason: reason };
  const place = { documentId, page: 1, startOffset: 0, endOffset: 1, quote: 'X' };
  must(laptop.write((change) => ok({ is: change.insert('fact', { factId: freshId(), matterId, kind, value: 'X', normal: 'X', confidence: 80, method, ...place, ...decision }) }))); // prettier-ignore
}
function addLine(state: State, at = daysAgo(1)): void {
  const decision = { state, decidedBy: laptop.userId, decidedAt: at, decisionReason: null };
  const place = { documentId, page: 1, startOffset: 0, endOffset: 1, quote: 'X' };
  const amounts = { billedCents: 100, adjustedCents: 0, paidCents: 0 };
  must(laptop.write((change) => ok({ is: change.insert('bill_line', { billLineId: freshId(), matterId, lineOrder: 0, provider: 'Mercy', description: 'Visit', confidence: 90, method: 'rule:x', ...amounts, ...place, ...decision }) }))); // prettier-ignore
}
function addCall(of: { at?: number; cost?: number | null; matter?: string | null }): void {
  const { at = daysAgo(0), cost = 1000, matter = matterId } = of;
  must(laptop.write((change) => ok({ is: change.insert('assistant_call', { callId: freshId(), matterId: matter, documentId: null, task: 'facts', provider: 'anthropic', model: 'm', promptId: 'facts', promptVersion: 1, promptHash: '0'.repeat(64), inputTokens: 1, outputTokens: 1, cachedTokens: 0, costMicrodollars: cost, isEstimate: false, attempt: 1, outcome: 'ok', durationMs: 1, calledAt: at }) }))); // prettier-ignore
}

test('accuracy is what people left as it was read, of what they decided, the worst field first', () => {
  for (const state of ['approved', 'approved', 'corrected'] as const) addFact('claim_number', state);
  addFact('date_of_loss', 'approved');
  addFact('carrier', 'rejected');
  addFact('carrier', 'proposed');
  addLine('corrected');
  addLine('approved');
  expect(
    view().accuracy.map(({ label, approved, corrected, rejected, accuracyPercent }) => [
      label,
      approved,
      corrected,
      rejected,
      accuracyPercent,
    ]),
  ).toEqual([
    ['Insurance carrier', 0, 0, 1, 0],
    ['Bill line', 1, 1, 0, 50],
    ['Claim number', 2, 1, 0, 66.67],
    ['Date of loss', 1, 0, 0, 100],
    ['All fields', 4, 2, 1, 57.14],
  ]);
});

test('what left with its document, and what was decided long ago say nothing of how it is read; the first nobody decided', () => {
  addFact('claim_number', 'approved');
  for (const reason of takenBackReasons) addFact('claim_number', 'rejected', { reason });
  addFact('claim_number', 'rejected', { at: daysAgo(7) });
  expect(view().accuracy).toMatchObject([{ field: 'claim_number', approved: 1, rejected: 0, accuracyPercent: 100 }]);
  expect(view().days.reduce((sum, { decided }) => sum + decided, 0)).toBe(1);
  expect(view(30).accuracy).toMatchObject([{ field: 'claim_number', approved: 1, rejected: 1, accuracyPercent: 50 }]);
});

test('each day since has its line, also over the night the clocks change', () => {
  addFact('claim_number', 'corrected', { at: daysAgo(6, 0) });
  addLine('approved', daysAgo(0, 14));
  laptop.store.raw.prepare('update document set processed_at = ?').run(daysAgo(2, 23));
  addCall({ at: daysAgo(2), cost: 1500 });
  addCall({ at: daysAgo(2), cost: null });
  const { days, since } = view();
  expect(since).toBe('2026-03-25');
  expect(days.map(({ day }) => day)).toEqual(['2026-03-25', '2026-03-26', '2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31']); // prettier-ignore
  expect(days[0]).toMatchObject({ decided: 1, corrected: 1 });
  expect(days[4]).toMatchObject({ documentsRead: 1, calls: 2, costMicrodollars: 1500 });
  expect(days[6]).toMatchObject({ decided: 1, corrected: 0 });
  expect(view(30).days).toHaveLength(30);
});

test('cost is told by matter and by person, the dearest first, what nobody knows beside it', () => {
  const other = laptop.addMatter('Boyd v. Mills');
  addCall({ cost: 500 });
  addCall({ cost: null });
  addCall({ cost: 9000, matter: other });
  addCall({ cost: 1, matter: null });
  addCall({ cost: 70_000, at: daysAgo(8) });
  const { costByMatter, costByUser } = view();
  expect(costByMatter.map(({ name, calls, costMicrodollars, unknownCost }) => [name, calls, costMicrodollars, unknownCost])).toEqual([
    ['Boyd v. Mills', 1, 9000, 0],
    ['Ames v. Harbor', 2, 500, 1],
    ['A matter that is not here', 1, 1, 0],
  ]);
  expect(costByUser.reduce((sum, { costMicrodollars }) => sum + costMicrodollars, 0)).toBe(9501);
});

test('days are found by an index', () => {
  const plans = ['fact', 'bill_line'].map((table) => laptop.store.raw.prepare(`explain query plan select state from ${table} where state <> 'proposed' and decided_at >= 1`).all() as { detail: string }[]); // prettier-ignore
  for (const plan of plans) expect(plan[0]?.detail).toMatch(/USING INDEX \w+_decided_idx/);
});
