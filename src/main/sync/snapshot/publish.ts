import { ok, type Outcome } from '../../../shared/result.ts';
import { isDerived } from '../../store/index-tables.ts';
import { openStore, type Store } from '../../store/store.ts';
import { entityShape, entityTables, toWire, type Columns, type EntityShape } from '../entities.ts';
import { keepText } from '../join-updates.ts';
import { rebase, type Touched } from '../outbox.ts';
import { dropDraftTables, removeDraft } from './draft.ts';

/** What publishing a draft came to. */
export interface Published {
  /** Everything shown has to be read anew. */
  isAll: boolean;
  /** Rows whose news somebody may have before her eyes. */
  touched: Touched[];
}

/** Files up to this size are carried over into the new store; with more the draft's rows go into the old one instead. */
const mostCarriedBytes = 64_000_000;
export const mostTouched = 2_000;

export const shapes = Object.keys(entityTables)
  .map((entity) => entityShape(entity))
  .filter((shape) => shape !== undefined);
const synced = new Set(shapes.map(({ table }) => table));
export const here = (shape: EntityShape, schema: 'main' | 'next'): string => `${schema}."${shape.table}"`;

/** Whether the store can be replaced by the draft: the user's own files lie in it and would have to be copied. */
export function canBecome({ raw }: Store): boolean {
  return Number(raw.prepare('select coalesce(sum(size_bytes), 0) from blob').pluck().get()) <= mostCarriedBytes;
}

/**
 * The draft becomes the store: what is this laptop's own goes over, the user's unsent work lies on top again, and one rename publishes it. What was in the old file and is
 * not in the new one is gone from the disk with it. Whatever is cut short before the rename leaves the old store; the draft is then of no more use.
 */
export function becomeDraft(store: Store, draftPath: string, now: number): Outcome<Published> {
  let news: Touched[] = [];
  let leaving = new Map<string, Uint8Array[]>();
  // the transaction below writes nothing into the store itself, so it does not wait for what was jotted down there
  const kept = store.flush();
  if (!kept.ok) return kept;
  const detach = attach(store, draftPath);
  const handedOver = store.transaction(() => {
    store.raw.exec('update next.snapshot_state set is_handed_over = 1');
    for (const table of ownTables(store)) copyTable(store, table);
    store.raw.exec('delete from next.sqlite_sequence; insert into next.sqlite_sequence select * from main.sqlite_sequence');
    for (const shape of shapes) keepOwnRows(store, shape);
    // it quotes pages: what went out of sight takes it along
    store.raw.exec('delete from next.asked_document where document_id not in (select document_id from next.document)');
    news = lettersNews(store);
    leaving = leavingText(store);
    return ok({});
  });
  detach();
  if (!handedOver.ok) return handedOver;
  const draft = openStore(draftPath, store.file.keyHex, 'draft');
  if (!draft.ok) return draft;
  draft.value.raw.pragma('synchronous = full');
  const ready = draft.value.transaction(() => {
    layOnTop(draft.value);
    keepText(draft.value, leaving, now);
    draft.value.raw
      .prepare('update sync_state set (cursor, feed_head, view) = (select cursor, cursor, view from snapshot_state), last_synced_at = ?')
      .run(now);
    draft.value.raw.exec(dropDraftTables);
    return ok({});
  });
  draft.value.close();
  if (!ready.ok) return ready;
  const become = store.become(draftPath);
  if (!become.ok) return become;
  removeDraft(draftPath); // an empty journal may be left
  return ok({ isAll: true, touched: news });
}

/** Puts the draft beside the store, as schema `next`; the answer takes it away again. */
export function attach({ raw, file }: Store, draftPath: string): () => void {
  raw.prepare('attach ? as next key ?').run(draftPath, `x'${file.keyHex}'`);
  return () => void raw.exec('detach next');
}

/** Tables that are not a copy of the firm's: the outbox, files, jobs, this laptop's audit. Parents before children, as they were made. */
function ownTables({ raw }: Store): string[] {
  const tables = raw
    .prepare(`select name from main.sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid`)
    .pluck();
  return (tables.all() as string[]).filter((table) => !synced.has(table) && table !== 'parked' && !isDerived(table));
}

function copyTable({ raw }: Store, table: string): void {
  const names = (raw.pragma(`main.table_info("${table}")`) as { name: string }[]).map(({ name }) => `"${name}"`).join(', ');
  raw.exec(`insert into next."${table}" (${names}) select ${names} from main."${table}"`);
}

export const columnList = (shape: EntityShape): string => [...shape.columns.keys()].map((name) => `"${name}"`).join(', ');

/** Rows that the firm does not have yet; and the last understood form of rows that the firm has in one this app would not understand (S7). */
function keepOwnRows({ raw }: Store, shape: EntityShape): void {
  const columns = columnList(shape);
  raw
    .prepare(
      `insert or ignore into ${here(shape, 'next')} (${columns}) select ${columns} from ${here(shape, 'main')} where "${shape.idColumn}" in
         (select entity_id from main.outbox where entity = @entity and op = 'insert' and state = 'waiting' union select entity_id from next.parked where entity = @entity)`,
    )
    .run({ entity: shape.entity });
}

/** Updates of letters that were here before: an editor that has one open needs them one by one. */
export function lettersNews({ raw }: Store): Touched[] {
  const rows = raw
    .prepare(
      `select n.update_id as entityId from main.letter l join next.letter_update n on n.letter_id = l.letter_id
       where not exists (select 1 from main.letter_update u where u.update_id = n.update_id) limit ?`,
    )
    .all(mostTouched) as { entityId: string }[];
  return rows.map(({ entityId }) => ({ entity: 'letter_update', entityId }));
}

/** What updates said that go while their letter stays: they were joined, and what they became must say as much (S14). */
export function leavingText({ raw }: Store): Map<string, Uint8Array[]> {
  const rows = raw
    .prepare(
      `select u.letter_id as letterId, u.payload from main.letter_update u where u.revision > 0
         and not exists (select 1 from next.letter_update n where n.update_id = u.update_id)
         and exists (select 1 from next.letter l where l.letter_id = u.letter_id)`,
    )
    .all() as { letterId: string; payload: Buffer }[];
  const leaving = new Map<string, Uint8Array[]>();
  for (const { letterId, payload } of rows) {
    const payloads = leaving.get(letterId) ?? [];
    payloads.push(new Uint8Array(payload));
    leaving.set(letterId, payloads);
  }
  return leaving;
}

/** Puts what waits in the outbox on top of the rows that came. In a transaction. */
export function layOnTop(store: Store): void {
  const { raw } = store;
  const waiting = raw.prepare(`select distinct entity, entity_id as id from outbox where state = 'waiting'`).all();
  for (const { entity, id } of waiting as { entity: string; id: string }[]) {
    const shape = entityShape(entity);
    if (!shape) continue;
    const row = raw.prepare(`select * from "${shape.table}" where "${shape.idColumn}" = ? and revision > 0`).get(id) as Columns | undefined;
    if (row) rebase(store, shape, id, toWire(shape, row));
  }
}
