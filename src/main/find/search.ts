import { DocumentKind } from '../../shared/documents.ts';
import type { FindAnswer, FindFilters, FindHit, FindRequest, FindWhy, TextRange } from '../../shared/find.ts';
import type { DocumentId, MatterId } from '../../shared/ids.ts';
import { tokensOf } from '../store/index-tables.ts';
import type { Store } from '../store/store.ts';
import { candidatesFor, inRange, nameScores, passageText, scopeOf, type Candidate, type Scope } from './candidates.ts';
import { expressionOf, plainly, widely, type OpenedPart } from './expression.ts';
import { bestPlace, joined, marksIn } from './marks.ts';
import { nearWords } from './near-words.ts';
import { daysIn, sumsIn } from './numbers.ts';
import { parseQuery, type Part, type Query } from './parse.ts';
import { netVotes, ownVote, votesFor } from './votes.ts';

/** A word on this many passages needs no mending. */
const enoughHits = 3;
const mostNear = 8;
const mostBegun = 24;
/** What another word for it counts, beside what was asked. */
const widerWeight = 0.6;
const withoutWeight = 0.3;

type Asked = Required<FindRequest> & { filters: FindFilters };

/** What the words of a question find, the best first. `more` are passages found by other means, such as their meaning, with what each counts. */
export function search(
  store: Store,
  { words, isTyping, filters, most }: Asked,
  userId: string | null,
  more: { chunkId: number; score: number }[] = [],
): Omit<FindAnswer, 'waitingPages'> {
  const query = parseQuery(words, isTyping);
  const scope = scopeOf(store, filters);
  if (!scope || (query.parts.length === 0 && more.length === 0)) return { hits: [], hasMore: false };
  const parts = query.parts.map((part) => open(store, part, scope));
  const found = findPassages(store, parts, query, scope, most * 2 + 20, most + 10);
  const names = nameScores(store, parts.map(widely));
  const votes = votesFor(store, words, userId);
  const ranked = mergeRanks(found, more, store, scope)
    .map((candidate) => ({
      ...candidate,
      score: candidate.score * (1 + (names.get(candidate.documentId) ?? 0)) * Math.exp(netVotes(votes, candidate)),
    }))
    .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId);
  const hits: FindHit[] = [];
  const pages = new Set<string>();
  for (const candidate of ranked) {
    if (hits.length > most) break;
    if (pages.has(candidate.pageId)) continue;
    pages.add(candidate.pageId);
    hits.push({ ...toHit(store, candidate, parts), mine: ownVote(votes, candidate) });
  }
  const shown = new Set(hits.map(({ documentId }) => documentId as string));
  hits.push(...namedOnly(store, parts, query, scope, most).filter(({ documentId }) => !shown.has(documentId)));
  return { hits: hits.slice(0, most), hasMore: hits.length > most };
}

/** Words that were begun go on as those of the most pages do; those that are nowhere are taken for what is spelled like them. */
export function open(store: Store, part: Part, scope: Scope): OpenedPart {
  const opened: OpenedPart = { ...part, begun: [], typos: [] };
  const word = part.words[0] ?? '';
  if (part.isBegun && word.length >= 2) {
    opened.begun = store
      .compiled('select word from find_word where word > ? and word < ? order by uses desc limit ?')
      .all(word, `${word}\u{10ffff}`, mostBegun)
      .map((found) => (found as { word: string }).word);
  }
  if (!part.isOpen || opened.begun.length > 0) return opened;
  const asked = plainly(opened);
  const hits = store.compiled(
    `select count(*) as n from (select 1 from find_words where find_words match @asked and ${inRange()} limit @most)`,
  );
  const { n } = hits.get({ asked, from: scope.from, to: scope.to, most: enoughHits }) as { n: number };
  const isSaid = n >= enoughHits || (part.synonyms.length > 0 && n > 0);
  if (isSaid) return opened;
  const near = nearWords(store, word, mostNear).map((found) => found.word);
  // its other endings are found already
  opened.typos = n === 0 ? near : near.filter((other) => !other.startsWith(word) && !word.startsWith(other));
  return opened;
}

