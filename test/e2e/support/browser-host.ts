import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../../..');

export interface RunningBrowserHost {
  /** With this run's token. */
  url: string;
  process: ChildProcess;
  stop(): Promise<void>;
  /** kill -9, as a crash of the machine would. */
  kill(): Promise<void>;
}

/** Starts the browser host on a data folder, as `npm start -- --browser` would, without opening anybody's browser. */
export async function launchBrowserHost(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<RunningBrowserHost> {
  const child = spawn(process.execPath, [join(root, 'src/main/browser.ts'), '--no-open'], {
    cwd: root,
    env: { ...process.env, STENO_DATA_DIR: dataDir, STENO_KEYCHAIN: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const gone = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Steno is at (http:\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    child.on('exit', () => reject(new Error(`the browser host ended: ${said}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await gone;
    }
  };
  return { url, process: child, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
