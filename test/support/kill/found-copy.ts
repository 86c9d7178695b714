import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import type { WireRow } from '../../../src/main/sync/entities.ts';
import { hasNoCopy } from '../../../src/main/sync/pull.ts';
import { draftPathOf } from '../../../src/main/sync/snapshot/draft.ts';
import { allRows } from '../copying.ts';
import { must, outboxOf, storeKey, testFolder } from '../laptop.ts';

type Rows = ReturnType<typeof allRows>;
/** What the firm has all the while, and nobody changes. */
export type StandingRows = Rows;
/** A view that no firm has: by it a store shows that its copy is still the old one. */
export const otherEyes = 'other eyes';
/** What a first look may show of what the firm has all the while. */
const mostLookedAt = 50;

/** Looks at a copy of the files as the dead laptop left them: the next to open them is to be itself. */
function lookInto<T>(path: string, kind: 'store' | 'draft', look: (store: Store) => T): T {
  const folder = mkdtempSync(join(testFolder(), 'found-'));
  try {
    const copy = join(folder, basename(path));
    for (const ending of ['', '-wal', '-journal']) if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending);
    const store = must(openStore(copy, storeKey, kind));
    try {
      return look(store);
    } finally {
      store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows of a copy that the next run has to go on from; null where there is nothing to go on from. */
export function stagedRows(path: string): number | null {
  if (!existsSync(draftPathOf(path))) return null;
  return lookInto(draftPathOf(path), 'draft', ({ raw }) => {
    if (raw.prepare(`select 1 from sqlite_master where name = 'snapshot_state'`).get() === undefined) return null;
    if (raw.prepare('select is_handed_over from snapshot_state').pluck().get() === 1) return null;
    return Number(raw.prepare('select coalesce(sum(rows), 0) from snapshot_entity').pluck().get());
  });
}

export interface Found {
  /** `without`: nothing but a first look, or the copy of other eyes. */
  state: 'without' | 'whole';
  /** How the promises are broken; nothing where all hold. */
  broken: string[];
}

/** What a laptop left behind that was killed while it took a copy of its firm. `kept`: what it had acknowledged. */
export function findCopy(path: string, standing: StandingRows, kept: string[]): Found {
  return lookInto(path, 'store', (store) => {
    const view = store.raw.prepare('select view from sync_state').pluck().get();
    const rows = allRows(store);
    const isWithout = hasNoCopy(store) || view === otherEyes;
    const copied = hasNoCopy(store) ? brokenLook(rows, standing) : view === otherEyes ? brokenOld(rows) : brokenWhole(rows, standing);
    const integrity = store.raw.pragma('integrity_check', { simple: true });
    return {
      state: isWithout ? 'without' : 'whole',
      broken: [...(integrity === 'ok' ? [] : ['the store is damaged']), ...copied, ...brokenOwn(store, rows, kept)],
    };
  });
}

/** Nothing but the matters last worked on and what lies in them. */
function brokenLook(rows: Rows, standing: StandingRows): string[] {
  const matters = rows['matter'] ?? {};
  const letters = rows['letter'] ?? {};
  const looked = Object.keys(standing['matter'] ?? {}).filter((id) => id in matters).length;
  const astray = Object.entries(rows).flatMap(([entity, byId]) =>
    Object.values(byId).filter(
      (row) => isAstray(row as WireRow, matters) && entity !== 'matter' && !(String((row as WireRow)['letter_id']) in letters),
    ),
  );
  const pages = Object.keys(rows['page'] ?? {}).length;
  return [
    ...(looked > mostLookedAt ? [`${String(looked)} matters without a copy`] : []),
    ...(astray.length > 0 ? [`${String(astray.length)} rows of matters that are not here`] : []),
    ...(pages > 0 ? [`${String(pages)} pages without a copy`] : []),
  ];
}
const isAstray = (row: WireRow, matters: Record<string, unknown>): boolean => 'matter_id' in row && !(String(row['matter_id']) in matters);

/** As `age` made it, all of it. */
function brokenOld(rows: Rows): string[] {
  const lines = Object.keys(rows['bill_line'] ?? {}).length;
  return lines > 0 ? [`${String(lines)} bill lines that other eyes did not see`] : [];
}

function brokenWhole(rows: Rows, standing: StandingRows): string[] {
  const missing = Object.entries(standing).flatMap(([entity, byId]) =>
    Object.entries(byId).filter(([id, row]) => !isDeepStrictEqual(rows[entity]?.[id], row)),
  );
  return missing.length > 0 ? [`${String(missing.length)} rows of the firm are not as it has them`] : [];
}

/** What was acknowledged waits in the outbox and lies on the rows, or is confirmed by the firm. */
function brokenOwn(store: Store, rows: Rows, kept: string[]): string[] {
  const confirmed = new Set(store.raw.prepare('select mutation_id from acknowledged').pluck().all() as string[]);
  const outbox = outboxOf(store);
  const waiting = new Map(outbox.map((entry) => [entry.mutation_id, entry]));
  const lost = kept.filter((id) => !confirmed.has(id) && !waiting.has(id));
  const unseen = kept.filter((id) => {
    const entry = waiting.get(id);
    return entry && rows[entry.entity]?.[entry.entity_id] === undefined;
  });
  const dead = outbox.filter(({ state }) => state !== 'waiting').length;
  return [
    ...(lost.length > 0 ? [`${String(lost.length)} of ${String(kept.length)} acknowledged changes are lost`] : []),
    ...(unseen.length > 0 ? [`${String(unseen.length)} acknowledged changes do not show`] : []),
    ...(dead > 0 ? [`${String(dead)} changes are refused`] : []),
  ];
}

/** Makes a whole copy one that other eyes saw: some rows were not to be seen, others have changed since. */
export function age(store: Store): void {
  store.raw
    .exec(`delete from bill_line; update matter set title = 'As it was', updated_at = 0 where revision > 0 and matter_id not in (select entity_id from outbox);
    update sync_state set view = '${otherEyes}'`);
}
