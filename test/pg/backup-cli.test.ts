import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { adminBackupCommands } from '../../src/main/cli/admin-backup-commands.ts';
import { copyOf, truncate } from '../support/backup-damage.ts';
import { startPrimary } from '../support/own-primary.ts';
import { runCommand } from '../support/run-command.ts';

// each brings servers up, on machines that do other things as well
vi.setConfig({ testTimeout: 90_000 });

const primary = await startPrimary('18');
const out = join(primary.folder, 'backups');
const backup = (...words: string[]) => runCommand(adminBackupCommands['admin backup'], ['--url', primary.url, ...words]);
const restore = (...words: string[]) => runCommand(adminBackupCommands['admin restore'], words);

test('a backup and its drill on the command line: progress aside, words for a person, exit code 1 when the backup is damaged', async () => {
  const planned = await backup('--out', out, '--dry-run');
  expect(planned).toMatchObject({ code: 0, said: expect.stringContaining('It would make a base backup of postgres') });
  const taken = await backup('--out', out);
  expect(taken).toMatchObject({
    code: 0,
    said: expect.stringMatching(/Fingerprint [0-9a-f]{64}/),
    progress: expect.stringMatching(/copying \d+%/),
  });
  const names = readdirSync(out);
  expect(names).toEqual([expect.stringMatching(/^\d{4}-.*Z-base$/)]); // the dry run left nothing
  const from = join(out, names[0] ?? '');
  const sound = await restore('--from', from, '--verify');
  expect(sound).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^SOUND: .*\n(.*\n)+.*tables equal/),
    progress: expect.stringContaining('comparing steno.firm'),
  });
  const cut = copyOf(from, 'cut');
  truncate(join(cut, 'base.tar'));
  expect(await restore('--from', cut, '--verify')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^DAMAGED: .*\n(.*\n)+ +base\.tar cannot be unpacked/),
  });
  const looked = await restore('--from', cut, '--to', join(primary.folder, 'new'), '--dry-run');
  expect(looked).toMatchObject({ code: 1, said: expect.stringMatching(/^base\.tar has \d+ bytes instead of \d+$/) });
  expect(readdirSync(primary.folder)).toEqual(['backups']);
});

test('restore is told exactly one way; options are checked before anything is looked at', async () => {
  const refused = { code: 1, outcome: { ok: false, error: { code: 'invalid_input' } } };
  expect(await restore('--from', out)).toMatchObject(refused);
  expect(await restore('--from', out, '--verify', '--to', 'x')).toMatchObject(refused);
  expect(await restore('--from', out, '--verify', '--until', '2026-01-01T00:00:00Z')).toMatchObject(refused);
  expect(await restore('--verify')).toMatchObject(refused);
  expect(await backup('--out', out, '--kind', 'copy')).toMatchObject(refused);
  expect(await backup()).toMatchObject(refused);
});
