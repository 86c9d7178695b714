import type { Outcome } from '../../shared/result.ts';
import { recordAudit } from '../audit/audit.ts';
import { freshId } from '../host/ids.ts';
import type { Db, Store } from '../store/store.ts';
import type * as schema from '../store/schema.ts';
import {
  entityShape,
  toColumns,
  toWire,
  fromWire,
  type Columns,
  type EntityShape,
  type entityTables,
  type EntityName,
  type WireRow,
} from './entities.ts';
import { insertRow, pick, readRow, shapeFor, updateRow } from './rows.ts';

/** One change as it goes to the firm. */
export interface Mutation {
  mutationId: string;
  entity: string;
  entityId: string;
  op: 'insert' | 'patch';
  /** The revision of the row the user saw when changing it. */
  baseRevision: number;
  patch: WireRow;
}

/** A change the firm once confirmed, with the revision its row had with it. */
export interface HandedBack extends Mutation {
  revision: number;
}

type Head = 'revision' | 'createdBy' | 'updatedBy' | 'createdAt' | 'updatedAt' | 'deletedAt';
type RowOf<E extends EntityName> = (typeof entityTables)[E]['$inferInsert'];
export type Patch<E extends EntityName> = Partial<Omit<RowOf<E>, Head>>;

/** How features change what travels: the row, its audit event and its outbox entry in one transaction (S1). */
export interface Change {
  db: Db;
  /** Adds a row; false where a row of that id is here already (it stays as it is). */
  insert<E extends EntityName>(entity: E, row: Omit<RowOf<E>, Head>): boolean;
  /** Changes fields of a row; false where there is no such row. */
  patch<E extends EntityName>(entity: E, id: string, patch: Patch<E>): boolean;
  /** The same in columns as the wire has them: for values that came from the firm, such as one side of a conflict. */
  patchWire(entity: string, id: string, patch: WireRow): boolean;
}

export interface Touched {
  entity: string;
  entityId: string;
}
export type Write = <T>(work: (change: Change) => Outcome<T>) => Outcome<T>;

interface Writer {
  store: Store;
  userId: string;
  now(): number;
  newId(): string;
  /** Called after the commit with what changed, never inside the transaction. */
  onCommitted(touched: Touched[]): void;
}

/** The one way features write synced rows. */
export function createWrite({ store, userId, now, newId, onCommitted }: Writer): Write {
  return (work) => {
    const touched: Touched[] = [];
    function applyPatch(shape: EntityShape, entityId: string, columns: Columns): boolean {
      const current = readRow(store, shape, entityId);
      if (!current) return false;
      const before = toWire(shape, pick(current, undoable(columns)));
      const at = now();
      updateRow(store, shape, entityId, { ...columns, updated_at: at });
      const { entity } = shape;
      const baseRevision = seenRevision(store, shape, entityId, Object.keys(columns), Number(current['revision']));
      const mutation: Mutation = { mutationId: newId(), entity, entityId, op: 'patch', baseRevision, patch: toWire(shape, columns) };
      enqueue(store, mutation, before, at);
      audit(mutation, before, at);
      touched.push({ entity, entityId });
      return true;
    }
    function audit({ mutationId, entity, entityId, op, patch }: Mutation, oldValues: WireRow | null, at: number): void {
      recordAudit(store, { at, userId, action: op, entity, entityId, mutationId, oldValues, newValues: patch });
    }
    const outcome = store.transaction((db) =>
      work({
        db,
        insert(entity, row) {
          const shape = shapeFor(entity);
          const { [shape.idColumn]: id, ...columns } = toColumns(shape, row);
          const entityId = String(id);
          if (entity === 'letter_update') columns['leans_on'] ??= lastUnconfirmedEdit(store, columns['letter_id']);
          const at = now();
          const head: Columns = shape.columns.has('created_by') ? { created_by: userId, updated_by: userId } : {};
          const added = insertRow(store, shape, {
            [shape.idColumn]: entityId,
            ...columns,
            ...head,
            revision: 0,
            created_at: at,
            updated_at: at,
          });
          if (!added) return false;
          const mutation: Mutation = {
            mutationId: newId(),
            entity,
            entityId,
            op: 'insert',
            baseRevision: 0,
            patch: toWire(shape, columns),
          };
          enqueue(store, mutation, null, at);
          audit(mutation, null, at);
          touched.push({ entity, entityId });
          return true;
        },
        patch: (entity, id, patch) => applyPatch(shapeFor(entity), id, toColumns(shapeFor(entity), patch)),
        patchWire(entity, id, patch) {
          const shape = entityShape(entity);
          return shape ? applyPatch(shape, id, fromWire(shape, patch)) : false;
        },
      }),
    );
    if (outcome.ok && touched.length > 0) onCommitted(touched);
    return outcome;
  };
}

