import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A regular file of the case folder: path inside it with forward slashes, bytes, and its time of change in ms since 1970. */
export interface SeenFile {
  relativePath: string;
  sizeBytes: number;
  modifiedMs: number;
}

const temporary =
  /^(?:\..*|~\$.*|.*~|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|.*\.(?:tmp|temp|crdownload|part|partial|download|opdownload|lock|lck|swp|swo|laccdb|ldb))$/i;

/** Files and folders that programs leave while they work: dotfiles, Office owner files, unfinished downloads, locks. */
function isTemporary(name: string): boolean {
  return temporary.test(name);
}

/** Any part of a path inside the folder is temporary. */
export function isIgnored(relativePath: string): boolean {
  return relativePath.split('/').some((part) => part !== '' && isTemporary(part));
}

/**
 * A file as it stands now. 'gone': nothing there. 'other': a folder, a link (links leave the folder or repeat a file of it), a
 * socket or a device, or something the system does not let us see.
 */
export async function look(folder: string, relativePath: string): Promise<SeenFile | 'gone' | 'other'> {
  try {
    const stats = await lstat(join(folder, relativePath));
    return stats.isFile() ? { relativePath, sizeBytes: stats.size, modifiedMs: stats.mtimeMs } : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'other';
  }
}

/** Every readable file path in the folder, and the subfolders that could not be read: their files are unknown, not missing. */
export async function scanFolder(folder: string): Promise<{ paths: string[]; unreadable: string[] }> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const pending = [''];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const inside = at;
    const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch((error: unknown) => {
      if (inside === '') throw error;
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code !== 'ENOENT') unreadable.push(inside);
      return [];
    });
    for (const entry of entries) {
      const relativePath = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (isTemporary(entry.name)) continue;
      if (entry.isDirectory()) pending.push(relativePath);
      else if (entry.isFile()) paths.push(relativePath);
    }
  }
  return { paths: paths.toSorted(), unreadable };
}
