import { createHash } from 'node:crypto';
import type { BillLineView } from '../../../shared/facts.ts';
import type { Evidence, EvidenceDocument, Question, QuestionRule } from '../evidence.ts';

const setOf = (words: string): Set<string> => new Set(words.split(' '));
/** Words that many providers have in their names: two that share only these are not one. */
const common = setOf(
  'the of and for at in an inc llc llp pllc pc pa ltd co corp company group associates services service center centre medical health healthcare care clinic hospital department dept emergency physicians physician doctors md do dc dpt dr',
);
/** What is done there: a record may speak of it and be somebody else's. */
const specialties = setOf(
  'physical occupational therapy primary pain management radiology imaging orthopedic orthopedics orthopaedic orthopaedics surgery surgical chiropractic rehab rehabilitation neurology dental laboratory lab labs pharmacy ambulance ems anesthesia diagnostics mri wellness family internal medicine urgent',
);

/**
 * The ways in which a record may name a provider, one for each part of its name: words in a row, all of which have to be there. A part that only says what is
 * done there names nobody, unless there is no other.
 */
function namesOf(provider: string): string[][] {
  const parts = provider.split(/\s+[—–-]\s+|[,/()]+/).map((part) => part.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const telling = parts.filter((words) => words.some((word) => word.length > 1 && !common.has(word) && !specialties.has(word)));
  if (telling.length === 0) return parts.filter((words) => words.length > 0).map((words) => [words.join(' ')]);
  return telling.map((words) => {
    const rows: string[][] = [[]];
    for (const word of words) {
      if (word.length > 1 && !common.has(word)) rows.at(-1)?.push(word);
      else rows.push([]); // an initial, or a word that others put elsewhere
    }
    return rows.filter((row) => row.length > 0).map((row) => row.join(' '));
  });
}

/** Null: nobody can say yet. */
function mentioned(evidence: Evidence, provider: string): Set<string> | null {
  const found = new Set<string>();
  for (const words of namesOf(provider)) {
    const naming = evidence.mentioning(words, 'Medical_Record');
    if (!naming) return null;
    for (const documentId of naming) found.add(documentId);
  }
  return found;
}
const byProvider = (lines: readonly BillLineView[]): Map<string, BillLineView[]> =>
  Map.groupBy(lines, ({ provider }) => provider.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase());

/** No case has so many; a table that does is no bill, and each of them would be looked for in all records. */
const mostProviders = 300;

/** The key goes to the firm as it is: it says nothing of who treated whom. */
const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** A provider whose bills are here and whose records are not: what is billed has nothing behind it. */
export const billsWithoutRecords: QuestionRule = (evidence) => {
  const providers = byProvider(evidence.lines);
  if (providers.size > mostProviders) return [tooMany(evidence.lines, providers.size)];
  return [...providers].flatMap(([name, lines]): Question[] => {
    const [first] = lines;
    if (!first || mentioned(evidence, name)?.size !== 0) return [];
    return [
      {
        key: `bill_without_record:${hashed(name)}`,
        kind: 'bill_without_record',
        title: `There are bills of ${first.provider}, but no record of the treatment.`,
        advice: 'An adjuster strikes charges that no record supports. Ask the provider for the chart.',
        places: [placeOf(first.source)],
      },
    ];
  });
};

function tooMany([first]: readonly BillLineView[], count: number): Question {
  return {
    key: 'bill_without_record:many',
    kind: 'bill_without_record',
    title: `The bills name ${count.toLocaleString('en-US')} providers: whether there are records of each of them was not looked at.`,
    advice: 'No case has so many. Look for a table that is no bill, and say what kind of document it is.',
    places: first ? [placeOf(first.source)] : [],
  };
}
const placeOf = ({ documentId, documentName, page, start, end }: BillLineView['source']): Question['places'][number] => ({
  documentId,
  documentName,
  page,
  start,
  end,
});

/** A record of treatment that nobody billed: care that the demand would leave out. Where no bill is here at all, that is said once. */
export const recordsWithoutBills: QuestionRule = (evidence) => {
  const billed = new Set<string>();
  const providers = byProvider(evidence.lines);
  if (providers.size > mostProviders) return [];
  for (const provider of providers.keys()) {
    const naming = mentioned(evidence, provider);
    if (!naming) return [];
    for (const documentId of naming) billed.add(documentId);
  }
  const unbilled = evidence.documents.filter(
    ({ documentId, kind, isRead, pages }) =>
      kind === 'Medical_Record' && isRead && !billed.has(documentId) && pages.some(({ hasWords }) => hasWords),
  );
  const ask = (key: string, title: string, of: EvidenceDocument[]): Question => ({
    key: `record_without_bill:${key}`,
    kind: 'record_without_bill',
    title,
    advice: 'What was not billed to us is missing from the specials. Ask the provider for an itemized statement.',
    places: of.map(({ documentId, fileName }) => ({ documentId, documentName: fileName, page: 1, start: null, end: null })),
  });
  if (evidence.lines.length === 0 && unbilled.length > 1)
    return [ask('all', `There are ${String(unbilled.length)} records of treatment, but no bill.`, unbilled)];
  return unbilled.map((document) => {
    const { documentId, fileName } = document;
    return ask(documentId, `“${fileName}” is a record of treatment, but no bill is of a provider that it names.`, [document]);
  });
};