interface Ranked extends Candidate {
  why: FindWhy[];
}

/** First what says it as asked, then in other words; where nothing says all of it, what says all but one. */
function findPassages(store: Store, parts: OpenedPart[], query: Query, scope: Scope, most: number, enough: number): Ranked[] {
  const byId = new Map<number, Ranked>();
  const take = (these: OpenedPart[], say: typeof plainly, weight: number, why: FindWhy[] = []): void => {
    const expression = expressionOf(these, query.without, say);
    if (expression === null) return;
    for (const candidate of candidatesFor(store, expression, scope, most, these))
      if (!byId.has(candidate.chunkId)) byId.set(candidate.chunkId, { ...candidate, score: candidate.score * weight, why });
  };
  /** In other words only where there are not enough as asked: they would come after those. Each word more costs a look at every page that has it. */
  const takeAll = (these: OpenedPart[], weight: number, why?: FindWhy[]): void => {
    take(these, plainly, weight, why);
    if (byId.size < enough && these.some(({ synonyms, typos }) => synonyms.length + typos.length > 0))
      take(these, widely, weight * widerWeight, why);
  };
  takeAll(parts, 1);
  if (byId.size > 0 || parts.length < 2) return [...byId.values()];
  // the word that says least is done without first
  for (const left of byUses(store, parts)) {
    const rest = parts.filter((part) => part !== left);
    takeAll(rest, withoutWeight, [{ how: 'without', asked: left.asked, found: '' }]);
    if (byId.size > 0) break;
  }
  return [...byId.values()];
}

/** The commonest first. */
function byUses(store: Store, parts: OpenedPart[]): OpenedPart[] {
  const uses = store.compiled('select coalesce(max(uses), 0) as uses from find_word where word in (select value from json_each(?))');
  const counted = parts.map((part) => {
    const words = part.words.length > 0 ? part.words : [part.asked];
    return { part, uses: (uses.get(JSON.stringify(words)) as { uses: number }).uses };
  });
  return counted.sort((a, b) => b.uses - a.uses).map(({ part }) => part);
}

/** Two lists in one, by place and not by score, which are not of one kind (reciprocal rank fusion). */
function mergeRanks(found: Ranked[], more: { chunkId: number; score: number }[], store: Store, scope: Scope): Ranked[] {
  if (more.length === 0) return found;
  const merged = new Map<number, Ranked>();
  const add = (list: Ranked[]): void => {
    for (const [place, one] of [...list].sort((a, b) => b.score - a.score).entries()) {
      const known = merged.get(one.chunkId);
      merged.set(one.chunkId, { ...(known ?? one), score: (known?.score ?? 0) + 1 / (60 + place) });
    }
  };
  add(found);
  const scores = new Map(more.map(({ chunkId, score }) => [chunkId, score]));
  add(
    candidatesFor(store, [...scores.keys()], scope, scores.size).map((candidate) => ({
      ...candidate,
      score: scores.get(candidate.chunkId) ?? 0,
      why: [{ how: 'meaning', asked: '', found: '' }],
    })),
  );
  return [...merged.values()];
}

export function toHit(store: Store, candidate: Ranked, parts: OpenedPart[]): FindHit {
  const text = passageText(store, candidate.chunkId);
  const marks = marksOf(parts, text);
  const { sentence, snippet } = bestPlace(text, marks);
  const inSnippet = marks.filter(({ start, end }) => start >= snippet.start && end <= snippet.end);
  return {
    ...aboutDocument(candidate),
    page: candidate.pageNumber,
    sentence: shift(sentence, candidate.start),
    passage: { start: candidate.start, end: candidate.end },
    quote: text.slice(sentence.start, sentence.end),
    snippet: { text: text.slice(snippet.start, snippet.end), marks: inSnippet.map((mark) => shift(mark, -snippet.start)) },
    score: candidate.score,
    path: [],
    mine: null,
    why: [
      ...candidate.why,
      ...whyOf(
        parts,
        marks.map(({ start, end }) => tokensOf(text.slice(start, end)).join(' ')),
      ),
    ],
  };
}

