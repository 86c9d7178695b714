import { ok, type Outcome } from '../../../shared/result.ts';
import { emptyIndex } from '../../store/index-tables.ts';
import type { Store } from '../../store/store.ts';
import type { EntityShape } from '../entities.ts';
import { keepText } from '../join-updates.ts';
import type { Touched } from '../outbox.ts';
import { removeDraft } from './draft.ts';
import { attach, columnList, here, layOnTop, leavingText, mostTouched, shapes, type Published } from './publish.ts';

/** Pages that are taken out of the index one by one, about ten milliseconds each; where more change, the index is made anew after. */
const mostPagesOut = 100;
/** Rows that are compared before others may have the store again: a few milliseconds. */
const slice = 1_000;

/**
 * Brings a store that is too large to be replaced to what its draft holds. What differs is found in slices between which the user goes on typing; then one transaction takes
 * it over, so that a crash leaves the rows as they were or as they will be. `pause` lets others work. Nobody else may change the firm's rows meanwhile: no pull, no push.
 */
export async function mergeDraft(store: Store, draftPath: string, now: number, pause: () => Promise<void>): Promise<Outcome<Published>> {
  const { raw } = store;
  const detach = attach(store, draftPath);
  let outcome: Outcome<Published>;
  try {
    raw.exec(`drop table if exists temp.snapshot_diff;
      create temp table snapshot_diff (entity text, id text, is_gone integer, primary key (entity, id)) without rowid`);
    for (const shape of shapes) {
      for (let after: string | null = ''; after !== null;) {
        after = compareSlice(store, shape, after);
        await pause();
      }
    }
    outcome = store.transaction(() => ok(takeOver(store, now)));
  } finally {
    detach();
  }
  if (!outcome.ok) return outcome;
  // what went is not left in the log either
  raw.exec('drop table temp.snapshot_diff');
  raw.pragma('wal_checkpoint(truncate)');
  removeDraft(draftPath);
  return outcome;
}

/**
 * Notes what differs among the rows after an id, and where the next slice begins. A revision alone does not tell: a row that an administrator mended, or that a
 * restored server gave the same number again, differs in when it was changed. Rows with waiting changes are not judged here; they are all taken anew.
 */
function compareSlice({ raw }: Store, shape: EntityShape, after: string): string | null {
  const [mine, next, id] = [here(shape, 'main'), here(shape, 'next'), `"${shape.idColumn}"`];
  const last = raw
    .prepare(`select ${id} from ${next} where ${id} > ? order by ${id} limit 1 offset ?`)
    .pluck()
    .get(after, slice - 1) as string | undefined;
  const range = { entity: shape.entity, after, upTo: last ?? '~' }; // ids are hex: all of them are below
  raw
    .prepare(
      `insert into temp.snapshot_diff select @entity, n.${id}, 0 from ${next} n left join ${mine} m on m.${id} = n.${id}
       where n.${id} > @after and n.${id} <= @upTo and (m.${id} is null or m.revision <> n.revision or m.updated_at is not n.updated_at)`,
    )
    .run(range);
  raw
    .prepare(
      `insert into temp.snapshot_diff select @entity, m.${id}, 1 from ${mine} m
       where m.${id} > @after and m.${id} <= @upTo and not exists (select 1 from ${next} n where n.${id} = m.${id})`,
    )
    .run(range);
  return last ?? null;
}

/** In one transaction: rows that went, rows that came or changed, the user's waiting changes on top, and where in the feed this is. */
function takeOver(store: Store, now: number): Published {
  const { raw } = store;
  const leaving = leavingText(store);
  const touched = raw.prepare('select entity, id as entityId from temp.snapshot_diff limit ?').all(mostTouched + 1) as Touched[];
  const pagesOut = raw
    .prepare(`select count(*) from temp.snapshot_diff join main.find_page on page_id = id where entity = 'page'`)
    .pluck()
    .get();
  if (Number(pagesOut) > mostPagesOut) emptyIndex(raw);
  for (const shape of shapes) {
    const { entity } = shape;
    const [mine, next, id, columns] = [here(shape, 'main'), here(shape, 'next'), `"${shape.idColumn}"`, columnList(shape)];
    raw
      .prepare(
        `delete from ${mine} where ${id} in (select id from temp.snapshot_diff where entity = @entity and is_gone = 1
           except select entity_id from main.outbox where entity = @entity and op = 'insert' and state = 'waiting' except select entity_id from next.parked where entity = @entity)`,
      )
      .run({ entity });
    raw
      .prepare(
        `insert or replace into ${mine} (${columns}) select ${columns} from ${next} where ${id} in (select id from temp.snapshot_diff where entity = @entity and is_gone = 0
           union select entity_id from main.outbox where entity = @entity and state = 'waiting')`,
      )
      .run({ entity });
  }
  raw.exec('delete from main.parked; insert into main.parked select * from next.parked');
  layOnTop(store);
  keepText(store, leaving, now);
  raw
    .prepare('update sync_state set (cursor, feed_head, view) = (select cursor, cursor, view from next.snapshot_state), last_synced_at = ?')
    .run(now);
  return touched.length > mostTouched
    ? { isAll: true, touched: touched.filter(({ entity }) => entity === 'letter_update') }
    : { isAll: false, touched };
}
