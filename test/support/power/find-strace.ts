import { spawnSync } from 'node:child_process';

let answer: boolean | undefined;

/** Whether this machine has strace and lets it look at a process. */
export function canTrace(): boolean {
  return (answer ??= spawnSync('strace', ['-o', '/dev/null', process.execPath, '--version']).status === 0);
}

/** The test files to leave out where nothing can be traced; `npm test` names them. On CI it must be possible. */
export function withoutStrace(): string[] {
  return process.env['CI'] || canTrace() ? [] : ['test/main/store/power-loss.test.ts'];
}
