import * as Y from 'yjs';
import { freshId } from '../host/ids.ts';
import type { Store } from '../store/store.ts';
import { isValidLetterUpdate } from './letter-check.ts';
import { docFrom } from './letter-doc.ts';
import { enqueueInsert, type Touched } from './outbox.ts';
import type { FeedPage, Remote } from './remote.ts';

/*
 * A letter's body is as many rows as its writers paused. Where they have become many, each laptop joins what its own
 * user wrote on a day into one row, and leaves alone what is fresh: under another's name nobody writes. Nothing is lost by it: Yjs updates join exactly, the firm keeps what was replaced, and every laptop
 * that sees updates go checks that what is left says all that they said.
 */

interface Bounds {
  /** A letter with fewer confirmed updates is left alone. */
  enough: number;
  /** So many of the newest stay as they are: colleagues may be about to see them arrive one by one. */
  fresh: number;
}
const usual: Bounds = { enough: 200, fresh: 50 };
const mostJoined = 2_000;

interface Row {
  id: string;
  by: string | null;
  at: number;
  payload: Buffer;
}

/** Joins what can be joined in a letter; how many rows became fewer. Rows change when the feed brings the result. */
export async function joinUpdates(
  store: Store,
  remote: Pick<Remote, 'joinLetterUpdates'>,
  letterId: string,
  userId: string,
  { enough, fresh } = usual,
): Promise<number> {
  const rows = confirmedRows(store, letterId);
  if (rows.length < enough) return 0;
  let fewer = 0;
  for (const whole of groups(rows.slice(0, -fresh).filter(({ by }) => by === userId))) {
    // what another laptop of hers broke is shown nowhere, and would be refused by Yjs
    const group = whole.filter(({ payload }) => isValidLetterUpdate(payload));
    if (group.length < 2) continue;
    const payload = Y.mergeUpdates(group.map((row) => new Uint8Array(row.payload)));
    const ids = group.map(({ id }) => id);
    if (await remote.joinLetterUpdates(letterId, ids, freshId(), payload)) fewer += ids.length - 1;
  }
  return fewer;
}

/** The letters whose bodies these changes touched. */
export function lettersOf(store: Store, touched: Touched[]): Set<string> {
  const updates = touched.filter(({ entity }) => entity === 'letter_update');
  const find = store.raw.prepare('select letter_id from letter_update where update_id = ?').pluck();
  return new Set(updates.map(({ entityId }) => find.get(entityId) as string | undefined).filter((id) => id !== undefined));
}

/** Updates of a letter that a page takes away and this laptop holds, by letter. To be asked before the page is applied. */
export function leavingUpdates(store: Store, changes: FeedPage['changes']): Map<string, Uint8Array[]> {
  const leaving = new Map<string, Uint8Array[]>();
  for (const { entity, entityId, row } of changes) {
    if (entity !== 'letter_update' || row !== null) continue;
    const here = store.raw.prepare('select letter_id as letterId, payload from letter_update where update_id = ?').get(entityId) as
      { letterId: string; payload: Buffer } | undefined;
    if (here) leaving.set(here.letterId, [...(leaving.get(here.letterId) ?? []), new Uint8Array(here.payload)]);
  }
  return leaving;
}

/**
 * After the page: where a letter that is still here no longer says all that the updates said which left, they go to the firm again as one. Letters
 * that went themselves are no concern. In the page's transaction.
 */
export function keepText(store: Store, leaving: Map<string, Uint8Array[]>, at: number): void {
  for (const [letterId, payloads] of leaving) {
    // the firm keeps whatever bytes any laptop sent: what is no update was never shown, and must not keep the page from being taken
    const sound = payloads.filter(isValidLetterUpdate);
    if (sound.length === 0) continue;
    const letter = store.raw.prepare('select 1 from letter where letter_id = ? and deleted_at is null').get(letterId);
    if (!letter) continue;
    const left = store.raw.prepare('select payload from letter_update where letter_id = ?').pluck().all(letterId) as Buffer[];
    const said = Y.mergeUpdates(sound);
    if (!saysMore(left.filter(isValidLetterUpdate), said)) continue;
    enqueueInsert(store, 'letter_update', { update_id: freshId(), letter_id: letterId, payload: Buffer.from(said), leans_on: null }, at);
  }
}

/** Whether an update brings anything that these do not. */
function saysMore(updates: Uint8Array[], other: Uint8Array): boolean {
  const doc = docFrom(updates);
  let brought = false;
  doc.on('update', () => (brought = true));
  Y.applyUpdate(doc, other);
  doc.destroy();
  return brought;
}

function confirmedRows(store: Store, letterId: string): Row[] {
  return store.raw
    .prepare(
      `select update_id as id, created_by as "by", created_at as at, payload from letter_update where letter_id = ? and revision > 0 order by created_at, update_id`,
    )
    .all(letterId) as Row[];
}

/** By day. */
function groups(rows: Row[]): Row[][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = new Date(row.at).toISOString().slice(0, 10);
    const group = found.get(key) ?? [];
    if (group.length < mostJoined) found.set(key, [...group, row]);
  }
  return [...found.values()];
}