/** The edit of this letter that still waits for the firm and was made last; the next one builds on its text. */
function lastUnconfirmedEdit(store: Store, letterId: unknown): string | null {
  const found = store
    .compiled(
      `select entity_id as id from outbox where entity = 'letter_update' and state = 'waiting' and patch ->> 'letter_id' = ? order by sequence desc limit 1`,
    )
    .get(letterId) as { id: string } | undefined;
  return found?.id ?? null;
}

export interface Wanted {
  most: number;
  /** Of JSON; one change goes whatever its size. */
  mostBytes: number;
  understands(mutation: Mutation): boolean;
  /** What the firm is judging now: the rest is wanted. */
  inFlight?: Mutation[];
  /** No change made after this one. */
  upTo?: number;
}

/** The place of the change made last among those that wait, for `upTo`; 0 where none does. */
export function newest(store: Store): number {
  return (store.compiled('select coalesce(max(sequence), 0) as sequence from outbox').get() as { sequence: number }).sequence;
}

/** In SQL, how many changes wait: of a table as a whole SQLite counts the rows without going through them, and the dead are few. */
export const waitingCount = `((select count(*) from outbox) - (select count(*) from outbox where state = 'dead'))`;

/**
 * The next mutations to send, oldest first (S2). Those behind a refused one of the same row wait for a person (S4), those behind one that is handed
 * back wait for that, and those the firm's database does not understand yet wait until it is newer, with all behind them (S7).
 */
export function nextBatch(
  store: Store,
  { most, mostBytes, understands, inFlight = [], upTo = Number.MAX_SAFE_INTEGER }: Wanted,
): Mutation[] {
  const rows = store
    .compiled(
      `select * from outbox o where sequence <= ? and state = 'waiting' and firm_revision is null and mutation_id not in (select value from json_each(?)) and not exists (
         select 1 from outbox d where d.entity = o.entity and d.entity_id = o.entity_id and (d.state = 'dead' or d.firm_revision is not null) and d.sequence < o.sequence)
       order by sequence`,
    )
    .iterate(upTo, JSON.stringify(inFlight.map(({ mutationId }) => mutationId))) as IterableIterator<OutboxRow>;
  const batch: Mutation[] = [];
  const held = new Set<string>();
  let bytes = 0;
  for (const row of rows) {
    const mutation = toMutation(row);
    if (held.has(row.entity_id) || !understands(mutation)) {
      held.add(row.entity_id);
      continue;
    }
    // the firm looks up a model's quote on its page, and judges a push in rounds: what the page says has to be there before
    if (isOfModel(row) && batch.some(({ entity }) => entity === 'page')) break;
    bytes += row.patch.length;
    if (batch.length > 0 && bytes > mostBytes) break;
    batch.push(mutation);
    if (batch.length === most) break;
  }
  return batch;
}

const isOfModel = ({ entity, op, patch }: OutboxRow): boolean => entity === 'fact' && op === 'insert' && patch.includes('"method":"model:');

/** What a restored server gets back, oldest first, after a place in the outbox. */
export function nextHandedBack(store: Store, after: number, most: number): { sequence: number; mutation: HandedBack }[] {
  const rows = store
    .compiled(`select * from outbox where firm_revision is not null and state = 'waiting' and sequence > ? order by sequence limit ?`)
    .all(after, most) as OutboxRow[];
  return rows.map((row) => ({ sequence: row.sequence, mutation: { ...toMutation(row), revision: row.firm_revision ?? 1 } }));
}

/** What still waits for the firm on one row, oldest first; the pull puts these on top of the firm's values. */
export function pendingFor(store: Store, entity: string, entityId: string): { sequence: number; mutation: Mutation }[] {
  // of most rows nothing waits, and to learn that costs less than to list nothing
  if (!store.compiled('select 1 from outbox where entity = ? and entity_id = ? limit 1').get(entity, entityId)) return [];
  const rows = store
    .compiled(`select * from outbox where entity = ? and entity_id = ? and state = 'waiting' order by sequence`)
    .all(entity, entityId) as OutboxRow[];
  return rows.map((row) => ({ sequence: row.sequence, mutation: toMutation(row) }));
}

