import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { eq, isNull } from 'drizzle-orm';
import type { AppError } from '../../shared/errors.ts';
import type { MatterRow } from '../../shared/matters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { folderIdentity } from '../host/folder-identity.ts';
import type { Clock } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import { caseFolder, matter } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';
import { matterRows } from './matter-rows.ts';

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

  function get(matterId: string): Outcome<MatterRow> {
    const [row] = matterRows(store, matterId);
    return row ? ok(row) : err({ code: 'not_found', what: 'the matter' });
  }

  const isTaken = (folder: string): boolean => db.select().from(caseFolder).where(eq(caseFolder.folder, folder)).get() !== undefined;
  const taken = (folder: string): AppError => ({
    code: 'conflict',
    what: `the folder ${basename(folder)}`,
    reason: 'It is the case folder of a matter already; open that matter.',
  });

  return {
    list: () => matterRows(store),
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
