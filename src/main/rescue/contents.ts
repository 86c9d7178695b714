import type { LetterValues } from '../../shared/letters.ts';
import { AccountView } from '../../shared/session.ts';
import type { Store } from '../store/store.ts';
import { entityShape, toWire, type Columns, type WireRow } from '../sync/entities.ts';
import { isValidLetterUpdate } from '../sync/letter-check.ts';
import { blocksFromLetterBody, mergeLetterUpdates } from '../sync/letter-doc.ts';
import { letterText } from '../sync/letter-text.ts';
import { createGently, type Gently } from './gently.ts';
import type { About, Change, Counts, Line } from './lines.ts';

type OutboxRow = Record<'mutation_id' | 'entity' | 'entity_id' | 'op' | 'patch' | 'state', string> &
  Record<'before' | 'reason', string | null> &
  Record<'base_revision' | 'created_at', number>;

/** What the firm has not confirmed, with what a reader needs to understand it; a store with damaged pages gives what can be read of it. */
export function* contentsOf(store: Store, reason: About['reason'], now: number): Generator<Line, Counts> {
  const read = createGently(store);
  const letters = new Set<string>();
  const updates = new Set<string>();
  const counts: Counts = { changes: 0, files: 0, unreadable: 0 };

  yield aboutOf(read, reason, now);
  for (const row of read.each<OutboxRow>('outbox', 'outbox_entity_idx')) {
    const change = changeOf(read, row);
    if (change === null) continue;
    counts.changes += 1;
    if (row.entity === 'letter_update' && typeof change.mutation.patch['letter_id'] === 'string') {
      letters.add(change.mutation.patch['letter_id']);
      updates.add(row.entity_id);
    }
    yield change;
  }
  for (const letterId of letters) yield* letterOf(read, letterId, updates);
  yield* conflictsOf(read);
  for (const line of filesOf(read)) {
    if (line.kind === 'file') counts.files += 1;
    yield line;
  }
  counts.unreadable = read.unreadable();
  yield { kind: 'end', ...counts };
  return counts;
}

function aboutOf(read: Gently, reason: About['reason'], now: number): Line {
  const local = read.one<{ account: string }>('select account from local_account');
  const account = AccountView.safeParse(local && parseJson(local.account));
  const device = read.one<{ device_id: string }>('select device_id from sync_state');
  const known = account.success ? account.data : null;
  return {
    kind: 'about',
    format: 'steno-rescue',
    version: 1,
    reason,
    at: new Date(now).toISOString(),
    firm: known && { firmId: known.firmId, name: known.firmName, slug: known.firmSlug },
    author: known && { userId: known.userId, email: known.email, firstName: known.firstName, lastName: known.lastName },
    deviceId: device?.device_id ?? null,
  };
}

function changeOf(read: Gently, row: OutboxRow): Change | null {
  const patch = parseJson(row.patch);
  if (!isObject(patch)) return null;
  const before = row.before === null ? null : parseJson(row.before);
  const { mutation_id: mutationId, entity, entity_id: entityId, base_revision: baseRevision } = row;
  return {
    kind: 'change',
    mutation: { mutationId, entity, entityId, op: row.op === 'insert' ? 'insert' : 'patch', baseRevision, patch },
    state: row.state === 'dead' ? 'refused' : 'waiting',
    refusal: row.reason,
    at: timeOf(row.created_at),
    ...whereabouts(read, entity, entityId, patch),
    before: isObject(before) ? before : null,
  };
}

/** The titles a person looks for. A row that was never here, or that cannot be read, has none. */
function whereabouts(read: Gently, entity: string, entityId: string, patch: WireRow): { matter: string | null; of: string | null } {
  const row: WireRow = { ...rowOf(read, entity, entityId), ...patch };
  const letterId = entity === 'letter' ? entityId : row['letter_id'];
  const documentId = entity === 'document' ? entityId : row['document_id'];
  const letter = entity === 'letter' ? row : rowOf(read, 'letter', letterId);
  const document = entity === 'document' ? row : rowOf(read, 'document', documentId);
  const matterId = row['matter_id'] ?? letter?.['matter_id'] ?? document?.['matter_id'];
  const matter = entity === 'matter' ? row : rowOf(read, 'matter', matterId);
  return { matter: textOf(matter?.['title']), of: textOf(letter?.['title']) ?? textOf(document?.['file_name']) };
}

