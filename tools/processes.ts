import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

export interface Ran {
  code: number;
  output: string;
  ms: number;
}

/** Runs a JavaScript tool out of node_modules (or of our own) with this Node. With `show`, its output is also printed as it comes. */
export function runNode(
  script: string,
  args: string[],
  options: { show?: boolean; env?: NodeJS.ProcessEnv; wrap?: string[] } = {},
): Promise<Ran> {
  const startedAt = Date.now();
  const line = [...(options.wrap ?? []), process.execPath, join(root, script), ...args];
  const child = spawn(line[0] ?? process.execPath, line.slice(1), {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.setEncoding('utf8');
    from.on('data', (text: string) => {
      output += text;
      if (options.show) to.write(text);
    });
  }
  return new Promise((resolve) => {
    const end = (code: number) => {
      process.off('SIGTERM', forward).off('SIGINT', forward);
      resolve({ code, output, ms: Date.now() - startedAt });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** "12.3 s", aligned for a column. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(8);
}
