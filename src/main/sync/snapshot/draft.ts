import { existsSync, rmSync } from 'node:fs';
import { ok, type Outcome } from '../../../shared/result.ts';
import { openStore, storeError, type Store } from '../../store/store.ts';
import { entityShape, entityTables, shapesInWords, type EntityName } from '../entities.ts';
import type { FirmEntity, SnapshotPlan } from './source.ts';

/** How far one kind of row has come. */
export interface DraftEntity {
  entity: FirmEntity;
  lastId: string | null;
  rows: number;
  total: number;
  isDone: boolean;
}

/**
 * A store in the making: a snapshot of what the firm has for this user, beside the store that it will replace or be merged into. It keeps its own journal of what was
 * fetched, committed with the rows themselves, so that a crash, a lost line or a restart fetches nothing twice. Nobody but sync ever opens it.
 */
export interface Draft {
  store: Store;
  /** As of when it is; null for one that has just been made. */
  standing: Pick<SnapshotPlan, 'head' | 'view'> | null;
  /** Where in the feed it is once its rows are all there. */
  cursor: number;
  begin(plan: SnapshotPlan): void;
  entities(): DraftEntity[];
  keepEntity(state: DraftEntity): void;
  /**
   * While rows are fetched commits do not wait for the disk: a power cut then costs what was fetched, a crash of the app nothing. With `sync` all that was committed is on
   * the disk, and so is what follows.
   */
  hurry(): void;
  sync(): void;
  /** Indexes and triggers wait until the rows are in, but for those of `indexedAsTheyCome`: built at once they cost a third. */
  makeIndexes(): void;
  moveCursor(to: number): void;
  close(): void;
}

/** Where the draft of a store lies. */
export const draftPathOf = (storePath: string): string => `${storePath}.next`;

/** Throws away what was fetched; also what a version or key before left that does not open any more. */
export function removeDraft(path: string): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(path + ending, { force: true });
}

/** Opens the draft at `path`, or makes one where there is none that this app can go on with. Errors: those of openStore. */
export function openDraft(path: string, keyHex: string): Outcome<Draft> {
  if (existsSync(path)) {
    const found = openStore(path, keyHex, 'draft');
    if (found.ok && isOurs(found.value)) return ok(draftOver(found.value));
    if (found.ok) found.value.close();
    else if (found.error.code === 'full') return found;
    removeDraft(path);
  }
  const made = openStore(path, keyHex, 'draft');
  return made.ok ? ok(draftOver(made.value)) : made;
}

/**
 * Whether all that was committed is there. While rows are fetched nothing waits for the disk: after a power cut pages may be missing that the file says it has (their
 * check fails), or hold what they held before (then an index, or the number of rows, does not fit). Rows are only added then, so nothing else can be wrong. Once
 * all is on the disk the feed adds and takes away, which the journal does not count, and nothing is written that a power cut could take.
 */
function isWhole({ raw }: Store, isSynced: boolean): boolean {
  if (raw.pragma('integrity_check(1)', { simple: true }) !== 'ok') return false;
  if (isSynced) return true;
  const journal = raw.prepare('select entity, rows from snapshot_entity').all() as { entity: string; rows: number }[];
  return journal.every(({ entity, rows }) => countRows(raw, entity) === rows);
}

/** Rows in their table, and those that are only parked. */
function countRows(raw: Store['raw'], entity: string): number {
  const shape = entityShape(entity);
  if (!shape) return Number(raw.prepare('select count(*) from parked where entity = ?').pluck().get(entity));
  const { table, idColumn } = shape;
  return Number(
    raw
      .prepare(
        `select (select count(*) from "${table}") + (select count(*) from parked p where p.entity = ? and not exists (select 1 from "${table}" t where t."${idColumn}" = p.entity_id))`,
      )
      .pluck()
      .get(entity),
  );
}

/** Not of an app that knew other columns, and not one that was being made into a store when the laptop died: it has the user's own changes in it. */
function isOurs(store: Store): boolean {
  const { raw } = store;
  try {
    const exists = raw.prepare(`select 1 from sqlite_master where name = 'snapshot_state'`).get();
    // a store already, but for its name, when the laptop died; or empty yet
    if (!exists) return raw.prepare('select 1 from sync_state').get() === undefined;
    const state = raw.prepare('select shapes, is_synced as isSynced, is_handed_over as isHandedOver from snapshot_state').get() as
      DraftState | undefined;
    return state?.shapes === shapesInWords() && state.isHandedOver === 0 && isWhole(store, state.isSynced === 1);
  } catch (error) {
    if (storeError(error)) return false;
    throw error;
  }
}

