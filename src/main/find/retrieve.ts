import type { FindAnswer, FindFilters, FindHit, FindStep } from '../../shared/find.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { LinkKind } from '../../shared/links.ts';
import type { Store } from '../store/store.ts';
import { candidatesFor, nameScores, passageText, scopeOf, type Candidate, type Scope } from './candidates.ts';
import { row, widely } from './expression.ts';
import { toldBy } from './numbers.ts';
import { parseQuery } from './parse.ts';
import { marksOf, open, toHit } from './search.ts';
import { bestPlace } from './marks.ts';
import { isQuestionWord, netVotes, ownVote, votesFor } from './votes.ts';
import type { OpenedPart } from './expression.ts';

export interface Question {
  words: string;
  filters: FindFilters;
  most: number;
  /** How often a link is followed: 0 is by words alone. */
  linkSteps: number;
  /** Whose own votes are shown; null leaves all votes out. */
  userId: string | null;
}

/** Passages that words find, documents of which links are followed, passages taken of a linked document. */
const [mostDirect, mostFrom, mostOfLinked] = [60, 6, 4];
/** What is left of a passage's weight where a link leads on from it, the first time and the second. */
const decays = [0.75, 0.5];
/** A proposal that nobody has looked at leads less far than an approved link. */
const proposedWeight = 0.8;
const leastConfidence = 55;
/** What a vote weighs beside the best passage by words, which weighs 1: who looked at the page knows better. */
const voteWeight = 1.2;
/** Days and sums by which the way goes on. */
const mostTold = 6;

interface Found {
  candidate: Candidate;
  own: number;
  via: number;
  path: FindStep[];
}
interface Reached {
  score: number;
  path: FindStep[];
  /** What to look for where the link leads. */
  onward: string;
}

/**
 * Answers a question in hops: the passages whose words answer best, the documents linked to theirs, those documents' best passages, and once more from there. Whatever
 * is reached both ways counts both. Says by which way each was found.
 */
export function retrieve(
  store: Store,
  { words, filters, most, linkSteps, userId }: Question,
  more: { chunkId: number; score: number }[] = [],
): Omit<FindAnswer, 'waitingPages'> {
  const query = parseQuery(words);
  const scope = scopeOf(store, filters);
  const asked = query.parts.filter((part) => part.words.length !== 1 || !isQuestionWord(part.words[0] ?? ''));
  const telling = asked.length > 0 ? asked : query.parts;
  if (!scope || (telling.length === 0 && more.length === 0)) return { hits: [], hasMore: false };
  const parts = telling.map((part) => open(store, part, scope));
  const expression = parts.map(widely).join(' OR ');
  const votes = userId === null ? [] : votesFor(store, words, userId);
  const found = new Map<number, Found>();
  const direct = byWords(store, parts, expression, scope, more);
  for (const one of direct) found.set(one.candidate.chunkId, one);

  let frontier = bestByDocument(store, direct, parts);
  const seen = new Set(frontier.keys());
  for (let step = 0; step < linkSteps && frontier.size > 0; step += 1) {
    const next = new Map<string, Reached>();
    for (const { from, to, kind, isFrom, weight } of linksOf(store, [...frontier.keys()])) {
      const reached = frontier.get(from);
      if (!reached) continue;
      const score = reached.score * (decays[step] ?? 0) * weight;
      if (score <= (next.get(to)?.score ?? 0)) continue;
      const path = reached.path.map((one, n) => (n === reached.path.length - 1 ? { ...one, link: { kind, isFrom } } : one));
      next.set(to, { score, path, onward: reached.onward });
    }
    frontier = new Map();
    for (const [documentId, reached] of next) {
      const best = follow(store, found, documentId, reached, scope);
      if (best && !seen.has(documentId))
        frontier.set(documentId, { ...reached, path: best.path, onward: wayOn(store, best.candidate, parts) });
      seen.add(documentId);
    }
  }
  for (const { candidate, path } of voted(store, votes, scope, found)) found.set(candidate.chunkId, { candidate, own: 0, via: 0, path });

  const ranked = [...found.values()]
    .map((one) => ({ ...one, score: one.own + one.via + voteWeight * netVotes(votes, one.candidate) }))
    .sort((a, b) => b.score - a.score || a.candidate.chunkId - b.candidate.chunkId);
  const hits: FindHit[] = [];
  const pages = new Set<string>();
  for (const { candidate, path, score, own, via } of ranked) {
    if (hits.length > most) break;
    if (pages.has(candidate.pageId)) continue;
    pages.add(candidate.pageId);
    const hit = toHit(store, { ...candidate, score, why: [] }, parts);
    hits.push({ ...hit, path: via > own / 2 ? path : [], mine: ownVote(votes, candidate) });
  }
  return { hits: hits.slice(0, most), hasMore: hits.length > most };
}

/** What words find, 1 being the best, and by meaning where a model says so. */
function byWords(store: Store, parts: OpenedPart[], expression: string, scope: Scope, more: { chunkId: number; score: number }[]): Found[] {
  const names = nameScores(store, parts.map(widely));
  const weighed = new Map<number, { candidate: Candidate; score: number }>();
  for (const candidate of expression === '' ? [] : candidatesFor(store, expression, scope, mostDirect))
    weighed.set(candidate.chunkId, { candidate, score: candidate.score * (1 + (names.get(candidate.documentId) ?? 0)) });
  const best = Math.max(1e-9, ...[...weighed.values()].map(({ score }) => score));
  for (const one of weighed.values()) one.score /= best;
  const likeness = new Map(more.map(({ chunkId, score }) => [chunkId, score]));
  for (const candidate of candidatesFor(store, [...likeness.keys()], scope, likeness.size)) {
    const known = weighed.get(candidate.chunkId);
    weighed.set(candidate.chunkId, { candidate, score: (known?.score ?? 0) + (likeness.get(candidate.chunkId) ?? 0) / 2 });
  }
  return [...weighed.values()]
    .sort((a, b) => b.score - a.score)
    .map(({ candidate, score }) => ({ candidate, own: score, via: 0, path: [stepAt(candidate)] }));
}

