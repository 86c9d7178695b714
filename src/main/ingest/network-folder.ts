import { realpath, statfs } from 'node:fs/promises';

/** File systems whose changes by other computers the system announces to nobody (Linux's magic numbers, statfs(2)). */
const remoteTypes = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2 and 3
  0x65735546, // FUSE: sshfs, gvfs, clouds
  0x01021997, // 9P: shared folders of virtual machines
  0x786f4256, // VirtualBox shared folders
  0x5346414f, // AFS
  0x00c36400, // Ceph
]);

/** Whether a folder lies on a network share or another drive that does not tell what changes on it. Rejects where there is no such folder. */
export async function isRemote(folder: string): Promise<boolean> {
  const path = await realpath(folder); // on Windows the letter of a mapped drive becomes its share
  return isRemotePlace(process.platform, path, (await statfs(path)).type);
}

/** The same of a path without links and the type of file system that statfs tells. A Mac's plugged-in drives count as well: they cannot be told from its shares. */
export function isRemotePlace(platform: NodeJS.Platform, path: string, type: number): boolean {
  if (platform === 'win32') return path.startsWith('\\\\');
  if (platform === 'darwin') return path.startsWith('/Volumes/');
  return remoteTypes.has(type >>> 0);
}
