import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { DocumentKind } from '../../shared/documents.ts';
import { tokensOf } from '../store/index-tables.ts';
import { feedback } from '../store/link-schema.ts';
import { document, page } from '../store/schema.ts';
import type { Db } from '../store/store.ts';

/** What is known of a document before anybody has said what it is. */
export interface Pupil {
  documentId: string;
  matterId: string;
  relativePath: string;
  /** How its first page begins. */
  title: string;
}

export interface Learned {
  kind: DocumentKind;
  confidence: number;
  why: string;
}

/** What documents have in common that people were right about: a key, and the words for it. `least`: so many corrections make a lesson of it. */
interface Trait {
  key: string;
  inWords: string;
  least: number;
}

/** Corrections that are looked at, the last ones; and documents of the matter that may speak against a lesson. */
const mostCorrections = 1_000;
const mostBeside = 1_000;
/** By how many corrections agree. */
const confidences = [0, 60, 80, 90, 96];
const leastConfidence = 55;
/** A document that nobody said anything about, and that was told to be something else. */
const silence = 0.25;
const titleChars = 400;
/** A longer line is no heading. */
const mostHeading = 90;
/** Everywhere, so that having it in common means nothing. */
const plainWords = new Set(
  'scan scanned copy page pages doc document file img image final new old draft the and for from with of to jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september october november december pdf'.split(
    ' ',
  ),
);

/** Its folder (within its matter, or of that name), the words of its name, and its first lines, all without digits. */
function traitsOf({ matterId, relativePath, title }: Omit<Pupil, 'documentId'>): Trait[] {
  const parts = relativePath.split('/');
  const folder = parts.slice(0, -1).join('/');
  const name = (parts.at(-1) ?? '').replace(/\.[^.]+$/, '');
  const traits: Trait[] = [];
  if (folder !== '') {
    traits.push({ key: `in ${matterId} ${folder.toLowerCase()}`, inWords: `of the folder “${parts.at(-2) ?? folder}”`, least: 2 });
    const words = plain(parts.at(-2) ?? '');
    if (words.length > 0) traits.push({ key: `folder ${words.join(' ')}`, inWords: `of folders called “${words.join(' ')}”`, least: 2 });
  }
  for (const word of new Set(plain(name))) traits.push({ key: `name ${word}`, inWords: `with “${word}” in their name`, least: 2 });
  for (const line of title
    .slice(0, titleChars)
    .split('\n')
    .filter((one) => one.trim() !== '')
    .slice(0, 3)) {
    const words = plain(line);
    if (words.length >= 2 && line.length <= mostHeading)
      traits.push({ key: `title ${words.join(' ')}`, inWords: `that begin with “${line.trim().slice(0, 60)}”`, least: 1 });
  }
  return traits;
}

const plain = (text: string): string[] =>
  tokensOf(text.replaceAll('_', ' ')).filter((word) => word.length >= 2 && !/\d/.test(word) && !plainWords.has(word));

/** How the first page of documents begins, in the statements below. */
const titleColumn = sql<string>`coalesce((select substr(${page.extractedText}, 1, ${titleChars}) from ${page} where ${page.documentId} = ${document.documentId} and ${page.pageNumber} = 1), '')`;

/**
 * What people's corrections say that a document is, or null where they say nothing or contradict each other. Counted, not guessed: of all it has in common with
 * corrected documents that which most corrections agree on decides, and what was left as it was speaks against it a little.
 */
export function learnedKind(db: Db, pupil: Pupil, userId: string): Learned | null {
  const corrections = db
    .select({
      documentId: feedback.documentId,
      last: sql<string>`max(${feedback.feedbackId})`.as('last'),
      // whether somebody else said so too
      byOthers: sql<number>`max(${feedback.createdBy} is not ${userId})`.as('by_others'),
    })
    .from(feedback)
    .where(and(isNotNull(feedback.correctedType), isNull(feedback.deletedAt)))
    .groupBy(feedback.documentId)
    .as('corrections');
  const corrected = db
    .select({
      documentId: document.documentId,
      matterId: document.matterId,
      relativePath: document.relativePath,
      kind: document.documentType,
      title: titleColumn,
      byOthers: corrections.byOthers,
    })
    .from(corrections)
    .crossJoin(document) // in this order: there are few corrections and many documents
    .where(and(eq(document.documentId, corrections.documentId), isNull(document.deletedAt), eq(document.kindBy, 'person')))
    .orderBy(desc(corrections.last))
    .limit(mostCorrections)
    .all()
    .filter(({ documentId }) => documentId !== pupil.documentId);
  if (corrected.length === 0) return null;
  const traits = traitsOf(pupil);
  const teachers = corrected.map((row) => ({ ...row, keys: new Set(traitsOf(row).map(({ key }) => key)) }));
  const shared = traits.filter(({ key, least }) => teachers.filter(({ keys }) => keys.has(key)).length >= least);
  if (shared.length === 0) return null;
  const beside = besides(db, pupil);
  let best: Learned | null = null;
  for (const { key, inWords, least } of shared) {
    const having = teachers.filter(({ keys }) => keys.has(key));
    for (const kind of new Set(having.map((row) => row.kind))) {
      const agreed = having.filter((row) => row.kind === kind);
      if (agreed.length < least) continue;
      const silent = beside.filter((row) => row.kind !== kind && row.keys.has(key)).length;
      const share = agreed.length / (having.length + silent * silence);
      const confidence = Math.round((confidences[agreed.length] ?? confidences.at(-1) ?? 0) * share);
      if (confidence < leastConfidence || confidence <= (best?.confidence ?? 0)) continue;
      best = { kind: DocumentKind.catch('Other').parse(kind), confidence, why: whyOf(agreed, inWords, kind) };
    }
  }
  return best;
}

function whyOf(agreed: { byOthers: number }[], inWords: string, kind: string): string {
  const files = `${String(agreed.length)} ${agreed.length === 1 ? 'file' : 'files'} ${inWords.replace('their', agreed.length === 1 ? 'its' : 'their')}`;
  const said = agreed.length === 1 ? files.replace('that begin ', 'that begins ') : files;
  const name = kind.replaceAll('_', ' ');
  return (agreed.every(({ byOthers }) => byOthers === 0) ? `you called ${said} ${name}` : `your firm called ${said} ${name}`).slice(0, 500);
}

/** Documents of the same matter that were read and left as they were. */
function besides(db: Db, { documentId, matterId }: Pupil): { kind: string; keys: Set<string> }[] {
  const rows = db
    .select({ documentId: document.documentId, relativePath: document.relativePath, kind: document.documentType, title: titleColumn })
    .from(document)
    .where(
      and(
        eq(document.matterId, matterId),
        isNull(document.deletedAt),
        eq(document.processingStatus, 'read'),
        sql`${document.kindBy} is not 'person'`,
      ),
    )
    .limit(mostBeside)
    .all();
  return rows
    .filter((row) => row.documentId !== documentId)
    .map((row) => ({ kind: row.kind, keys: new Set(traitsOf({ ...row, matterId }).map(({ key }) => key)) }));
}
