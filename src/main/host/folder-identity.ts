import { stat } from 'node:fs/promises';

/**
 * What a folder keeps when it is renamed, and what whoever looks at it over a network sees alike: its number and its time of birth, in ms.
 * Null where its file system does not tell both. Rejects where there is no such folder.
 */
export async function folderIdentity(path: string): Promise<string | null> {
  const { ino, birthtimeMs } = await stat(path, { bigint: true });
  return ino > 0n && birthtimeMs > 0n ? `${String(ino)}:${String(birthtimeMs)}` : null;
}
