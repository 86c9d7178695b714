import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { hashFile } from '../../../src/main/ingest/hash-file.ts';
import { hashOf } from '../../support/files.ts';
import { testFolder } from '../../support/laptop.ts';

type Step = (() => Promise<void>) | null;
/** What happens between looking at a file and opening it, once it is open, and the flags that are taken away from it. */
const race = vi.hoisted(() => ({ atOpen: null as Step, onceOpen: null as Step, withoutFlags: 0 }));
vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  return {
    ...real,
    open: async (path, flags) => {
      await race.atOpen?.();
      const file = await real.open(path, Number(flags) & ~race.withoutFlags);
      await race.onceOpen?.();
      return file;
    },
  };
});

let [folder, path, secret] = ['', '', ''];
beforeEach(async () => {
  Object.assign(race, { atOpen: null, onceOpen: null, withoutFlags: 0 });
  folder = join(testFolder(), freshId());
  path = join(folder, 'Bills', 'bill.txt');
  secret = join(testFolder(), `${freshId()}.txt`);
  await mkdir(join(folder, 'Bills'), { recursive: true });
  await writeFile(path, 'a bill');
  await writeFile(secret, 'secret');
});
const swapIn = async (): Promise<void> => {
  await rename(path, `${path}.old`);
  await symlink(secret, path);
};

test('a file of the folder is read', async () => {
  expect(await hashFile(path, { within: folder })).toMatchObject({
    ok: true,
    value: { hash: hashOf(Buffer.from('a bill')), sizeBytes: 6 },
  });
});

test.each([
  ['where the system refuses to follow links', 0],
  ['where it has no such flag', constants.O_NOFOLLOW],
])('a link that takes a file’s place at the last moment is not followed, %s', async (_where, withoutFlags) => {
  race.withoutFlags = withoutFlags;
  race.atOpen = swapIn;
  const pieces: string[] = [];
  const hashed = await hashFile(path, { onPiece: (piece) => Promise.resolve(void pieces.push(Buffer.from(piece).toString())) });
  expect([hashed, pieces]).toMatchObject([{ ok: false, error: { code: 'conflict' } }, []]);
  race.atOpen = null;
  expect(await hashFile(path)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  // control: whoever opens it by its name reads what lies elsewhere
  expect(await readFile(path, 'utf8')).toBe('secret');
});

test('nor is one that is gone again when the file was read', async () => {
  race.withoutFlags = constants.O_NOFOLLOW;
  race.atOpen = swapIn;
  race.onceOpen = () => rename(`${path}.old`, path);
  expect(await hashFile(path)).toMatchObject({ ok: false, error: { code: 'conflict' } });
});

test('a folder on the way that became a link leads nowhere', async () => {
  const elsewhere = join(testFolder(), freshId());
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'bill.txt'), 'secret');
  await rename(join(folder, 'Bills'), join(folder, 'Old'));
  await symlink(elsewhere, join(folder, 'Bills'));
  expect(await hashFile(path, { within: folder })).toMatchObject({ ok: false, error: { code: 'not_found' } });
  expect(await hashFile(path)).toMatchObject({ ok: true }); // control
});

test('nor does a pipe that took the file’s place keep anybody waiting', async () => {
  race.atOpen = async () => {
    await rm(path);
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
  };
  expect(await hashFile(path)).toMatchObject({ ok: false, error: { code: 'conflict' } });
});
