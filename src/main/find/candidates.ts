import type { FindFilters } from '../../shared/find.ts';
import type { Store } from '../store/store.ts';
import type { OpenedPart } from './expression.ts';
import { matterRange } from './indexing.ts';
import { isCommon, weigh } from './weigh.ts';

/** A passage that may be shown: where it lies, and how well it says what was asked (more is better). */
export interface Candidate {
  chunkId: number;
  score: number;
  start: number;
  end: number;
  pageId: string;
  pageNumber: number;
  documentId: string;
  matterId: string;
  matterTitle: string;
  fileName: string;
  relativePath: string;
  kind: string;
}

/** Where is looked: numbers of passages, and conditions on the document. */
export interface Scope {
  from: number;
  to: number;
  where: string;
  values: Record<string, string | number>;
}

/** Null: nothing can be there. */
export function scopeOf(store: Store, filters: FindFilters): Scope | null {
  const scope: Scope = { from: 0, to: Number.MAX_SAFE_INTEGER, where: 'and d.deleted_at is null and m.deleted_at is null', values: {} };
  const must = (condition: string, values: Scope['values']): void => {
    scope.where += ` and ${condition}`;
    Object.assign(scope.values, values);
  };
  const { matterId, documentId, kinds, provider, from, to, folder, addedBy } = filters;
  if (matterId !== null) {
    const key = store.raw.prepare('select matter_key from find_matter where matter_id = ?').pluck().get(matterId) as number | undefined;
    // a matter without pages still has documents with names
    scope.from = (key ?? 0) * matterRange;
    scope.to = scope.from + matterRange;
    must('d.matter_id = @matterId', { matterId });
  }
  if (documentId !== null) must('d.document_id = @documentId', { documentId });
  if (kinds.length > 0) must('d.document_type in (select value from json_each(@kinds))', { kinds: JSON.stringify(kinds) });
  if (folder !== null)
    must(`substr(d.relative_path, 1, length(@folder)) = @folder`, { folder: folder.endsWith('/') ? folder : `${folder}/` });
  if (addedBy !== null) must('d.uploaded_by = @addedBy', { addedBy });
  if (provider !== null || from !== null || to !== null) {
    const documents = documentsOfService(store, { matterId, provider, from, to });
    if (documents.length === 0) return null;
    must('d.document_id in (select value from json_each(@served))', { served: JSON.stringify(documents) });
  }
  return scope;
}

/** Documents whose bill lines say who treated whom when. */
function documentsOfService(
  store: Store,
  { matterId, provider, from, to }: Pick<FindFilters, 'matterId' | 'provider' | 'from' | 'to'>,
): string[] {
  return store.raw
    .prepare(
      `select distinct document_id from bill_line where deleted_at is null and state <> 'rejected' and (@matterId is null or matter_id = @matterId)
         and (@provider is null or lower(provider) = lower(@provider))
         and (@from is null or coalesce(service_to, service_from) >= @from) and (@to is null or coalesce(service_from, service_to) <= @to)`,
    )
    .pluck()
    .all({ matterId, provider, from, to }) as string[];
}

/** The index heeds only whole numbers, and a number of JavaScript comes as a real one: without the cast every matter is read. */
export const inRange = (table = ''): string => `${table}rowid >= cast(@from as integer) and ${table}rowid < cast(@to as integer)`;

/** Passages that are weighed against each other, some milliseconds' worth: of words that are on more, those that came last are. */
const mostWeighed = 4_000;

const columns = `c.chunk_id as chunkId, c.start_offset as start, c.end_offset as end, p.page_id as pageId, p.page_number as pageNumber, d.document_id as documentId,
  d.matter_id as matterId, m.title as matterTitle, d.file_name as fileName, d.relative_path as relativePath, d.document_type as kind`;
const joins = `cross join find_page f on f.page_key = c.page_key cross join page p on p.page_id = f.page_id
  cross join document d on d.document_id = p.document_id cross join matter m on m.matter_id = d.matter_id`;

/** So few are weighed here where words of the question are common, and not by the index. */
const few = 60;

/** Passages that an expression of the index finds, the best first, or those of these numbers. `parts` are what the expression was made of. */
export function candidatesFor(
  store: Store,
  asked: string | number[],
  { from, to, where, values }: Scope,
  most: number,
  parts: readonly OpenedPart[] = [],
): Candidate[] {
  const conditions = `p.deleted_at is null ${where}`;
  if (typeof asked !== 'string') {
    const statement = `select 0 as score, ${columns} from json_each(@ids) i cross join find_chunk c on c.chunk_id = i.value ${joins} where ${conditions} limit @most`;
    return store.compiled(statement).all({ ids: JSON.stringify(asked), most, ...values }) as Candidate[];
  }
  if (parts.length > 0 && isCommon(store, parts)) {
    const first = store.compiled(`select rowid from find_words where find_words match @asked and ${inRange()} limit @most`);
    const found = (first.all({ asked, from, to, most: few + 1 }) as { rowid: number }[]).map(({ rowid }) => rowid);
    if (found.length <= few) {
      const scores = new Map(
        weigh(
          store,
          found.map((chunkId) => passageText(store, chunkId)),
          parts,
        ).map((score, n) => [found[n], score]),
      );
      return candidatesFor(store, found, { from, to, where, values }, few)
        .map((candidate) => ({ ...candidate, score: scores.get(candidate.chunkId) ?? 0 }))
        .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
        .slice(0, most);
    }
  }
  const last = store.compiled(
    `select rowid from find_words where find_words match @asked and ${inRange()} order by rowid desc limit 1 offset @skip`,
  );
  const cut = last.get({ asked, from, to, skip: mostWeighed }) as { rowid: number } | undefined;
  const statement = `select -w.rank as score, ${columns} from find_words w cross join find_chunk c on c.chunk_id = w.rowid ${joins}
    where w.find_words match @asked and ${inRange('w.')} and ${conditions} order by w.rank limit @most`;
  return store.compiled(statement).all({ asked, from: cut?.rowid ?? from, to, most, ...values }) as Candidate[];
}

export function passageText(store: Store, chunkId: number): string {
  return (store.compiled('select body as text from find_text where chunk_id = ?').get(chunkId) as { text: string }).text;
}

const mostNamed = 200;

/** How well documents' names say some of it: a share that is added to what their passages count. */
export function nameScores(store: Store, rows: string[]): Map<string, number> {
  if (rows.length === 0) return new Map();
  const found = store
    .compiled(
      `select f.document_id as documentId, -n.rank as score from find_names n cross join find_document f on f.document_key = n.rowid
       where n.find_names match ? order by n.rank limit ?`,
    )
    .all(rows.join(' OR '), mostNamed) as { documentId: string; score: number }[];
  const best = found[0]?.score ?? 1;
  return new Map(found.map(({ documentId, score }) => [documentId, 0.5 * (score / (best || 1))]));
}