/** What to mark in a text. */
export const marksOf = (parts: OpenedPart[], text: string): TextRange[] =>
  joined([...marksIn(text, parts.flatMap(waysOf)), ...toldRanges(parts, text)]);

const waysOf = ({ words, begun, synonyms, typos }: OpenedPart): string[] => [...words, ...begun, ...synonyms, ...typos];

/** Days and sums that were asked for, as this text writes them. */
function toldRanges(parts: OpenedPart[], text: string): TextRange[] {
  const asked = new Set(parts.map(({ told }) => told));
  if (asked.size === 1 && asked.has(null)) return [];
  return [...daysIn(text), ...sumsIn(text)].filter(({ word }) => asked.has(word)).map(({ start, end }) => ({ start, end }));
}

const shift = ({ start, end }: TextRange, by: number): TextRange => ({ start: start + by, end: end + by });

function aboutDocument({
  documentId,
  matterId,
  matterTitle,
  fileName,
  relativePath,
  kind,
}: Pick<Candidate, 'documentId' | 'matterId' | 'matterTitle' | 'fileName' | 'relativePath' | 'kind'>) {
  return {
    documentId: documentId as DocumentId,
    matterId: matterId as MatterId,
    matterTitle,
    fileName,
    relativePath,
    kind: DocumentKind.catch('Other').parse(kind),
  };
}

/** Near enough to be the same word with another ending. */
function isAlike(a: string, b: string): boolean {
  const length = Math.max(3, Math.min(a.length, b.length) - 2);
  return a.slice(0, length) === b.slice(0, length);
}

/** For each part that is not there as asked: the other word that is. */
function whyOf(parts: OpenedPart[], marked: string[]): FindWhy[] {
  return parts.flatMap(({ asked, words, told, begun, synonyms, typos }): FindWhy[] => {
    if (told !== null || begun.length > 0 || words.every((word) => marked.includes(word))) return [];
    const typo = typos.find((other) => marked.includes(other));
    if (typo !== undefined) return [{ how: 'typo', asked, found: typo }];
    if (words.every((word) => marked.some((mark) => isAlike(mark, word)))) return [];
    const synonym = synonyms.find((other) => marked.some((mark) => isAlike(mark, other)));
    return synonym === undefined ? [] : [{ how: 'synonym', asked, found: synonym }];
  });
}

/** Documents that are called so, whatever their pages say: a photo has no other words. */
function namedOnly(store: Store, parts: OpenedPart[], query: Query, scope: Scope, most: number): FindHit[] {
  const expression = expressionOf(parts, query.without, widely);
  if (expression === null) return [];
  const rows = store.raw
    .prepare(
      `select d.document_id as documentId, d.matter_id as matterId, m.title as matterTitle, d.file_name as fileName, d.relative_path as relativePath, d.document_type as kind,
         n.name from find_names n cross join find_document f on f.document_key = n.rowid
         cross join document d on d.document_id = f.document_id cross join matter m on m.matter_id = d.matter_id
       where n.find_names match @expression ${scope.where} order by n.rank limit @most`,
    )
    .all({ expression, most, ...scope.values }) as (Candidate & { name: string })[];
  return rows.map((found) => ({
    ...aboutDocument(found),
    page: 1,
    sentence: null,
    passage: null,
    quote: '',
    snippet: { text: found.name, marks: joined(marksIn(found.name, parts.flatMap(waysOf))) },
    score: 0,
    path: [],
    mine: null,
    why: [{ how: 'name', asked: parts.map(({ asked }) => asked).join(' '), found: found.fileName }],
  }));
}
