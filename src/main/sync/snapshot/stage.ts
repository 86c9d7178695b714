import { ok } from '../../../shared/result.ts';
import { storeError } from '../../store/store.ts';
import { takeRow } from '../parked.ts';
import { SettleError } from '../push.ts';
import { RemoteError } from '../remote.ts';
import { openDraft, removeDraft, type Draft, type DraftEntity } from './draft.ts';
import { createRowWriter } from './row-writer.ts';
import { OutOfView, type SnapshotPlan, type SnapshotSource } from './source.ts';

/** How far a snapshot is. `total` is as it was counted; rows that came since are not in it. */
export interface Progress {
  done: number;
  total: number;
  /** It goes on where an earlier run stopped. */
  isResumed: boolean;
}

export interface StageOrder {
  path: string;
  keyHex: string;
  source: SnapshotSource;
  onProgress(progress: Progress): void;
  signal: AbortSignal;
  /** For tests: what a range and a page of the feed hold at most. */
  rangeRows?: number;
  /** For tests: where a laptop may die. */
  opened?(draft: Draft): Draft;
}

/** A range takes about this long: its transaction holds up the firm's vacuum, and what is lost with the line is fetched again. */
const rangeMs = 2_000;
const firstRangeRows = 5_000;
const mostRangeRows = 50_000;
const pageRows = 1_000;
const mostAttempts = 3;

/**
 * Brings the draft at `path` to where it can be published: all rows that the user may see, then what the feed brought since they began to be read. To be
 * called again after whatever cut it short, and it goes on. Rejects with RemoteError, SettleError.
 */
export async function stageSnapshot(order: StageOrder): Promise<{ position: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = openDraft(order.path, order.keyHex);
    if (!opened.ok) throw new SettleError(opened.error);
    const draft = order.opened?.(opened.value) ?? opened.value;
    let isUseless = false;
    try {
      return await fill(draft, order);
    } catch (error) {
      if (error instanceof RemoteError && draft.standing) draft.sync(); // the laptop may be switched off next
      // damage that no check found when it was opened would be met with each try anew
      isUseless = error instanceof OutOfView || (error instanceof SettleError && error.error.code === 'corrupt');
      if (!(error instanceof OutOfView)) throw error;
      if (attempt === mostAttempts)
        throw new RemoteError({ code: 'offline', reason: 'What you may see is being changed at the firm. Steno tries again.' });
    } finally {
      draft.close();
      if (isUseless) removeDraft(order.path);
    }
  }
}

async function fill(draft: Draft, { source, onProgress, signal, rangeRows }: StageOrder): Promise<{ position: number }> {
  refuseIfStopped(signal);
  const plan = await source.plan();
  if (draft.standing) refuseIfStale(draft, plan);
  else draft.begin(plan);
  const entities = draft.entities();
  const view = draft.standing?.view ?? plan.view;
  const atLeast = draft.standing?.head ?? plan.head;
  const isResumed = entities.some(({ rows }) => rows > 0);
  await countRows(draft, source, entities, { view, atLeast });
  refuseIfStopped(signal);
  const report = (): void => {
    const sum = (of: (state: DraftEntity) => number): number => entities.reduce((so, state) => so + of(state), 0);
    const done = sum(({ rows }) => rows);
    const total = sum((state) => Math.max(state.rows, state.isDone ? 0 : state.total));
    onProgress({ done, total, isResumed });
  };
  report();
  if (isResumed && entities.some(({ isDone }) => !isDone)) draft.hurry();
  for (const state of entities) {
    for (let most = rangeRows ?? firstRangeRows; !state.isDone;) {
      refuseIfStopped(signal);
      const started = performance.now();
      await readRange(draft, source, state, { view, atLeast, most });
      if (rangeRows === undefined) most = nextSize(most, performance.now() - started);
      report();
    }
  }
  try {
    draft.makeIndexes();
    draft.sync();
  } catch (error) {
    throw inStoreWords(error);
  }
  for (let more = true; more;) {
    refuseIfStopped(signal);
    more = await catchUp(draft, source, view, rangeRows ?? pageRows);
  }
  return { position: draft.cursor };
}

/** What there is to fetch. Of what there is nothing, nothing is asked for: a row that comes to be there later is in the feed. */
async function countRows(
  draft: Draft,
  source: SnapshotSource,
  entities: DraftEntity[],
  seen: { view: string; atLeast: number },
): Promise<void> {
  const uncounted = entities.filter(({ isDone, total }) => !isDone && total === 0);
  if (uncounted.length === 0) return;
  const counts = await source.count(
    uncounted.map(({ entity }) => entity),
    seen,
  );
  draft.store.raw.transaction(() => {
    for (const [n, state] of uncounted.entries()) {
      state.total = counts[n] ?? 0;
      state.isDone = counts[n] === 0 && state.rows === 0;
      draft.keepEntity(state);
    }
  })();
}

/** One range and how far it brings the entity, committed together. What came of a range that the line cut is kept as well: rows come in order. */
async function readRange(
  draft: Draft,
  source: SnapshotSource,
  state: DraftEntity,
  { view, atLeast, most }: { view: string; atLeast: number; most: number },
): Promise<void> {
  const { raw } = draft.store;
  const writer = createRowWriter(draft.store, state.entity);
  const keep = (isDone: boolean): void => {
    const { rows, lastId } = writer.flush();
    const next = { ...state, rows: state.rows + rows, lastId: lastId ?? state.lastId, isDone };
    draft.keepEntity(next);
    raw.exec('commit');
    Object.assign(state, next);
  };
  try {
    raw.exec('begin immediate');
    const range = { entity: state.entity, after: state.lastId, most, view, atLeast };
    const came = await source.read(range, writer.take).catch((error: unknown) => {
      if (error instanceof RemoteError) return error;
      throw error;
    });
    keep(typeof came === 'number' && came < most);
    if (typeof came !== 'number') throw came;
  } catch (error) {
    if (raw.inTransaction) raw.exec('rollback');
    throw inStoreWords(error);
  }
}

/** The next page of the feed and the cursor together (S5), as the laptop itself will read it from there on. */
async function catchUp(draft: Draft, source: SnapshotSource, view: string, most: number): Promise<boolean> {
  const page = await source.pull(draft.cursor, most);
  if (page.view !== view || page.floor > draft.cursor || (page.head ?? page.position) < draft.cursor) throw new OutOfView();
  if (page.position === draft.cursor) return false; // a server that says more and brings nothing would be asked for ever
  const outcome = draft.store.transaction(() => {
    for (const { entity, entityId, row } of page.changes) takeRow(draft.store, entity, entityId, row);
    draft.moveCursor(page.position);
    return ok({});
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  return page.more;
}

/** The firm may have gone on, but not become another: a draft of other eyes, from a feed that was restored, or older than tombstones are kept is useless. */
function refuseIfStale({ standing, cursor }: Draft, plan: SnapshotPlan): void {
  if (standing?.view !== plan.view || cursor > plan.head || cursor < plan.floor) throw new OutOfView();
}

function inStoreWords(error: unknown): unknown {
  const known = storeError(error);
  return known ? new SettleError(known) : error;
}

function nextSize(rows: number, tookMs: number): number {
  return Math.round(Math.min(mostRangeRows, Math.max(500, (rows * rangeMs) / Math.max(tookMs, 1))));
}

function refuseIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new RemoteError({ code: 'cancelled', what: 'syncing' });
}
