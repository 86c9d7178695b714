import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeEml } from '../../support/make-mail.ts';

let t: TestSeat | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await t?.stop();
});

/** Tables of a few rows, or of one; and what is read whole because all of it is shown, or a part of fixed size is. */
const mayBeReadWhole = [
  /^SCAN (sync_state|find_state|case_folder|cases_folder|cases_subfolder|corrections)\b/,
  /^SCAN (job|blob)$/, // once, when the store is opened
  /^SCAN m$/, // the list of matters
  /^SCAN (document USING INDEX document_state_idx|letter USING INDEX letter_matter_idx)$/, // one line of that list for each of their matters
  /^SCAN (outbox|o|t|find_todo|audit_event)$/, // each with its limit
  /^SCAN feedback USING INDEX feedback_correction_idx$/,
];

const papers = {
  'ledger.csv':
    'Provider,Date of Service,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,ER visit,"$1,200.00",$0.00,"$1,200.00"\n',
  'er-record.txt': 'HARBOR HOSPITAL\nEmergency Department record\nChief complaint: fall. Seen 02/15/2024.',
  'offer.txt': 'July 1, 2024\nOffer of settlement\nYour demand letter dated June 3, 2024 is declined. We offer $40,000.',
  'records.eml': makeEml('Records', 'Attached.', [{ name: 'mri.txt', type: 'text/plain', bytes: 'MRI report. Diagnosis: strain.' }]),
};

test('no day’s work goes through all documents, pages, facts or jobs of a firm: each statement finds its rows by an index', async () => {
  const asked = new Set<string>();
  const { prepare } = Database.prototype;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    asked.add(sql);
    return prepare.call(this, sql);
  });
  t = await startTestSeat();
  const { seat, folder } = t;
  for (const [name, bytes] of Object.entries(papers)) await writeFile(join(folder, name), bytes);
  const created = await seat.matters.create({ folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  const { matterId } = created.value;
  seat.watch(matterId, folder);
  await seat.ingest.settled(matterId);
  await writeFile(join(folder, 'offer.txt'), 'Another text, of the same name.');
  await seat.ingest.rescan(matterId);
  await seat.ingest.settled(matterId);
  seat.matters.list();
  seat.matters.get(matterId);
  for (const { documentId } of seat.documents.list(matterId)) seat.links.of(documentId);
  seat.questions.list(matterId);

  const { raw } = seat.store;
  const whole = [...asked].flatMap((sql) => {
    if (!/^\s*(select|insert|update|delete|with)/i.test(sql)) return [];
    const positions = Array.from(sql.matchAll(/\?/g), () => null);
    const names = Object.fromEntries(Array.from(sql.matchAll(/@(\w+)/g), ([, name]) => [name, null]));
    const plan = prepare.call(raw, `explain query plan ${sql}`) as Database.Statement;
    const steps = plan.all(positions, names) as { detail: string }[];
    return steps
      .filter(({ detail }) => /^SCAN (?!json_each|x |CONSTANT|\(|.*VIRTUAL TABLE)/.test(detail))
      .filter(({ detail }) => !mayBeReadWhole.some((one) => one.test(detail)))
      .map(({ detail }) => `${detail}: ${sql.replace(/\s+/g, ' ')}`);
  });
  expect(whole).toEqual([]);
  expect(asked.size).toBeGreaterThan(100);
});
