import { afterAll, expect, test } from 'vitest';
import { WorkerKilled } from '../../../src/main/host/host.ts';
import { createWorkers } from '../../../src/main/host/node-workers.ts';
import type { ReadDocument } from '../../../src/main/documents/read/reading.ts';
import type { Outcome } from '../../../src/shared/result.ts';
import { makeEml, makeMsg } from '../../support/make-mail.ts';
import { makeXlsx, makeZip } from '../../support/make-zip.ts';
import { sampleBytes } from '../../support/sample-files.ts';

// STENO_FUZZ_FILES=5000 npx vitest run --project unit test/main/documents/fuzz-files.test.ts
const rounds = Number(process.env['STENO_FUZZ_FILES'] ?? 60);
const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const pool = createWorkers();
afterAll(() => pool.stop());
const worker = new URL('../../../src/main/documents/read/read-worker.ts', import.meta.url);

const real: [string, Uint8Array][] = [
  ...(
    [
      ['rivera-v-bestvalue', 'Medical/er-record-2024-02-15-scan.pdf'],
      ['rivera-v-bestvalue', 'Medical/ems-run-sheet.png'],
      ['rivera-v-bestvalue', 'Billing/billing-ledger-Rivera.pdf'],
      ['rivera-v-bestvalue', 'Incident/incident-report-store-0147.pdf'],
      ['rivera-v-bestvalue', 'Pleadings/complaint.docx'],
      ['rivera-v-bestvalue', 'Testimony/deposition-excerpt-manager.txt'],
      ['auto-claim', 'claim_submission.docx'],
      ['auto-claim', 'police_report_12345.pdf'],
      ['pdf', 'driver_mvr_packet_001.pdf'],
    ] as const
  ).map(([folder, path]): [string, Uint8Array] => [path, sampleBytes(folder, path)]),
  [
    'mail.eml',
    makeEml('Records', 'Attached.', [
      { name: 'a.png', type: 'image/png', bytes: sampleBytes('rivera-v-bestvalue', 'Medical/ems-run-sheet.png') },
    ]),
  ],
  ['mail.msg', makeMsg('Claim', 'We deny.', { name: 'a.txt', bytes: Buffer.from('limits '.repeat(300)) })],
  ['ledger.xlsx', makeXlsx({ Ledger: '<row><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45337</v></c></row>'.repeat(50) }, ['Date'])],
  ['records.zip', makeZip(['a', 'b', 'c'].map((name) => ({ name: `${name}.txt`, bytes: `${name} `.repeat(900) })))],
  ['letter.rtf', Buffer.from(`{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}${"Dear \\'93Sir\\'94\\par \\u8212? {\\b bold} ".repeat(80)}}`)],
];

/** The same numbers for the same seed, on every machine. */
function numbersFrom(start: number): (below: number) => number {
  let state = start >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutate(bytes: Uint8Array, next: (below: number) => number, other: Uint8Array): Uint8Array<ArrayBuffer> {
  let broken = new Uint8Array(bytes);
  const times = 1 + next(3);
  for (let n = 0; n < times; n++) {
    const at = next(Math.max(1, broken.length));
    const length = 1 + next(2_000);
    const kind = next(6);
    if (kind === 0) for (let hit = 0; hit < 1 + next(40); hit++) broken[next(broken.length)] = next(256);
    else if (kind === 1) broken[at] = (broken[at] ?? 0) ^ (1 << next(8));
    else if (kind === 2) broken = broken.slice(0, at);
    else if (kind === 3) broken = joined(broken.subarray(0, at), broken.subarray(at + length));
    else if (kind === 4)
      broken = joined(broken.subarray(0, at), other.subarray(next(other.length)).subarray(0, length), broken.subarray(at));
    else
      broken = joined(
        broken.subarray(0, at),
        ...Array.from({ length: 1 + next(50) }, () => broken.subarray(at, at + length)),
        broken.subarray(at),
      );
  }
  return broken;
}

const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts));

test(
  `[R10] real files, mutated ${String(rounds)} times, are read or refused in words; the pool goes on`,
  { timeout: 3_600_000 },
  async () => {
    console.log(`fuzz-files seed ${String(seed)} (repeat with STENO_SEED)`);
    const killed: string[] = [];
    const counted = { read: 0, refused: 0 };
    for (let round = 0; round < rounds; round++) {
      const next = numbersFrom(seed + round * 7_919);
      const [name, bytes] = real[next(real.length)] ?? ['', new Uint8Array()];
      const [, other] = real[next(real.length)] ?? ['', new Uint8Array()];
      const input = { bytes: mutate(bytes, next, other), fileName: name };
      const which = `seed ${String(seed)} round ${String(round)} ${name}`;
      try {
        const outcome = await pool.run<object, Outcome<ReadDocument>>(worker, 'read', input, { timeoutMs: 60_000, memoryMb: 512 });
        if (outcome.ok) counted.read += 1;
        else {
          expect(['corrupt', 'unsupported'], which).toContain(outcome.error.code);
          expect('reason' in outcome.error ? outcome.error.reason : '', which).toMatch(/^[A-Z].{20,}\.$/);
          counted.refused += 1;
        }
      } catch (error) {
        // an honest end: the file is listed with its reason and the worker is never used again
        if (!(error instanceof WorkerKilled)) throw new Error(which, { cause: error });
        killed.push(`${which}: ${error.cause}`);
      }
    }
    console.log(`fuzz-files: ${String(counted.read)} read, ${String(counted.refused)} refused, ${String(killed.length)} killed`, killed);
    // mutations are strong enough to break files, and weak enough to get past the first look
    expect(counted.read).toBeGreaterThan(0);
    expect(counted.refused).toBeGreaterThan(0);
    expect(killed.length).toBeLessThanOrEqual(rounds / 20);
  },
);
