import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { SeenFile } from './folder-scan.ts';
import { isIgnored, look, scanFolder } from './folder-scan.ts';
import { isRemote } from './network-folder.ts';
import { createSettling, type Settling } from './settle.ts';

export type { SeenFile } from './folder-scan.ts';
export { hashFile } from './hash-file.ts';

export interface FolderEvents {
  /** A file is there and quiet. Told once per state in a run, and again for every file at each scan: the receiver forgets what it knows. */
  onFile(file: SeenFile): void;
  /** A file told before is gone, while its folder is there. */
  onMissing(relativePath: string): void;
  /** The folder cannot be reached; nothing in it is called missing. `reason` is one sentence for the person. */
  onFolderGone(reason: string): void;
  onFolderBack(): void;
  /** All files were looked at and told; what went while nobody watched is not among them. Files under `unreadable` subfolders are unknown, not missing. */
  onScanDone(present: string[], unreadable: string[]): void;
}

export interface FolderWatchOptions {
  /** A file is told after its size and time of change stayed the same this long. */
  settleMs?: number;
  /** Whether the system announces no changes of this folder, so that it is looked through every `pollMs`; found out where it is not said. */
  polling?: boolean;
  /** How often to make sure that the folder is there. */
  heartbeatMs?: number;
  /** How often to look through everything again: announcements can get lost. */
  rescanMs?: number;
  /** How often at most to look for changes where none are announced; a folder that takes long is looked through less often. */
  pollMs?: number;
}

