import { randomBytes } from 'node:crypto';
import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Clock, Log } from './host.ts';

const MAX_BYTES = 5_000_000;

/** Where an error was thrown, without its message: messages may carry what the user typed or a file says. */
function whereabouts(error: unknown): { name: string; code: string | null; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, code: null, at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, code, at: frames.slice(0, 12).map((line) => line.trim()) };
}

/** One JSON object per line; the file before the current one is kept, so the log never grows past twice its cap. */
export function createFileLog(file: string, clock: Clock, maxBytes = MAX_BYTES): Log {
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const write = (entry: Record<string, unknown>) => {
    const line = `${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...entry })}\n`;
    try {
      if (bytes > 0 && bytes + line.length > maxBytes) {
        renameSync(file, `${file}.1`);
        bytes = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      bytes += Buffer.byteLength(line);
    } catch {
      // A full disk must not stop the work whose success is being logged.
    }
  };
  return {
    info: (event, fields = {}) => write({ event, ...fields }),
    bug: (event, error) => {
      const reference = randomBytes(4).toString('hex');
      write({ event, reference, ...whereabouts(error) });
      return reference;
    },
  };
}
