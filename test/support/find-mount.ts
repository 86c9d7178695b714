import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let answer: boolean | undefined;
/** Whether this machine lets us mount one (Linux, as root). */
function canMount(): boolean {
  return (answer ??= process.platform === 'linux' && process.getuid?.() === 0 && tryMount());
}
function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'steno-mount-'));
  const can = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (can) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return can;
}

/** The test files to leave out where nothing can be mounted; `npm test` names them. On CI it must be possible. */
export function withoutSmallDisk(): string[] {
  return process.env['CI'] || canMount() ? [] : ['test/main/store/full-disk.test.ts'];
}