function rowOf(read: Gently, entity: string, id: unknown): WireRow | null {
  const shape = entityShape(entity);
  if (!shape || typeof id !== 'string') return null;
  const row = read.one<Columns>(`select * from "${shape.table}" where "${shape.idColumn}" = ?`, id);
  return row && toWire(shape, row);
}

function* letterOf(read: Gently, letterId: string, waiting: Set<string>): Generator<Line> {
  type Update = { update_id: string; letter_id: string; payload: Buffer };
  const found =
    read.all<Update>('select * from letter_update where letter_id = ?', letterId) ??
    [...read.each<Update>('letter_update', 'letter_update_letter_idx')].filter((update) => update.letter_id === letterId);
  const updates = found
    .filter(({ payload }) => isValidLetterUpdate(payload))
    .map(({ update_id: id, payload }) => ({ payload, isAtFirm: !waiting.has(id) }));
  if (updates.length === 0) return;
  const letter = rowOf(read, 'letter', letterId);
  const matter = rowOf(read, 'matter', letter?.['matter_id']);
  yield {
    kind: 'letter',
    letterId,
    title: textOf(letter?.['title']),
    matter: textOf(matter?.['title']),
    text: bodyText(updates.map(({ payload }) => payload)),
    textAtFirm: bodyText(updates.filter(({ isAtFirm }) => isAtFirm).map(({ payload }) => payload)),
  };
}

/** What chips stand for is computed from facts, which the firm has: here they read as their names. */
const noValues: LetterValues = {
  variables: {},
  specials: { providers: [], totals: { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 } },
  exhibits: [],
};

function bodyText(updates: Buffer[]): string {
  return letterText(blocksFromLetterBody(mergeLetterUpdates(updates.map((payload) => new Uint8Array(payload)))), noValues);
}

function* conflictsOf(read: Gently): Generator<Line> {
  type Row = Record<'conflict_id' | 'entity' | 'entity_id' | 'proposed' | 'current' | 'state', string>;
  for (const row of read.each<Row>('conflict', 'sqlite_autoindex_conflict_1')) {
    if (row.state !== 'open') continue;
    const proposed = parseJson(row.proposed);
    const where = whereabouts(read, row.entity, row.entity_id, {});
    yield { kind: 'conflict', conflictId: row.conflict_id, entity: row.entity, ...where, proposed, current: parseJson(row.current) };
  }
}

function* filesOf(read: Gently): Generator<Line> {
  type Blob = { content_hash: string; size_bytes: number; uploaded: number; is_whole: number };
  for (const blob of read.each<Blob>('blob', 'sqlite_autoindex_blob_1')) {
    // one that is on its way here is the firm's; one that is still being read is in its case folder
    if (blob.uploaded === 1 || blob.is_whole === 0) continue;
    const document = read.one<{ file_name: string; matter_id: string }>(
      'select file_name, matter_id from document where content_hash = ?',
      blob.content_hash,
    );
    const matter = rowOf(read, 'matter', document?.matter_id);
    const name = document?.file_name ?? blob.content_hash;
    yield { kind: 'file', sha256: blob.content_hash, name, matter: textOf(matter?.['title']), sizeBytes: blob.size_bytes };
    for (let chunk = 0, bytes = 0; bytes < blob.size_bytes; chunk += 1) {
      const sql = 'select bytes from blob_chunk where content_hash = ? and chunk_number = ?';
      const part = read.one<{ bytes: Buffer }>(sql, blob.content_hash, chunk);
      if (!part || part.bytes.length === 0) break; // it cannot be read: whoever opens the file sees that its hash is another
      bytes += part.bytes.length;
      yield { kind: 'chunk', sha256: blob.content_hash, base64: part.bytes.toString('base64') };
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null for a time that no calendar has: a clock may say anything. */
function timeOf(ms: number): string | null {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
