import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRemote, isRemotePlace } from '../../../src/main/ingest/network-folder.ts';
import { testFolder } from '../../support/laptop.ts';

test.each([
  ['a Windows share', 'win32', '\\\\server\\cases\\Rivera', 0, true],
  ['a Windows drive', 'win32', 'C:\\cases', 0x6969, false],
  ['a share of a Mac', 'darwin', '/Volumes/cases', 0x1a, true],
  ['a Mac itself', 'darwin', '/Users/dana/cases', 0x1a, false],
  ['NFS', 'linux', '/mnt/cases', 0x6969, true],
  ['SMB, whose number statfs gives as a negative one', 'linux', '/mnt/cases', 0xfe534d42 | 0, true],
  ['ext4', 'linux', '/mnt/cases', 0xef53, false],
] as const)('%s announces what changes on it, or does not', (_what, platform, path, type, remote) => {
  expect(isRemotePlace(platform, path, type)).toBe(remote);
});

test('of a folder that is not there nothing can be said; one of this machine is none', async () => {
  expect(await isRemote(testFolder())).toBe(false);
  await expect(isRemote(join(testFolder(), 'nowhere'))).rejects.toThrow(/ENOENT/);
});
