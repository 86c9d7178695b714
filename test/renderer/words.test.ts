import { expect, test } from 'vitest';
import { fileWords, partText } from '../../src/renderer/files/words.ts';
import { chooseMatters } from '../../src/renderer/matters/rows.ts';
import { stateText } from '../../src/renderer/documents/words.ts';
import { groupFacts, nextProposed, orderFacts } from '../../src/renderer/facts/rows.ts';
import {
  arrivingWords,
  copyWords,
  foldVerdicts,
  partialMatterWords,
  partialWords,
  syncTone,
  syncWords,
} from '../../src/renderer/sync/words.ts';
import type { DocumentRow } from '../../src/shared/documents.ts';
import type { FactView } from '../../src/shared/facts.ts';
import type { MatterRow } from '../../src/shared/matters.ts';
import type { SyncStatus } from '../../src/shared/sync.ts';

const now = new Date(2024, 5, 14, 10, 0).getTime();
const at = (hours: number, minutes: number) => new Date(2024, 5, 14, hours, minutes).getTime();
const synced: SyncStatus = {
  phase: 'synced', waiting: 0, inFlight: 0, proposals: 0, conflicts: 0, deadLetters: 0, lastSyncedAt: at(9, 14), offlineSince: null, problem: null, restored: null,
}; // prettier-ignore

test.each<[Partial<SyncStatus>, string]>([
  [{}, 'Synced 09:14'],
  [{ waiting: 1 }, '1 change waiting, last synced 09:14'],
  [{ phase: 'offline', waiting: 3, offlineSince: at(9, 2) }, '3 changes waiting, offline since 09:02'],
  [{ phase: 'offline', offlineSince: at(9, 2) }, 'Offline since 09:02'],
  [{ phase: 'syncing', waiting: 2 }, 'Syncing, 2 changes waiting'],
  [{ conflicts: 1, deadLetters: 1, waiting: 5 }, 'Needs you: 2'],
  [{ phase: 'offline', conflicts: 1, waiting: 5, offlineSince: at(9, 2) }, 'Needs you: 1. 5 changes waiting, offline since 09:02'],
  [{ phase: 'stopped', proposals: 1200 }, 'Needs you: 1,200. Syncing has stopped'],
  [{ phase: 'stopped' }, 'Syncing has stopped'],
  [
    { phase: 'stopped', waiting: 1, problem: { code: 'full', what: 'Steno’s data on this laptop', reason: 'x' } },
    'There is no room left for Steno’s data on this laptop, 1 change waiting',
  ],
  [
    { phase: 'syncing', copy: { why: 'first', done: 40_000, total: 215_000, isResumed: false } },
    'Getting your firm’s matters: 40,000 of 215,000 entries',
  ],
  [{ phase: 'syncing', copy: { why: 'first', done: 0, total: 0, isResumed: false } }, 'Getting your firm’s matters'],
  [
    { phase: 'syncing', waiting: 2, copy: { why: 'away', done: 1, total: 9, isResumed: true } },
    'Getting your firm’s matters anew: 1 of 9 entries, 2 changes waiting',
  ],
  [{ phase: 'syncing', copy: { why: 'view', done: 1, total: 1, isResumed: false } }, 'Getting what you may see now: 1 of 1 entry'],
  [{ phase: 'local' }, 'On this computer only'],
])('%j reads %j', (change, words) => {
  expect(syncWords({ ...synced, ...change }, now)).toBe(words);
});

test('a copy on its way says how far it is, why, and that work goes on; where it was cut short, that it goes on', () => {
  const copy = { why: 'first', done: 40_000, total: 215_000, isResumed: false } as const;
  expect(copyWords(copy).advice).toMatch(/^40,000 of 215,000 entries are here\. .*last worked on are shown first.*You can go on working/);
  expect(copyWords({ ...copy, isResumed: true }).advice).toContain('It goes on where it stopped.');
  expect(copyWords({ ...copy, why: 'away' }).advice).toContain('was away');
  expect(copyWords({ ...copy, why: 'view' }).advice).toContain('What you may see at the firm has changed');
});

test('a list that is not whole says so, with a line and without', () => {
  const copy = { why: 'first', done: 40_000, total: 215_000, isResumed: false } as const;
  expect(partialWords({ ...synced, isPartial: true, copy })).toBe(
    'The matters last worked on. The rest is on its way: 40,000 of 215,000 entries.',
  );
  expect(arrivingWords({ ...synced, isPartial: true, copy })).toMatchObject({
    title: 'Your firm’s matters are on their way',
    advice: expect.stringMatching(/^40,000 of 215,000 entries are here\. /) as unknown,
  });
  expect(arrivingWords({ ...synced, phase: 'offline', isPartial: true }).title).toContain('not here yet');
  expect(partialWords({ ...synced, phase: 'offline', isPartial: true })).toContain('not here yet');
  expect(partialWords({ ...synced, isPartial: false })).toBeNull();
  expect(partialMatterWords({ ...synced, isPartial: true, copy })).toContain('on its way');
  expect(partialMatterWords({ ...synced, isPartial: true })).toContain('Not all of this matter is here yet');
  expect(partialMatterWords({ ...synced, isPartial: false })).toBeNull();
});

