import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { desc, eq, isNull } from 'drizzle-orm';
import type { AppError } from '../../shared/errors.ts';
import type { MatterId, LetterId } from '../../shared/ids.ts';
import type { MatterRow } from '../../shared/matters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { folderIdentity } from '../host/folder-identity.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import { caseFolder, document, fact, letter, matter, outbox } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';

export interface Matters {
  list(): MatterRow[];
  get(matterId: string): Outcome<MatterRow>;
  /** Makes a matter of a case folder and keeps which folder it is. Errors: invalid_input, conflict (folder is a matter already). */
  create(input: { folder: string; title?: string | undefined; matterId?: string }): Promise<Outcome<MatterRow>>;
  /** Which folder on this laptop a matter's files lie in; its identity as in host/folder-identity.ts. */
  folders(): { matterId: string; folder: string; identity: string | null }[];
  titles(): string[];
  known(matterId: string): 'here' | 'deleted' | null;
  /** A folder of this laptop for a matter that has none here. Errors: not_found, conflict. */
  bind(matterId: string, folder: string, identity: string | null): Outcome<MatterRow>;
  /** The matter's folder has another path now. Errors: conflict. */
  moveFolder(matterId: string, folder: string): Outcome<Nothing>;
}

interface MattersInput {
  store: Store;
  write: Write;
  clock: Clock;
}