/**
 * The revision whose value of these fields the user had before their eyes. Where a waiting patch of theirs lies on top, that is the one
 * it was made on: what the firm sent since was hidden under it, and must not count as seen.
 */
function seenRevision(store: Store, shape: EntityShape, entityId: string, fields: string[], current: number): number {
  const hiding = pendingFor(store, shape.entity, entityId).filter(
    ({ mutation }) => mutation.op === 'patch' && fields.some((field) => field in mutation.patch),
  );
  return Math.min(current, ...hiding.map(({ mutation }) => mutation.baseRevision));
}

/** Refused: the row goes back to what it was before, the user's words stay here until they decide. */
export function bury(store: Store, mutationId: string, reason: string): void {
  const row = store.raw.prepare('select * from outbox where mutation_id = ?').get(mutationId) as OutboxRow | undefined;
  if (!row) return;
  const shape = entityShape(row.entity);
  store.raw.prepare(`update outbox set state = 'dead', reason = ? where mutation_id = ?`).run(reason, mutationId);
  if (!shape) return;
  if (row.before === null) {
    // only what this laptop made: a row that the firm has, from a colleague, stays (revision 0 never came from the firm)
    store.raw.prepare(`delete from "${shape.table}" where "${shape.idColumn}" = ? and revision = 0`).run(row.entity_id);
    return;
  }
  putUnder(store, shape, row.entity_id, row.sequence, fromWire(shape, JSON.parse(row.before) as WireRow));
}

/**
 * Puts values beneath the waiting changes made after `sequence`: each field goes to the first of them that sets it, as what it would
 * be taken back to, or to the row where none does.
 */
export function putUnder(store: Store, shape: EntityShape, entityId: string, sequence: number, columns: Columns): void {
  let left: Columns = { ...columns };
  for (const later of pendingFor(store, shape.entity, entityId)) {
    if (later.sequence <= sequence || later.mutation.op === 'insert') continue;
    const covered = Object.keys(left).filter((name) => name in later.mutation.patch || name === 'updated_at');
    if (covered.length === 0) continue;
    const { before } = store.compiled('select before from outbox where sequence = ?').get(later.sequence) as { before: string | null };
    const beneath = { ...(JSON.parse(before ?? '{}') as WireRow), ...toWire(shape, pick(left, covered)) };
    store.compiled('update outbox set before = ? where sequence = ?').run(JSON.stringify(beneath), later.sequence);
    left = Object.fromEntries(Object.entries(left).filter(([name]) => !covered.includes(name)));
  }
  updateRow(store, shape, entityId, left);
}

/** The firm confirmed a change: out of the outbox, and kept for a server that might forget it. To be called inside a transaction. */
export function acknowledge(store: Store, confirmed: { mutationId: string; revision: number | null }[]): void {
  const list = JSON.stringify(confirmed.map(({ mutationId, revision }) => [mutationId, revision]));
  store
    .compiled(
      `insert into acknowledged (mutation_id, sequence, entity, entity_id, op, base_revision, patch, revision)
       select o.mutation_id, o.sequence, o.entity, o.entity_id, o.op, o.base_revision, o.patch, coalesce(c.value ->> 1, o.firm_revision)
       from json_each(?) c join outbox o on o.mutation_id = c.value ->> 0 order by o.sequence
       on conflict (mutation_id) do nothing`,
    )
    .run(list);
  store.compiled('delete from outbox where mutation_id in (select value ->> 0 from json_each(?))').run(list);
}

export function forget(store: Store, mutationId: string): void {
  store.compiled('delete from outbox where mutation_id = ?').run(mutationId);
}

/** Puts the firm's row in place, then what this laptop still has to send on top of it. Null: the row is gone at the firm. */
export function rebase(store: Store, shape: EntityShape, entityId: string, row: WireRow | null): void {
  if (row === null) {
    store.raw.prepare(`delete from "${shape.table}" where "${shape.idColumn}" = ?`).run(entityId);
    return;
  }
  const columns = { ...fromWire(shape, row), [shape.idColumn]: entityId };
  if (!insertRow(store, shape, columns)) updateRow(store, shape, entityId, columns);
  const current: Columns = { ...columns };
  for (const { sequence, mutation } of pendingFor(store, shape.entity, entityId)) {
    if (mutation.op === 'insert') continue;
    const patch = fromWire(shape, mutation.patch);
    store
      .compiled('update outbox set before = ? where sequence = ?')
      .run(JSON.stringify(toWire(shape, pick(current, undoable(patch)))), sequence);
    updateRow(store, shape, entityId, patch);
    Object.assign(current, patch);
  }
}