test('answers that say the same of the same thing are one, with their number; a word between them parts them', () => {
  const edit = { at: 0, verdict: 'applied', what: 'An edit of the letter', where: 'Rivera demand', reason: null } as const;
  const list = [
    { ...edit, verdictId: 5 },
    { ...edit, verdictId: 4 },
    { ...edit, verdictId: 3, where: 'Okafor demand' },
    { ...edit, verdictId: 2, verdict: 'rejected' as const, reason: 'x' },
    { ...edit, verdictId: 1 },
  ];
  expect(foldVerdicts(list).map(({ verdict, times }) => [verdict.verdictId, times])).toEqual([[5, 2], [3, 1], [2, 1], [1, 1]]); // prettier-ignore
});

test('green is for done only', () => {
  expect(syncTone(synced)).toBe('done');
  expect(syncTone({ ...synced, waiting: 1 })).not.toBe('done');
  expect(syncTone({ ...synced, phase: 'stopped', conflicts: 1 })).toBe('block');
});

function matter(clientName: string | null, demandCents: number | null): MatterRow {
  return {
    matterId: crypto.randomUUID() as MatterRow['matterId'], title: 'Untitled', clientName, defendantName: 'BestValue', dateOfLoss: null,
    status: 'Open', folderPath: null, documentCount: 0, unreadCount: 0, letterId: null, letterStatus: 'In_Review', demandCents, updatedAt: 0, waitingChanges: 0,
  }; // prettier-ignore
}

test('a filter takes every word, in any column and any case', () => {
  const rows = [matter('Marisol Rivera', 1), matter('Rosa Delgado', 2)];
  const found = (filter: string) => chooseMatters(rows, filter, { by: 'client', descending: false }).map((row) => row.clientName);
  expect(found('rivera BESTVALUE')).toEqual(['Marisol Rivera']);
  expect(found('in review')).toHaveLength(2);
  expect(found('rivera delgado')).toEqual([]);
});

test('amounts sort as numbers, and what is not known stands last in both directions', () => {
  const rows = [matter('a', 900), matter('b', null), matter('c', 10_000)];
  const order = (descending: boolean) => chooseMatters(rows, '', { by: 'demand', descending }).map((row) => row.demandCents);
  expect(order(false)).toEqual([900, 10_000, null]);
  expect(order(true)).toEqual([10_000, 900, null]);
});

test('after a decision the next open row is taken, around the end of the list if need be', () => {
  const rows = (['approved', 'proposed', 'rejected', 'proposed'] as const).map((state) => ({ state }));
  expect(nextProposed(rows, 1)).toBe(3);
  expect(nextProposed(rows, 3)).toBe(1);
  expect(nextProposed([{ state: 'approved' }], 0)).toBe(0);
});

test('a document says its state and its reason once', () => {
  const scan: DocumentRow = {
    documentId: '00000000-0000-4000-8000-000000000002' as DocumentRow['documentId'], matterId: '00000000-0000-4000-8000-000000000001' as DocumentRow['matterId'],
    fileName: 'scan.pdf', relativePath: 'scan.pdf', mediaType: 'application/pdf', sizeBytes: 1, pageCount: 2, kind: 'Bill', kindBy: 'rule', kindConfidence: 90, kindWhy: 'x', state: 'waiting_for_ocr',
    reason: 'the pages are pictures', missing: false, addedAt: 0, addedByName: null, contentHere: true,
  }; // prettier-ignore
  const words = 'Waiting for text recognition: the pages are pictures';
  expect(stateText(scan)).toBe(words);
  expect(stateText({ ...scan, reason: words })).toBe(words);
  expect(stateText({ ...scan, state: 'read', reason: null, missing: true })).toBe('Read · no longer in the folder');
});

function lossOn(normal: string, state: FactView['state']): FactView {
  const documentId = crypto.randomUUID() as FactView['source']['documentId'];
  return {
    factId: crypto.randomUUID() as FactView['factId'], matterId: '00000000-0000-4000-8000-000000000001' as FactView['matterId'], kind: 'date_of_loss',
    value: normal, normal, confidence: 90, state, method: 'rule:loss', readValue: null, problem: null, model: null, decidedByName: null, decidedAt: null,
    source: { documentId, documentName: 'a', page: 1, start: 0, end: 1, quote: normal },
  }; // prettier-ignore
}

