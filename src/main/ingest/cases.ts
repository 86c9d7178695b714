import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { eq } from 'drizzle-orm';
import type { CasesView, DecideCase } from '../../shared/matters.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { folderIdentity } from '../host/folder-identity.ts';
import { idOf } from '../host/ids.ts';
import type { Matters } from '../matters/matters.ts';
import { casesFolder, casesSubfolder } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { isIgnored } from './folder-scan.ts';
import { isRemote } from './network-folder.ts';

export interface Cases {
  view(): CasesView;
  /** Sub-folders with files in them that are no matters. */
  count(folder: string): Promise<number>;
  /** Errors: invalid_input (no such folder), conflict (a case folder, or within one, or there already). */
  add(input: { folder: string; withPresent: boolean }): Promise<Outcome<CasesView>>;
  remove(folder: string): Outcome<CasesView>;
  /** Errors: not_found, conflict, invalid_input. */
  decide(input: DecideCase): Promise<Outcome<CasesView>>;
  /** Looks through the folders now, and from now on. */
  start(): void;
  /** Looks through the folders once. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface CasesInput {
  store: Store;
  matters: Pick<Matters, 'list' | 'titles' | 'folders' | 'known' | 'create' | 'bind' | 'moveFolder'>;
  mayWrite: boolean;
  now(): number;
  /** A matter has a case folder now, or another than before. */
  onFolder(matterId: string, folder: string): void;
  /** What `view` says is another. */
  onChanged(): void;
  onBug(error: unknown): void;
  /** How often to look, ms: one folder's names, and no look while the last one is under way. */
  everyMs?: number;
  isShared?(folder: string): Promise<boolean>;
}

/** As many entries are looked at to find whether a folder holds a file at all. */
const mostLookedAt = 5_000;

/**
 * Each new sub-folder of a cases folder is a new matter, from the first file in it. A renamed one stays its matter's. One that may be a matter which
 * is here already is asked about: two clients are never made one, and one is not made two.
 * On a share the matter's id is made of what the folder is for everybody, so that two laptops which see it appear make one matter of it.
 */
