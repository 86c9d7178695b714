import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { aLoop } from '../../support/a-loop.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeEml } from '../../support/make-mail.ts';
import { aMatter } from '../../support/mutations.ts';

let t: TestSeat | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await t?.stop();
});

/** Tables of a few rows, or of one; what a statement has collected itself; and what is read whole because all of it is shown, or a part of fixed size is. */
const mayBeReadWhole = [
  /^SCAN (sync_state|find_state|case_folder|cases_folder|cases_subfolder|corrections|inside|i|audit_anchor)\b/,
  /^SCAN (job|blob)$/, // once, when the store is opened
  /^SCAN m$/, // the list of matters
  /^SCAN (document USING INDEX document_state_idx|letter USING INDEX letter_matter_idx)$/, // one line of that list for each of their matters
  /^SCAN (o|t|w|find_todo|audit_event)$/, // each with its limit
  /^SCAN (feedback USING INDEX feedback_correction_idx|acknowledged USING INDEX acknowledged_open_idx|outbox USING COVERING INDEX outbox_dead_idx)$/, // which hold few of their rows
];

const papers = {
  'ledger.csv':
    'Provider,Date of Service,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,ER visit,"$1,200.00",$0.00,"$1,200.00"\n',
  'er-record.txt': 'HARBOR HOSPITAL\nEmergency Department record\nChief complaint: fall. Seen 02/15/2024.',
  'offer.txt': 'July 1, 2024\nOffer of settlement\nYour demand letter dated June 3, 2024 is declined. We offer $40,000.',
  'records.eml': makeEml('Records', 'Attached.', [{ name: 'mri.txt', type: 'text/plain', bytes: 'MRI report. Diagnosis: strain.' }]),
};

/** Notes every statement that is compiled from now on. */
function listen(): Set<string> {
  const asked = new Set<string>();
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    asked.add(sql);
    return prepare.call(this, sql);
  });
  return asked;
}
const { prepare } = Database.prototype;

/** What goes through a table that may be large. */
function whole(raw: Database.Database, asked: Set<string>): string[] {
  return [...asked].flatMap((sql) => {
    if (!/^\s*(select|insert|update|delete|with)/i.test(sql)) return [];
    const positions = Array.from(sql.matchAll(/\?/g), () => null);
    const names = Object.fromEntries(Array.from(sql.matchAll(/@(\w+)/g), ([, name]) => [name, null]));
    const steps = raw.prepare(`explain query plan ${sql}`).all(positions, names) as { detail: string }[];
    // a table's rows are counted from its inner pages, by one instruction
    const program = raw.prepare(`explain ${sql}`).all(positions, names) as { opcode: string }[];
    let counts = program.filter(({ opcode }) => opcode === 'Count').length;
    return steps
      .filter(({ detail }) => !(/^SCAN outbox USING COVERING INDEX sqlite_autoindex/.test(detail) && (counts -= 1) >= 0))
      .filter(({ detail }) => /^SCAN (?!json_each|[cx] |CONSTANT|\(|.*VIRTUAL TABLE)/.test(detail))
      .filter(({ detail }) => !mayBeReadWhole.some((one) => one.test(detail)))
      .map(({ detail }) => `${detail}: ${sql.replace(/\s+/g, ' ')}`);
  });
}

test('no day’s work goes through all documents, pages, facts or jobs of a firm: each statement finds its rows by an index', async () => {
  const asked = listen();
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

  expect(whole(seat.store.raw, asked)).toEqual([]);
  expect(asked.size).toBeGreaterThan(100);
});

test('nor does a round of sync, nor what is told after each change: an import leaves ten thousand pages in the outbox', async () => {
  const server = createFakeServer();
  const firm = server.addFirm();
  const laptop = makeLaptop();
  const remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  const first = aLoop(laptop, remote);
  await first.now(); // a copy of the firm, in its place
  await first.stop();
  laptop.reopen();
  const asked = listen();
  const loop = aLoop(laptop, remote);
  try {
    await loop.now();
    for (const title of ['a', 'b']) {
      must(laptop.write((change) => ok({ is: change.insert('matter', { matterId: freshId(), title, status: 'Open' }) })));
      await server.signIn(firm, 'Attorney').push([aMatter()]);
      expect(await loop.now()).toMatchObject({ phase: 'synced', waiting: 0 });
    }
    expect(whole(laptop.store.raw, asked)).toEqual([]);
    expect(asked.size).toBeGreaterThan(20);
  } finally {
    await loop.stop();
    laptop.store.close();
  }
});