interface DraftState {
  head: number;
  view: string;
  cursor: number;
  shapes: string;
  isSynced: number;
  isHandedOver: number;
}

const tables = `create table snapshot_state (only integer primary key check (only = 1), head integer not null, view text not null, cursor integer not null, shapes text not null,
    is_synced integer not null default 0, is_handed_over integer not null default 0) strict;
  create table snapshot_entity (entity text primary key, description text not null, last_id text, rows integer not null, total integer not null, is_done integer not null) strict;
  create table snapshot_index (sql text not null) strict`;
/** What must not be in a store that a draft becomes. */
export const dropDraftTables = 'drop table snapshot_state; drop table snapshot_entity; drop table snapshot_index';

/**
 * Most of a firm's rows are these, and SQLite sorts for an index in memory alone: a million took 60 MB more. They come in the order they were made,
 * those of one document after the other, so that an index is written in runs and takes no longer than one that is sorted.
 */
const indexedAsTheyCome: EntityName = 'fact';

const synced = Object.keys(entityTables)
  .map((name) => `'${name}'`)
  .join(', ');

function draftOver(store: Store): Draft {
  const { raw } = store;
  const isNew = raw.prepare(`select 1 from sqlite_master where name = 'snapshot_state'`).get() === undefined;
  const state = isNew
    ? undefined
    : (raw.prepare('select head, view, cursor, is_synced as isSynced from snapshot_state').get() as DraftState | undefined);
  if (state?.isSynced === 1) raw.pragma('synchronous = full');
  const draft: Draft = {
    store,
    standing: state ? { head: state.head, view: state.view } : null,
    cursor: state?.cursor ?? 0,
    begin(plan) {
      raw.transaction(() => {
        raw.exec(tables);
        raw
          .prepare('insert into snapshot_state (only, head, view, cursor, shapes) values (1, ?, ?, ?, ?)')
          .run(plan.head, plan.view, plan.head, shapesInWords());
        const insert = raw.prepare('insert into snapshot_entity values (?, ?, null, 0, 0, 0)');
        for (const entity of plan.entities) insert.run(entity.entity, JSON.stringify(entity));
        const indexes = raw
          .prepare(
            `select type, name, sql from sqlite_master where type in ('index', 'trigger') and sql is not null and tbl_name in (${synced})
               and not (type = 'index' and tbl_name = ?)`,
          )
          .all(indexedAsTheyCome);
        for (const { type, name, sql } of indexes as { type: string; name: string; sql: string }[]) {
          raw.prepare('insert into snapshot_index values (?)').run(sql);
          raw.exec(`drop ${type} "${name}"`);
        }
      })();
      draft.standing = plan;
      draft.cursor = plan.head;
    },
    hurry() {
      raw.exec('update snapshot_state set is_synced = 0');
      raw.pragma('synchronous = off');
    },
    sync() {
      raw.pragma('synchronous = full');
      // twice: what says that all is on the disk is written once it is; between the two it says what it said
      raw.exec('update snapshot_state set is_synced = is_synced');
      raw.exec('update snapshot_state set is_synced = 1');
    },
    entities() {
      const rows = raw
        .prepare('select description, last_id as lastId, rows, total, is_done as isDone from snapshot_entity order by rowid')
        .all();
      return (rows as { description: string; lastId: string | null; rows: number; total: number; isDone: number }[]).map((row) => ({
        ...row,
        entity: JSON.parse(row.description) as FirmEntity,
        isDone: row.isDone === 1,
      }));
    },
    keepEntity({ entity, lastId, rows, total, isDone }) {
      raw
        .prepare('update snapshot_entity set last_id = ?, rows = ?, total = ?, is_done = ? where entity = ?')
        .run(lastId, rows, total, isDone ? 1 : 0, entity.entity);
    },
    makeIndexes() {
      // what is sorted stays in memory, unencrypted as it is: meanwhile the pages that were just written make room for it
      const cache = Number(raw.pragma('cache_size', { simple: true }));
      raw.pragma('shrink_memory');
      raw.pragma('cache_size = -4000');
      raw.transaction(() => {
        for (const sql of raw.prepare('select sql from snapshot_index').pluck().all() as string[]) raw.exec(sql);
        raw.exec('delete from snapshot_index');
      })();
      raw.pragma(`cache_size = ${String(cache)}`);
    },
    moveCursor(to) {
      raw.prepare('update snapshot_state set cursor = ?').run(to);
      draft.cursor = to;
    },
    close: () => store.close(),
  };
  return draft;
}