function enqueue(store: Store, mutation: Mutation, before: WireRow | null, at: number): void {
  store
    .compiled(
      'insert into outbox (mutation_id, entity, entity_id, op, base_revision, patch, before, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      mutation.mutationId,
      mutation.entity,
      mutation.entityId,
      mutation.op,
      mutation.baseRevision,
      JSON.stringify(mutation.patch),
      before && JSON.stringify(before),
      at,
    );
}

/** A row that sync itself adds, to be sent to the firm like a user's. In a transaction. */
export function enqueueInsert(store: Store, entity: EntityName, columns: Columns, at: number): void {
  const shape = shapeFor(entity);
  const { [shape.idColumn]: id, ...rest } = columns;
  insertRow(store, shape, { ...columns, revision: 0, created_at: at, updated_at: at });
  enqueue(
    store,
    { mutationId: freshId(), entity, entityId: String(id), op: 'insert', baseRevision: 0, patch: toWire(shape, rest) },
    null,
    at,
  );
}

/** Sends a refused change again as a new mutation, on top of what the firm has now and beneath the user's later changes. */
export function resend(store: Store, mutationId: string, newMutationId: string): boolean {
  const row = store.raw.prepare(`select * from outbox where mutation_id = ? and state = 'dead'`).get(mutationId) as OutboxRow | undefined;
  const shape = row && entityShape(row.entity);
  if (!row || !shape) return false;
  const patch = fromWire(shape, JSON.parse(row.patch) as WireRow);
  const current = readRow(store, shape, row.entity_id);
  const baseRevision = seenRevision(store, shape, row.entity_id, Object.keys(patch), Number(current?.['revision'] ?? 0));
  let before: string | null = null;
  if (row.op === 'insert') {
    insertRow(store, shape, { [shape.idColumn]: row.entity_id, ...patch, revision: 0 });
    for (const later of pendingFor(store, row.entity, row.entity_id))
      updateRow(store, shape, row.entity_id, fromWire(shape, later.mutation.patch));
  } else if (current) {
    before = JSON.stringify(toWire(shape, valuesUnder(store, shape, row.entity_id, row.sequence, pick(current, undoable(patch)))));
    putUnder(store, shape, row.entity_id, row.sequence, patch);
  }
  store.raw
    .prepare(`update outbox set mutation_id = ?, state = 'waiting', reason = null, base_revision = ?, before = ? where mutation_id = ?`)
    .run(newMutationId, baseRevision, before, mutationId);
  return true;
}

/** What these fields would be without the waiting changes made after `sequence`. */
function valuesUnder(store: Store, shape: EntityShape, entityId: string, sequence: number, columns: Columns): Columns {
  const values = { ...columns };
  const found = new Set<string>();
  const rows = store.raw.prepare(
    `select before from outbox where entity = ? and entity_id = ? and state = 'waiting' and sequence > ? order by sequence`,
  );
  for (const { before } of rows.all(shape.entity, entityId, sequence) as { before: string | null }[]) {
    for (const [name, value] of Object.entries(fromWire(shape, JSON.parse(before ?? '{}') as WireRow))) {
      if (!(name in values) || found.has(name)) continue;
      values[name] = value;
      found.add(name);
    }
  }
  return values;
}

/** What a change is taken back to when it is refused: its fields, and when the row was last changed. */
function undoable(patch: Columns): string[] {
  return [...Object.keys(patch), 'updated_at'];
}

type OutboxRow = Omit<
  typeof schema.outbox.$inferSelect,
  'mutationId' | 'entityId' | 'baseRevision' | 'patch' | 'before' | 'createdAt' | 'firmRevision'
> & {
  mutation_id: string;
  entity_id: string;
  base_revision: number;
  patch: string;
  before: string | null;
  firm_revision: number | null;
};

function toMutation(row: OutboxRow): Mutation {
  return {
    mutationId: row.mutation_id,
    entity: row.entity,
    entityId: row.entity_id,
    op: row.op,
    baseRevision: row.base_revision,
    patch: JSON.parse(row.patch) as WireRow,
  };
}
