import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';

/** What somebody wrote and the firm refused, as a program and as a person read it. */
export interface KeptWork {
  name: string;
  json: string;
  text: string;
}

/** Writes both files side by side under names that nothing has yet; never in part under the right name. Errors: full, provider_failed. */
export async function writeKeptWork(folder: string, { name, json, text }: KeptWork): Promise<Outcome<{ folder: string; files: string[] }>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let attempt = 1; ; attempt += 1) {
      const files = ['txt', 'json'].map((ending) => `${name}${attempt === 1 ? '' : ` (${String(attempt)})`}.${ending}`);
      const isWritten = await writeBoth(folder, files, [text, json]);
      if (isWritten) return ok({ folder, files });
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return err({
        code: 'full',
        what: 'the saved copy',
        reason: 'Free some disk space and save again; what you wrote is still in Steno.',
      });
    const reason = `The exports folder cannot be written (${code}). Check that it exists and is yours; what you wrote is still in Steno.`;
    return err({ code: 'provider_failed', what: 'writing the saved copy', reason });
  }
}

async function writeBoth(folder: string, files: string[], contents: string[]): Promise<boolean> {
  for (const [index, file] of files.entries()) {
    try {
      await writeFile(join(folder, file), contents[index] ?? '', { flag: 'wx', mode: 0o600, flush: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }
  return true;
}