export function createMatters({ store, write, clock }: MattersInput): Matters {
  const { db } = store;

  function list(): MatterRow[] {
    const matters = db.select().from(matter).where(isNull(matter.deletedAt)).orderBy(desc(matter.updatedAt)).all();
    // one pass over each table, not one query a matter
    const folders = new Map(
      db
        .select()
        .from(caseFolder)
        .all()
        .map((row) => [row.matterId, row.folder]),
    );
    const documents = groupBy(
      db.select({ matterId: document.matterId, status: document.processingStatus }).from(document).where(isNull(document.deletedAt)).all(),
    );
    const facts = groupBy(
      db
        .select({
          matterId: fact.matterId,
          kind: fact.kind,
          value: fact.value,
          normal: fact.normal,
          state: fact.state,
          confidence: fact.confidence,
        })
        .from(fact)
        .where(isNull(fact.deletedAt))
        .all(),
    );
    const letters = groupBy(db.select().from(letter).where(isNull(letter.deletedAt)).orderBy(letter.createdAt).all());
    const waiting = countWaiting();
    return matters.map((row) => {
      const of = facts.get(row.matterId) ?? [];
      const newest = (letters.get(row.matterId) ?? []).at(-1);
      const files = documents.get(row.matterId) ?? [];
      return {
        matterId: row.matterId as MatterId,
        title: row.title,
        clientName: bestFact(of, 'client_name')?.value ?? null,
        defendantName: bestFact(of, 'defendant_name')?.value ?? null,
        dateOfLoss: bestFact(of, 'date_of_loss')?.normal ?? null,
        status: row.status,
        folderPath: folders.get(row.matterId) ?? null,
        documentCount: files.length,
        unreadCount: files.filter((file) => file.status !== 'read').length,
        letterId: (newest?.letterId as LetterId | undefined) ?? null,
        letterStatus: newest?.status ?? null,
        demandCents: newest?.demandCents ?? null,
        updatedAt: Math.max(row.updatedAt ?? 0, newest?.updatedAt ?? 0),
        waitingChanges: waiting.get(row.matterId) ?? 0,
      };
    });
  }

  function countWaiting(): Map<string, number> {
    const counts = new Map<string, number>();
    const entries = db
      .select({ entity: outbox.entity, id: outbox.entityId, patch: outbox.patch })
      .from(outbox)
      .where(eq(outbox.state, 'waiting'))
      .limit(5_000)
      .all();
    if (entries.length === 0) return counts;
    const letterMatter = new Map(
      db
        .select({ id: letter.letterId, matterId: letter.matterId })
        .from(letter)
        .all()
        .map((row) => [row.id, row.matterId]),
    );
    const factMatter = store.raw
      .prepare('select matter_id from fact where fact_id = ? union all select matter_id from bill_line where bill_line_id = ?')
      .pluck();
    for (const { entity, id, patch } of entries) {
      const named = patch['matter_id'] ?? letterMatter.get(entity === 'letter' ? id : String(patch['letter_id']));
      const matterId = entity === 'matter' ? id : (named ?? factMatter.get(id, id));
      if (typeof matterId === 'string') counts.set(matterId, (counts.get(matterId) ?? 0) + 1);
    }
    return counts;
  }

  function get(matterId: string): Outcome<MatterRow> {
    const row = list().find((candidate) => candidate.matterId === matterId);
    return row ? ok(row) : err({ code: 'not_found', what: 'the matter' });
  }

  const isTaken = (folder: string): boolean => db.select().from(caseFolder).where(eq(caseFolder.folder, folder)).get() !== undefined;
  const taken = (folder: string): AppError => ({
    code: 'conflict',
    what: `the folder ${basename(folder)}`,
    reason: 'It is the case folder of a matter already; open that matter.',
  });

  return {
    list,
    get,
    folders: () => db.select().from(caseFolder).all(),
    titles: () =>
      db
        .select({ title: matter.title })
        .from(matter)
        .where(isNull(matter.deletedAt))
        .all()
        .map(({ title }) => title),
    known(matterId) {
      const row = db.select({ deletedAt: matter.deletedAt }).from(matter).where(eq(matter.matterId, matterId)).get();
      return row ? (row.deletedAt === null ? 'here' : 'deleted') : null;
    },
    bind(matterId, folder, identity) {
      if (db.select().from(caseFolder).where(eq(caseFolder.matterId, matterId)).get())
        return err({ code: 'conflict', what: 'the matter', reason: 'It has a case folder on this laptop already.' });
      if (isTaken(folder)) return err(taken(folder));
      const bound = store.transaction((tx) => {
        tx.insert(caseFolder).values({ matterId, folder, addedAt: clock.now(), identity }).run();
        return ok({});
      });
      return bound.ok ? get(matterId) : bound;
    },
    moveFolder(matterId, folder) {
      if (isTaken(folder)) return err(taken(folder));
      return store.transaction((tx) => {
        tx.update(caseFolder).set({ folder }).where(eq(caseFolder.matterId, matterId)).run();
        return ok({});
      });
    },
    async create({ folder, title, matterId = freshId() }) {
      const path = resolve(folder);
      const found = await stat(path).catch(() => null);
      if (!found?.isDirectory()) {
        return err({
          code: 'invalid_input',
          what: `the folder ${basename(path)}`,
          reason: 'There is no folder of that name here. Check the path, or that the drive is connected.',
        });
      }
      if (isTaken(path)) return err(taken(path));
      const identity = await folderIdentity(path).catch(() => null);
      const made = write((change) => {
        change.insert('matter', { matterId, title: title ?? titleOf(basename(path)), status: 'Open' });
        change.db.insert(caseFolder).values({ matterId, folder: path, addedAt: clock.now(), identity }).run();
        return ok({});
      });
      return made.ok ? get(matterId) : made;
    },
  };
}

/** "rivera-v-bestvalue" -> "Rivera v. Bestvalue" */
function titleOf(folderName: string): string {
  const words = folderName.replace(/[-_]+/g, ' ').trim();
  const cased = words.replace(/\b[a-z]/g, (letterChar) => letterChar.toUpperCase()).replace(/\bV\b\.?/g, 'v.');
  return cased.slice(0, 255) || folderName;
}

const rank = { corrected: 3, approved: 2, proposed: 1, rejected: 0 } as const;

function bestFact<F extends { kind: string; state: keyof typeof rank; confidence: number }>(facts: F[], kind: string): F | undefined {
  let best: F | undefined;
  for (const candidate of facts) {
    if (candidate.kind !== kind || candidate.state === 'rejected') continue;
    if (!best || rank[candidate.state] > rank[best.state] || (candidate.state === best.state && candidate.confidence > best.confidence))
      best = candidate;
  }
  return best;
}

function groupBy<R extends { matterId: string }>(rows: R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(row.matterId);
    if (group) group.push(row);
    else groups.set(row.matterId, [row]);
  }
  return groups;
}