test('"approve all" never approves two values that contradict each other', () => {
  const [open] = groupFacts([lossOn('2024-02-15', 'proposed'), lossOn('2024-02-14', 'proposed')]);
  expect(open).toMatchObject({ differentValues: 2, undisputed: [] });
  const [decided] = groupFacts([lossOn('2024-02-15', 'approved'), lossOn('2024-02-15', 'proposed'), lossOn('2024-02-14', 'proposed')]);
  expect(decided?.differentValues).toBe(0);
  expect(decided?.undisputed.map((fact) => fact.normal)).toEqual(['2024-02-15']);
  const [agreed] = groupFacts([lossOn('2024-02-15', 'proposed'), lossOn('2024-02-15', 'proposed'), lossOn('2024-02-14', 'rejected')]);
  expect(agreed?.undisputed).toHaveLength(2);
});

test('facts stand in parts of the table, visits by their day; where many values hold at once none of them is disputed', () => {
  const of = (kind: FactView['kind'], normal: string, confidence = 90): FactView => ({ ...lossOn(normal, 'proposed'), kind, confidence });
  const groups = groupFacts([
    of('visit', '2024-03-01|PT', 99),
    of('wage_rate', '3000'),
    of('visit', '2024-02-15|ER', 60),
    of('diagnosis', 'S134XXA'),
    of('client_name', 'Ana Cruz'),
  ]);
  expect(groups.map(({ opens, key }) => [opens, key])).toEqual([
    ['Parties', 'client_name'],
    ['Treatment', 'visit'],
    [null, 'diagnosis'],
    ['Wages and future care', 'wage_rate'],
  ]);
  expect(groups[1]?.facts.map(({ normal }) => normal)).toEqual(['2024-02-15|ER', '2024-03-01|PT']);
  expect(groups[1]).toMatchObject({ differentValues: 0, undisputed: [{}, {}] });
  // control: two rates contradict each other
  expect(groupFacts([of('wage_rate', '3000'), of('wage_rate', '2800')])[0]).toMatchObject({ differentValues: 2, undisputed: [] });
});

test('a file that is not here says how far it is, why it is not here, and what to expect', () => {
  const file = { state: 'away' as const, doneBytes: 0, sizeBytes: 12_000_000, problem: null };
  expect(fileWords({ ...file, state: 'fetching', doneBytes: 3_000_000 }).title).toBe('Not on this laptop yet, fetching 3.0 of 12.0 MB');
  expect(fileWords(file).title).toBe('Not on this laptop, 12.0 MB');
  expect(fileWords({ ...file, problem: { code: 'offline', reason: 'x' } })).toEqual({
    title: 'Not on this laptop, and the firm cannot be reached',
    advice: 'Its text is here. The file comes by itself when you are back on the network.',
  });
  expect(fileWords({ ...file, problem: { code: 'not_found', what: 'x' } }).title).toBe('Not on this laptop, and not at the firm yet');
  expect(fileWords({ ...file, problem: { code: 'corrupt', what: 'the copy', reason: 'Tell your IT.' } }).advice).toBe('Tell your IT.');
  expect([partText(400_000, 900_000), partText(1.2e9, 20e9)]).toEqual(['0.4 of 0.9 MB', '1.2 of 20.0 GB']);
});

test('facts are reviewed by kind, the least sure first, or by document; what is disputed is approved with nothing', () => {
  const at = (
    kind: FactView['kind'],
    normal: string,
    confidence: number,
    documentName: string,
    page: number,
    state: FactView['state'] = 'proposed',
  ): FactView => {
    const fact = lossOn(normal, state);
    const documentId = `00000000-0000-4000-8000-${documentName.padStart(12, '0')}` as FactView['source']['documentId'];
    return { ...fact, kind, confidence, source: { ...fact.source, documentId, documentName, page } };
  };
  const facts = [
    at('date_of_loss', '2024-02-15', 95, '2', 3),
    at('date_of_loss', '2024-02-16', 60, '1', 1),
    at('carrier', 'Acme', 70, '1', 2),
    at('claim_number', 'A-1', 40, '2', 1),
    at('witness', 'Dana Cole', 50, '2', 2, 'approved'),
  ];
  const told = (order: 'unsure' | 'source') => orderFacts(facts, order).map(({ label, facts: those, undisputed }) => [label, those.map(({ normal }) => normal), undisputed.length]); // prettier-ignore
  expect(told('unsure')).toEqual([
    ['To check, the least sure first', ['A-1', '2024-02-16', 'Acme', '2024-02-15'], 2],
    ['Decided', ['Dana Cole'], 0],
  ]);
  expect(told('source')).toEqual([
    ['1', ['2024-02-16', 'Acme'], 1],
    ['2', ['A-1', 'Dana Cole', '2024-02-15'], 1],
  ]);
});