const stepAt = ({ documentId, fileName, pageNumber }: Candidate): FindStep => ({
  documentId: documentId as DocumentId,
  fileName,
  page: pageNumber,
  link: null,
});

/** Where links are followed from: the best passage of each of the best documents. */
function bestByDocument(store: Store, direct: Found[], parts: OpenedPart[]): Map<string, Reached> {
  const best = new Map<string, Reached>();
  for (const { candidate, own, path } of direct) {
    if (best.size === mostFrom) break;
    if (!best.has(candidate.documentId)) best.set(candidate.documentId, { score: own, path, onward: wayOn(store, candidate, parts) });
  }
  return best;
}

/**
 * What to look for further on: what of the question this passage does not say, and the days and sums of the sentence that says the rest, which lead to the right place
 * within a long document.
 */
function wayOn(store: Store, candidate: Candidate, parts: OpenedPart[]): string {
  const text = passageText(store, candidate.chunkId);
  const { sentence } = bestPlace(text, marksOf(parts, text));
  const told = toldBy(text.slice(sentence.start, sentence.end)).split(' ').filter(Boolean).slice(0, mostTold);
  const unsaid = parts.filter((part) => marksOf([part], text).length === 0);
  return [...unsaid.map(widely), ...told.map(row)].join(' OR ');
}

/** Passages of a document that a link leads to, those that go on with the question first; then its others, from the front. The best of them, for the way on. */
function follow(store: Store, found: Map<number, Found>, documentId: string, { score, path, onward }: Reached, scope: Scope): Found | null {
  const within: Scope = { ...scope, where: `${scope.where} and d.document_id = @linked`, values: { ...scope.values, linked: documentId } };
  const passages = onward === '' ? [] : candidatesFor(store, onward, within, mostOfLinked);
  const known = new Set(passages.map(({ chunkId }) => chunkId));
  const others = firstOf(store, within, documentId).filter(({ chunkId }) => !known.has(chunkId));
  passages.push(...others.slice(0, mostOfLinked - passages.length));
  const top = Math.max(1e-9, ...passages.map((one) => one.score));
  let best: Found | null = null;
  for (const candidate of passages) {
    const via = score * (0.4 + 0.6 * (candidate.score / top));
    const before = found.get(candidate.chunkId) ?? { candidate, own: 0, via: 0, path: [] };
    const reached: Found = via > before.via ? { ...before, via, path: [...path, stepAt(candidate)] } : before;
    found.set(candidate.chunkId, reached);
    best ??= reached;
  }
  return best;
}

function firstOf(store: Store, within: Scope, documentId: string): Candidate[] {
  const first = store
    .compiled(
      'select c.chunk_id as chunkId from find_chunk c join find_page f on f.page_key = c.page_key where f.document_id = ? order by c.chunk_id limit ?',
    )
    .all(documentId, mostOfLinked) as { chunkId: number }[];
  return candidatesFor(
    store,
    first.map(({ chunkId }) => chunkId),
    within,
    mostOfLinked,
  );
}

interface Leads {
  from: string;
  to: string;
  kind: LinkKind;
  isFrom: boolean;
  weight: number;
}

/** Links of these documents within their matter, either way, but for those that were turned down. */
function linksOf(store: Store, documentIds: string[]): Leads[] {
  const rows = store
    .compiled(
      `select i.value as "from", case when l.from_document_id = i.value then l.to_document_id else l.from_document_id end as "to", l.link_kind as kind,
         l.from_document_id = i.value as isFrom, l.state, l.confidence
       from json_each(?) i join document_link l on l.from_document_id = i.value or l.to_document_id = i.value
       join document a on a.document_id = l.from_document_id join document b on b.document_id = l.to_document_id and b.matter_id = a.matter_id
       where l.state <> 'rejected' and l.deleted_at is null`,
    )
    .all(JSON.stringify(documentIds)) as { from: string; to: string; kind: string; isFrom: number; state: string; confidence: number }[];
  return rows.flatMap(({ from, to, kind, isFrom, state, confidence }) => {
    const known = LinkKind.safeParse(kind);
    if (!known.success || (state === 'proposed' && confidence < leastConfidence)) return [];
    return [{ from, to, kind: known.data, isFrom: isFrom === 1, weight: state === 'approved' ? 1 : (proposedWeight * confidence) / 100 }];
  });
}

/** Passages that people found helpful for such a question, though its words are not in them. */
function voted(
  store: Store,
  votes: ReturnType<typeof votesFor>,
  scope: Scope,
  found: Map<number, Found>,
): { candidate: Candidate; path: FindStep[] }[] {
  const at = store.compiled(
    `select c.chunk_id as chunkId from find_chunk c join find_page f on f.page_key = c.page_key join page p on p.page_id = f.page_id
     where f.document_id = ? and p.page_number = ? and c.start_offset < ? and c.end_offset > ? order by c.chunk_id limit 1`,
  );
  const helpful = votes
    .filter(({ net }) => net > 0)
    .flatMap(({ documentId, page, start, end }) => {
      const chunk = at.get(documentId, page, end, start) as { chunkId: number } | undefined;
      return !chunk || found.has(chunk.chunkId) ? [] : [chunk.chunkId];
    });
  return candidatesFor(store, helpful, scope, helpful.length).map((candidate) => ({ candidate, path: [stepAt(candidate)] }));
}