export interface FolderWatch {
  /** Looks through the whole folder now; resolves when its files were told. */
  rescan(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Watches one case folder. The system's announcements are only hints: what is told is what was seen on disk, after it was quiet,
 * and a full scan at the start, after every return of the folder and every `rescanMs` finds what was not announced.
 */
export function watchFolder(folder: string, events: FolderEvents, options: FolderWatchOptions = {}): FolderWatch {
  const { settleMs = 1500, heartbeatMs = 5000, rescanMs = 600_000, pollMs = 10_000 } = options;
  const told = new Map<string, string>();
  let polling = options.polling ?? false;
  let watcher: FSWatcher | null = null;
  let settling: Settling | null = null;
  /** Of the last scan: a file that was changing then it still waits for. */
  let round: Settling | null = null;
  let identity = '';
  let gone = false;
  let closed = false;
  let scanning = Promise.resolve();
  let heartbeat: NodeJS.Timeout | null = null;
  let lastScanAt = 0;
  let scanTookMs = 0;
  /** Read anew after every wait: both may have changed meanwhile. */
  const isOff = (): boolean => closed || gone;

  const stateOf = (file: SeenFile): string => `${String(file.sizeBytes)}:${String(file.modifiedMs)}`;
  const quiet =
    (all: boolean) =>
    (file: SeenFile): void => {
      if (closed) return; // a look that was under way when it was closed ends now
      const state = stateOf(file);
      if (!all && told.get(file.relativePath) === state) return;
      told.set(file.relativePath, state);
      events.onFile(file);
    };
  const vanished = async (relativePath: string): Promise<void> => {
    const there = await present();
    if (there && !isOff() && told.delete(relativePath)) events.onMissing(relativePath);
    else if (!there) lose();
  };

  async function present(): Promise<string | null> {
    try {
      const stats = await stat(folder);
      return stats.isDirectory() ? `${String(stats.dev)}:${String(stats.ino)}` : null;
    } catch {
      return null;
    }
  }

  function hint(path: string): void {
    const relativePath = relative(folder, path).split(sep).join('/');
    if (relativePath === '') void beat();
    else if (!relativePath.startsWith('..') && !isIgnored(relativePath)) void settling?.notice(relativePath);
  }

  function listen(): void {
    settling = createSettling(folder, settleMs, quiet(false), vanished);
    if (polling) return;
    watcher = watch(folder, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => isIgnored(relative(folder, path).split(sep).join('/')),
      ignorePermissionErrors: true,
    });
    watcher.on('add', hint).on('change', hint).on('unlink', hint).on('unlinkDir', hint);
    watcher.on('error', (error) => {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      // The system has no more watches to give: look by ourselves instead.
      if (code !== 'ENOSPC' && code !== 'EMFILE') return;
      polling = true;
      void deafen().then(() => {
        if (!isOff()) listen();
        void rescan();
      });
    });
  }

  async function deafen(): Promise<void> {
    settling?.stop();
    settling = null;
    round?.stop();
    const old = watcher;
    watcher = null;
    await old?.close();
  }

  /** One scan after another; each tells every file anew, or only those that are not as they were told. */
  function rescan(all = true): Promise<void> {
    scanning = scanning.then(() => scan(all));
    return scanning;
  }

  async function scan(all: boolean): Promise<void> {
    if (isOff()) return;
    const began = performance.now();
    lastScanAt = began;
    let found: { paths: string[]; unreadable: string[] };
    try {
      found = await scanFolder(folder);
    } catch {
      if (!(await present())) lose();
      return;
    }
    const here = new Set(found.paths);
    const known = [...told.keys()].filter((path) => !here.has(path) && !found.unreadable.some((under) => path.startsWith(`${under}/`)));
    const wanted = all ? found.paths : await changed(found.paths);
    scanTookMs = performance.now() - began;
    const looking = createSettling(folder, settleMs, quiet(all), () => Promise.resolve());
    round?.stop();
    round = looking;
    await Promise.all([...wanted.map((path) => looking.notice(path)), ...known.map((path) => settling?.notice(path))]);
    if (isOff()) return;
    if (all) events.onScanDone(found.paths, found.unreadable);
  }

  async function changed(paths: string[]): Promise<string[]> {
    const looked = await Promise.all(paths.map((path) => look(folder, path)));
    return looked.flatMap((file) => (typeof file === 'string' || told.get(file.relativePath) === stateOf(file) ? [] : [file.relativePath]));
  }

  function lose(): void {
    if (isOff()) return;
    gone = true;
    void deafen();
    events.onFolderGone(
      'The case folder cannot be reached. It was moved, renamed or its drive is not connected; what was read before is kept.',
    );
  }

  /** Is the folder there, and is it still the same one? */
  async function beat(): Promise<void> {
    const now = await present();
    if (closed) return;
    if (!now) lose();
    else if (gone) {
      gone = false;
      identity = now;
      events.onFolderBack();
      listen();
      await rescan();
    } else if (now !== identity) await replaced(now);
    else if (performance.now() - lastScanAt > (polling ? Math.max(pollMs, 10 * scanTookMs) : rescanMs)) await rescan(!polling);
  }

  /** Another folder stands under the name: an empty one is a drive that is not connected, anything else is looked through. */
  async function replaced(now: string): Promise<void> {
    const { paths } = await scanFolder(folder).catch(() => ({ paths: [] }));
    if (isOff()) return;
    if (paths.length === 0 && told.size > 0) {
      lose();
      return;
    }
    identity = now;
    await deafen();
    if (isOff()) return;
    listen();
    await rescan();
  }

  let beating = false;
  function schedule(): void {
    heartbeat = setInterval(() => {
      if (beating) return;
      beating = true;
      void beat().finally(() => {
        beating = false;
      });
    }, heartbeatMs);
  }

  async function begin(): Promise<void> {
    const now = await present();
    if (closed) return;
    schedule();
    if (!now) {
      lose();
      return;
    }
    identity = now;
    polling ||= options.polling ?? (await isRemote(folder).catch(() => false));
    if (isOff()) return;
    listen();
    await rescan();
  }
  const begun = begin();

  return {
    async rescan() {
      await begun;
      await rescan();
    },
    async close() {
      closed = true;
      if (heartbeat) clearInterval(heartbeat);
      await deafen();
      await scanning;
    },
  };
}
