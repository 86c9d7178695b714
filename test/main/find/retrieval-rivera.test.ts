import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extractBillLines } from '../../../src/main/facts/rules/bill-lines.ts';
import { createFind } from '../../../src/main/find/find.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { linkDocument } from '../../../src/main/links/link-document.ts';
import { linksFrom } from '../../../src/main/links/link-rules.ts';
import { MatterId } from '../../../src/shared/ids.ts';
import { ok } from '../../../src/shared/result.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';
import { samplePages } from '../../support/sample-pages.ts';
import { sampleFolder } from '../../support/sample-files.ts';
import { scoreRetrieval } from '../../support/score-retrieval.ts';

const read = ['Billing/billing-ledger-Rivera.pdf', 'Incident/incident-report-store-0147.pdf', 'Testimony/deposition-excerpt-manager.txt'];
/** The pictures of the case, in the wording that somebody typed off them. */
const typed = { 'Medical/er-record.png': 'er-record-2024-02-15.txt', 'Medical/ems-run-sheet.png': 'ems-run-sheet.txt' };

const questions: { asked: string; answer: string }[] = [
  { asked: 'What did the doctor find at the ER visit — high complexity of $2,140.00?', answer: 'er-record.png' },
  { asked: 'Which restrictions go with the emergency department bill?', answer: 'er-record.png' },
  { asked: 'What did the crew note on the ride that Middletown Fire & Rescue billed?', answer: 'ems-run-sheet.png' },
  { asked: 'Which medication was given for the charges of Middletown General Emergency Department?', answer: 'er-record.png' },
  { asked: 'How long before the fall was the last sweep logged?', answer: 'incident-report-store-0147.pdf' },
  { asked: 'off work x5 days', answer: 'er-record.png' },
];

test('of a real case the records are linked to the ledger, and questions about bills reach them', async () => {
  const laptop = makeFindLaptop();
  const { store, userId, write } = laptop;
  const matterId = laptop.addMatter('Rivera v. BestValue');
  for (const path of read) {
    const document = await samplePages('rivera-v-bestvalue', path);
    const texts = document.pages.map(({ text }) => text);
    const documentId = laptop.addDocument(matterId, path, texts, document.kind);
    for (const [lineOrder, line] of extractBillLines(document).lines.entries()) {
      const { start: startOffset, end: endOffset, owedCents: _owed, paidBy: _payers, ...rest } = line;
      const row = { billLineId: freshId(), matterId, documentId, lineOrder, startOffset, endOffset, ...rest, state: 'proposed' as const };
      must(write((change) => ok(change.insert('bill_line', row))));
    }
  }
  for (const [path, file] of Object.entries(typed))
    laptop.addDocument(matterId, path, [readFileSync(join(sampleFolder('truth'), file), 'utf8')], 'Medical_Record');
  await laptop.find.settled();
  const ids = store.raw.prepare('select document_id from document').pluck().all() as string[];
  const papers = ids.flatMap((id) => linkDocument(store.db, id) ?? []);
  const found = papers.flatMap((from) => papers.flatMap((to) => (from === to ? [] : linksFrom(from, to))));
  const nameOf = (id: string): string => papers.find(({ documentId }) => documentId === id)?.fileName ?? id;
  expect(found.map(({ from, to, kind }) => [nameOf(from), kind, nameOf(to)]).sort()).toEqual([
    ['ems-run-sheet.png', 'record_for', 'billing-ledger-Rivera.pdf'],
    ['er-record.png', 'record_for', 'billing-ledger-Rivera.pdf'],
  ]);
  for (const { confidence } of found) expect(confidence).toBeGreaterThanOrEqual(60);
  must(
    write((change) => {
      for (const { from, to, kind, confidence, why } of found)
        change.insert('document_link', {
          ...{ linkId: freshId(), fromDocumentId: from, toDocumentId: to, linkKind: kind, confidence, why },
          ...{ method: 'rule', state: 'proposed' },
        });
      return ok({});
    }),
  );
  const find = createFind({ store, userId, onBug: () => undefined, onIndexed: () => undefined });
  const score = async (linkSteps: number) => {
    const answered = [];
    for (const { asked, answer } of questions) {
      const { hits } = must(await find.retrieve({ words: asked, linkSteps, filters: { matterId: MatterId.parse(matterId) } }));
      answered.push({ found: hits.map(({ fileName }) => fileName), answers: [answer] });
    }
    return scoreRetrieval(answered);
  };
  const [alone, linked] = [await score(0), await score(2)];
  console.log({ 'words alone': alone, 'two links': linked });
  expect(linked.recallAt5).toBe(1);
  expect(linked.mrr).toBeGreaterThanOrEqual(alone.mrr);
});
