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

/**
 * Whether a folder lies on a network share or another drive that does not tell what changes on it: such a folder is looked through from time to time.
 * Drives that are plugged into a Mac count as well: they cannot be told from its shares. Rejects where there is no such folder.
 */
export async function isRemote(folder: string, platform = process.platform): Promise<boolean> {
  const path = await realpath(folder); // on Windows the letter of a mapped drive becomes its share
  if (platform === 'win32') return path.startsWith('\\\\');
  if (platform === 'darwin') return path.startsWith('/Volumes/');
  return remoteTypes.has((await statfs(path)).type >>> 0);
}
