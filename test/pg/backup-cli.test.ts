import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOf, truncate } from '../support/backup-damage.ts';
import { startPrimary } from '../support/own-primary.ts';

const primary = await startPrimary('18');
const out = join(primary.folder, 'backups');

function steno(...words: string[]): { code: number | null; json: unknown; said: string } {
  const ran = spawnSync(process.execPath, [join(import.meta.dirname, '../../src/main/cli.ts'), 'admin', ...words, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, STENO_ADMIN_URL: primary.url },
  });
  return { code: ran.status, json: JSON.parse(ran.stdout || 'null'), said: ran.stderr };
}

test('a backup and its drill on the command line: progress aside, JSON, exit code 1 when the backup is damaged', () => {
  expect(steno('backup', '--out', out, '--dry-run')).toMatchObject({ code: 0, json: { wouldBackUp: 'postgres', kind: 'base' } });
  const taken = steno('backup', '--out', out);
  expect(taken).toMatchObject({
    code: 0,
    json: { kind: 'base', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    said: expect.stringMatching(/copying \d+%/),
  });
  const [name = ''] = readdirSync(out);
  const from = join(out, name);
  const sound = steno('restore', '--from', from, '--verify');
  expect(sound).toMatchObject({ code: 0, json: { verdict: 'sound' }, said: expect.stringContaining('comparing steno.firm') });
  const cut = copyOf(from, 'cut');
  truncate(join(cut, 'base.tar'));
  expect(steno('restore', '--from', cut, '--verify')).toMatchObject({ code: 1, json: { verdict: 'damaged' } });
  expect(steno('restore', '--from', cut, '--to', join(primary.folder, 'new'), '--dry-run')).toMatchObject({
    code: 1,
    json: { problems: [expect.stringMatching(/^base\.tar has \d+ bytes instead of \d+$/)] },
  });
});

test('restore is told one way, and never takes the address of the server from the environment', () => {
  const refused = { code: 1, json: { error: { code: 'invalid_input' } } };
  expect(steno('restore', '--from', out)).toMatchObject(refused);
  expect(steno('restore', '--from', out, '--verify', '--to', 'x')).toMatchObject(refused);
  expect(steno('restore', '--from', out, '--verify', '--until', '2026-01-01T00:00:00Z')).toMatchObject(refused);
  expect(steno('backup', '--out', out, '--kind', 'copy')).toMatchObject(refused);
  expect(steno('backup')).toMatchObject(refused);
});
