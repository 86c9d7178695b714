import { expect, test } from 'vitest';
import { decide } from '../../../../src/main/sync/doctor/decide.ts';
import type { Measures, ServerMeasures, StoreMeasures } from '../../../../src/main/sync/doctor/measure.ts';

const hourMs = 3_600_000;
const at = Date.UTC(2026, 10, 21);
const store: StoreMeasures = {
  ...{ integrity: 'ok', version: 6, newest: 6, cursor: 40, feedHead: 40, lastSyncedAt: at },
  ...{ waiting: 0, oldestWaitingAt: null, deadLetters: 0, conflicts: 0, proposals: 0, filesWaiting: 0, parkedRows: 0 },
};
const server: ServerMeasures = {
  ...{ version: 22, newest: 22, aheadMs: 100, roundTripMs: 3, isDirect: true, isEncrypted: true, certificateEndsAt: at + 90 * 24 * hourMs },
  session: { email: 'ada@firm.example', role: 'Attorney', head: 40 },
};
const well: Measures = { hasKey: true, store, server, freeBytes: 50e9, at };

/** What is not in order, as "check state: words". */
const found = (measures: Measures): string[] =>
  decide(measures)
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, says }) => `${check} ${state}: ${says}`);

test('a computer that is well is told so, in a sentence for each thing', () => {
  const findings = decide(well);
  expect(findings.every(({ state, says, todo }) => state === 'ok' && /\.$/.test(says) && todo === null)).toBe(true);
  expect(findings.map(({ check }) => check)).toEqual([
    ...[
      'key',
      'store',
      'newer apps',
      'server',
      'certificate',
      'clock',
      'line',
      'session',
      'feed',
      'outbox',
      'refused',
      'decisions',
      'files',
      'disk',
    ],
  ]);
});

test.each<[string, Measures, RegExp[]]>([
  ['no key', { ...well, hasKey: false, store: null }, [/^key bad: .*gone from this computer/]],
  [
    'a page that does not read',
    { ...well, store: { ...store, integrity: 'Page 7: btreeInitPage() returns error code 11' } },
    [/^store bad: The copy is damaged: Page 7/],
  ],
  [
    'a copy that does not open',
    { ...well, store: { code: 'corrupt', what: 'this laptop’s copy', reason: 'A part of it cannot be read.' } },
    [/^store bad: This laptop’s copy is damaged/],
  ],
  ['Steno is open', { ...well, store: { code: 'conflict', what: 'this laptop’s copy', reason: 'x' } }, [/^store ask: The copy is in use/]],
  ['no network', { ...well, server: { code: 'offline', reason: 'x' } }, [/^server ask: The firm's server cannot be reached/]],
  [
    'another certificate',
    { ...well, server: { code: 'provider_failed', what: "checking the firm's server certificate", reason: 'x' } },
    [/^server bad: Checking the firm's server certificate failed/],
  ],
  [
    'a certificate that ends soon',
    { ...well, server: { ...server, certificateEndsAt: at + 10 * 24 * hourMs } },
    [/^certificate ask: .*10 more days|^certificate ask: .*9 more days/],
  ],
  [
    'a clock ten years slow',
    { ...well, server: { ...server, aheadMs: 87_600 * hourMs, certificateEndsAt: null } },
    [/^clock ask: .*3650 days behind the firm’s\. Syncing does not depend on it/],
  ],
  ['a pooler', { ...well, server: { ...server, isDirect: false } }, [/^line ask: A connection pooler/]],
  ['a session that ended', { ...well, server: { ...server, session: { code: 'unauthenticated', reason: 'x' } } }, [/^session bad/]],
  [
    'a restored server',
    { ...well, server: { ...server, session: { email: 'a', role: 'Admin', head: 3 } } },
    [/^feed ask: .*restored from a backup/],
  ],
  [
    'an old queue though the firm is there',
    { ...well, store: { ...store, waiting: 3, oldestWaitingAt: at - 50 * hourMs } },
    [/^outbox bad: 3 changes wait, the oldest for 2 days/],
  ],
  [
    'an old queue and no network',
    { ...well, server: { code: 'offline', reason: 'x' }, store: { ...store, waiting: 3, oldestWaitingAt: at - 50 * hourMs } },
    [/^server ask/, /^outbox ask/],
  ],
  [
    'work for a person',
    { ...well, store: { ...store, deadLetters: 1, conflicts: 2, proposals: 3, filesWaiting: 4 } },
    [/^refused ask: 1/, /^decisions ask: 2 .* 3/, /^files ask: 4/],
  ],
  ['a firm that knows more than any app shows', { ...well, store: { ...store, parkedRows: 5 } }, []],
  ['a firm that is newer', { ...well, store: { ...store, parkedRows: 5 }, server: { ...server, version: 23 } }, [/^newer apps ask: 5/]],
  ['a full disk', { ...well, freeBytes: 1e6 }, [/^disk bad: 0\.0 GB/]],
  ['a nearly full disk', { ...well, freeBytes: 1e9 }, [/^disk ask: 1\.0 GB/]],
])('%s', (_, measures, wanted) => {
  const seen = found(measures);
  expect(seen).toEqual(wanted.map((words): unknown => expect.stringMatching(words)));
  for (const { state, todo } of decide(measures)) expect(state === 'ok' || (todo ?? '') !== '').toBe(true);
});
