import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRemote } from '../../../src/main/ingest/network-folder.ts';
import { testFolder } from '../../support/laptop.ts';

test('a folder of this machine is told apart from one whose changes nobody announces', async () => {
  expect(await isRemote(testFolder())).toBe(false);
  // a file system of this kernel's own that announces nothing is none of those, either
  if (process.platform === 'linux') expect(await isRemote('/proc')).toBe(false);
  expect(await isRemote(testFolder(), 'darwin')).toBe(false);
  expect(await isRemote(testFolder(), 'win32')).toBe(false);
});

test('a link is followed to where the files are', async () => {
  const link = join(testFolder(), 'cases');
  symlinkSync('/proc/self', link);
  expect(await isRemote(link)).toBe(false);
});

test('of a folder that is not there nothing can be said', async () => {
  await expect(isRemote(join(testFolder(), 'nowhere'))).rejects.toThrow(/ENOENT/);
});