export function createCases(input: CasesInput): Cases {
  const { store, matters, mayWrite, now, everyMs = 5_000, isShared = isRemote } = input;
  const { db } = store;
  const unreachable = new Set<string>();
  /** What the last look saw: a folder that is being made or renamed has its name for longer than a moment. */
  let seen = new Set<string>();
  let stopped = false;
  /** Read anew after every wait. */
  const isStopped = (): boolean => stopped;
  let looking = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const folders = (): string[] =>
    db
      .select()
      .from(casesFolder)
      .orderBy(casesFolder.folder)
      .all()
      .map(({ folder }) => folder);
  const fates = (): Map<string, 'left' | 'asked'> =>
    new Map(
      db
        .select()
        .from(casesSubfolder)
        .all()
        .map(({ path, fate }) => [path, fate]),
    );
  function note(path: string, fate: 'left' | 'asked'): void {
    const row = { fate, notedAt: now() };
    db.insert(casesSubfolder)
      .values({ path, ...row })
      .onConflictDoUpdate({ target: casesSubfolder.path, set: row })
      .run();
  }

  function view(): CasesView {
    const likes = new Map(matters.list().map((matter) => [plain(matter.title), matter]));
    return {
      folders: folders().map((folder) => ({ folder, isReachable: !unreachable.has(folder) })),
      asked: [...fates()]
        .filter(([, fate]) => fate === 'asked')
        .map(([path]) => {
          const like = likes.get(plain(basename(path)));
          return {
            path,
            name: basename(path),
            like: like?.folderPath === null ? { matterId: like.matterId, title: like.title } : null,
          };
        }),
    };
  }

  /** Paths of the sub-folders that may be matters; rejects where the folder cannot be read. */
  async function subfolders(folder: string): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !isIgnored(entry.name)).map(({ name }) => join(folder, name));
  }

  async function lookOnce(): Promise<void> {
    const before = seen;
    const present = new Set<string>();
    let isNews = false;
    for (const folder of folders()) {
      const paths = await subfolders(folder).catch(() => null);
      if (isStopped()) return;
      if (unreachable.has(folder) === (paths !== null)) {
        if (paths) unreachable.delete(folder);
        else unreachable.add(folder);
        isNews = true;
      }
      for (const path of paths ?? []) present.add(path);
      const fate = fates();
      const taken = new Set(matters.folders().map((one) => one.folder));
      for (const path of paths ?? []) {
        if (isStopped()) return;
        if (!before.has(path) || fate.has(path) || taken.has(path) || !(await holdsFile(path))) continue;
        if (await take(folder, path)) isNews = true;
      }
    }
    // a name that is free again says nothing of the folder that will have it next
    for (const path of fates().keys()) {
      const folder = dirname(path);
      if (unreachable.has(folder) || present.has(path) || !folders().includes(folder)) continue;
      db.delete(casesSubfolder).where(eqPath(path)).run();
      isNews = true;
    }
    seen = present;
    if (isNews) input.onChanged();
  }

  /** Makes a folder the matter's that it is, or asks. False where it vanished, or is to be looked at again. */
  async function take(folder: string, path: string): Promise<boolean> {
    const identity = await folderIdentity(path).catch(() => undefined);
    if (identity === undefined) return false;
    const known = matters.folders();
    const same = identity === null ? undefined : known.find((one) => one.identity === identity);
    if (same) {
      if (!(await isThere(same.folder))) return follow(same.matterId, path);
      note(path, 'left'); // another name of a folder that is watched
      return true;
    }
    // its file system tells nothing by which a renamed folder is known again
    if (identity === null) for (const one of known) if (dirname(one.folder) === folder && !(await isThere(one.folder))) return ask(path);
    const matterId = await everybodysId(path, identity);
    const here = matterId === null ? null : matters.known(matterId);
    if (here === 'deleted') note(path, 'left');
    else if (here !== null && matterId !== null) {
      if (!matters.bind(matterId, path, identity).ok) return ask(path);
      input.onFolder(matterId, path);
    } else if (matters.titles().some((title) => plain(title) === plain(basename(path)))) return ask(path);
    else return make(path, matterId);
    return true;
  }
  /** The matter's id where others see the folder too; null where it is this laptop's own. */
  async function everybodysId(path: string, identity: string | null): Promise<string | null> {
    const isEverybodys = identity !== null && (await isShared(dirname(path)).catch(() => false));
    return isEverybodys ? idOf('case folder', basename(path).toLowerCase(), identity) : null;
  }
  function ask(path: string): boolean {
    note(path, 'asked');
    return true;
  }
  function follow(matterId: string, path: string): boolean {
    if (!matters.moveFolder(matterId, path).ok) return false;
    input.onFolder(matterId, path);
    return true;
  }
  async function make(path: string, matterId: string | null): Promise<boolean> {
    const made = await matters.create({ folder: path, ...(matterId !== null && { matterId }) });
    if (!made.ok) return false;
    input.onFolder(made.value.matterId, path);
    return true;
  }

  let hasFailed = false;
  function look(): Promise<void> {
    looking = looking.then(async () => {
      if (isStopped() || !mayWrite) return;
      try {
        await lookOnce();
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) input.onBug(error); // a store that cannot be read is looked at again and again, and told once
        hasFailed = true;
      }
    });
    return looking;
  }
  let isLooking = false;
  function lookAgain(): void {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }

  return {
    view,
    look,
    start() {
      timer = setInterval(lookAgain, everyMs);
      lookAgain();
    },
    async count(folder) {
      const taken = new Set(matters.folders().map((one) => one.folder));
      const paths = await subfolders(resolve(folder)).catch(() => []);
      return (await holding(paths.filter((path) => !taken.has(path)))).length;
    },
    async add({ folder, withPresent }) {
      const path = resolve(folder);
      const present = await subfolders(path).catch(() => null);
      if (!present)
        return err({
          code: 'invalid_input',
          what: `the folder ${basename(path)}`,
          reason: 'There is no folder of that name here. Check the path, or that the drive is connected.',
        });
      const around = matters.folders().find((one) => one.folder === path || isWithin(path, one.folder));
      if (around)
        return err({
          code: 'conflict',
          what: `the folder ${basename(path)}`,
          reason: `It belongs to the case folder ${around.folder}; choose the folder in which your case folders lie.`,
        });
      const held = withPresent ? [] : await holding(present);
      const added = store.transaction((tx) => {
        tx.insert(casesFolder).values({ folder: path, addedAt: now() }).onConflictDoNothing().run();
        if (!withPresent) for (const one of held) note(one, 'left');
        return ok({});
      });
      if (!added.ok) return added;
      seen = new Set([...seen, ...present]); // those are not being made just now
      input.onChanged();
      void look();
      return ok(view());
    },
    remove(folder) {
      const removed = store.transaction(() => {
        store.raw.prepare('delete from cases_folder where folder = ?').run(folder);
        for (const path of fates().keys()) if (dirname(path) === folder) db.delete(casesSubfolder).where(eqPath(path)).run();
        return ok({});
      });
      if (!removed.ok) return removed;
      unreachable.delete(folder);
      input.onChanged();
      return ok(view());
    },
    async decide(decision) {
      const { path } = decision;
      if (fates().get(path) !== 'asked') return err({ code: 'not_found', what: 'the question about this folder' });
      if (decision.decision === 'leave') note(path, 'left');
      else {
        const identity = await folderIdentity(path).catch(() => null);
        // what a colleague called new meanwhile is the same matter
        const matterId = decision.decision === 'same' ? decision.matterId : await everybodysId(path, identity);
        const isHere = matterId !== null && matters.known(matterId) !== null;
        const outcome = isHere
          ? matters.bind(matterId, path, identity)
          : await matters.create({ folder: path, ...(matterId !== null && { matterId }) });
        if (!outcome.ok) return outcome;
        db.delete(casesSubfolder).where(eqPath(path)).run();
        input.onFolder(outcome.value.matterId, path);
      }
      input.onChanged();
      return ok(view());
    },
    async stop() {
      stopped = true;
      if (timer) clearInterval(timer);
      await looking;
    },
  };
}

const eqPath = (path: string) => eq(casesSubfolder.path, path);

/** "rivera-v-bestvalue" and "Rivera v. Bestvalue" are one name. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/** Whether there is a file in it, at any depth, that is no program's own. A folder of so many folders that none is found in time has none yet. */
async function holdsFile(folder: string): Promise<boolean> {
  const pending = [folder];
  let left = mostLookedAt;
  for (let at = pending.shift(); at !== undefined && left > 0; at = pending.shift()) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    left -= entries.length;
    for (const entry of entries) {
      if (isIgnored(entry.name)) continue;
      if (entry.isFile()) return true;
      if (entry.isDirectory()) pending.push(join(at, entry.name));
    }
  }
  return false;
}

async function holding(paths: string[]): Promise<string[]> {
  const held = await Promise.all(paths.map(holdsFile));
  return paths.filter((_path, n) => held[n]);
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null))?.isDirectory() ?? false;
}
