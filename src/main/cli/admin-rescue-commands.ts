import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { withAdmin } from '../admin/admin.ts';
import { importRescued, type Imported } from '../admin/rescue-import.ts';
import { writeNew } from '../admin/signing-key.ts';
import { withStoreRescue } from '../rescue/open-store-rescue.ts';
import { readRescue, type Rescued } from '../rescue/read-rescue.ts';
import { unlockSecret } from '../rescue/seal.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';
import { PathFromHere } from './provision-options.ts';
import { rescueText } from './rescue-text.ts';

type Input = Pick<CommandInput, 'rest' | 'options' | 'dryRun' | 'say'>;

const Common = z.object({ key: PathFromHere, store: PathFromHere.optional() });
const Open = Common.extend({
  out: PathFromHere.refine(
    (path) => !existsSync(path),
    'There is such a folder, and it was left as it is. Choose another name.',
  ).optional(),
});
const Import = Common.extend({ slug: FirmSlug });

/** What --json prints of `open`. */
export interface OpenedRescue {
  about: Rescued['about'];
  counts: Rescued['counts'];
  files: { name: string; sha256: string; isWhole: boolean }[];
  out: string | null;
}

/** Opens the file, or the copy, that the command names. */
async function withRescued<T>(
  { rest, options }: Input,
  { key, store }: z.output<typeof Common>,
  readSecret: () => Promise<string>,
  work: (path: string, secret: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const [, file] = rest;
  if ((file === undefined) === (options['store'] === undefined))
    return err({ code: 'invalid_input', what: 'the command', reason: 'Name the rescue file, or with --store the folder of a copy.' });
  const locked = await readFile(key).catch(() => null);
  if (locked === null) return err({ code: 'invalid_input', what: '--key', reason: 'There is no such file.' });
  const unlocked = await unlockSecret(locked, await readSecret());
  if (!unlocked.ok) return unlocked;
  const { secret } = unlocked.value;
  if (store !== undefined) return withStoreRescue(store, secret, Date.now(), work);
  return work(resolve(process.env['INIT_CWD'] ?? '.', file ?? ''), secret);
}

async function open(input: Input, readSecret: () => Promise<string>): Promise<Outcome<OpenedRescue>> {
  const parsed = parse(Open, input.options);
  if (!parsed.ok) return parsed;
  const out = input.dryRun ? null : (parsed.value.out ?? null);
  return withRescued<OpenedRescue>(input, parsed.value, readSecret, async (path, secret) => {
    if (out !== null) await mkdir(out, { recursive: true, mode: 0o700 });
    const hashed = out === null ? null : join(out, 'files');
    const read = await readRescue(path, secret, hashed);
    if (!read.ok) return read;
    const { about, counts, files } = read.value;
    const text = rescueText(read.value);
    if (out !== null && hashed !== null) {
      for (const [n, { name, sha256 }] of files.entries())
        await rename(join(hashed, sha256), join(hashed, `${String(n + 1)} ${safeName(name)}`)).catch(() => undefined); // twice the same file
      for (const [name, content] of [['rescue.txt', text] as const, ['rescue.json', `${JSON.stringify(read.value, null, 2)}\n`] as const]) {
        const written = await writeNew('--out', join(out, name), content, 0o600);
        if (!written.ok) return written;
      }
      input.say(`All of it is in ${out}, readable by you only: it is client data in the clear.\n`);
    }
    input.say(text);
    return ok({ about, counts, files: files.map(({ name, sha256, isWhole }) => ({ name, sha256, isWhole })), out });
  });
}

async function importWork(input: Input, readSecret: () => Promise<string>): Promise<Outcome<Imported | { would: number }>> {
  const parsed = parse(Import, input.options);
  if (!parsed.ok) return parsed;
  return withRescued<Imported | { would: number }>(input, parsed.value, readSecret, async (path, secret) => {
    const read = await readRescue(path, secret);
    if (!read.ok) return read;
    if (input.dryRun) return ok({ would: read.value.changes.length });
    return withAdmin<Imported>(urlOf(input), async (admin) => {
      const done = await importRescued(admin, parsed.value.slug, read.value);
      if (done.ok) input.say(importedWords(done.value, read.value));
      return done;
    });
  });
}

function importedWords({ proposed, known, left }: Imported, { about, files }: Rescued): string {
  const who = about.author?.email ?? '';
  return [
    `${String(proposed)} changes wait as proposals of ${who} in the inbox of who may decide.`,
    ...(known > 0 ? [`${String(known)} the firm had already.`] : []),
    ...(left > 0 ? [`${String(left)} are no proposals; 'admin rescue open' shows them.`] : []),
    ...(files.length > 0
      ? [`${String(files.length)} files are not imported: 'admin rescue open --out FOLDER' writes them, to be put into their case folder.`]
      : []),
  ].join('\n');
}

/** `admin rescue open|import`. */
export async function rescue(input: Input, readSecret = readPassword): Promise<Outcome<OpenedRescue | Imported | { would: number }>> {
  switch (input.rest[0]) {
    case 'open':
      return open(input, readSecret);
    case 'import':
      return importWork(input, readSecret);
    default:
      return err({ code: 'invalid_input', what: 'the command', reason: 'Say open or import.' });
  }
}

/** What a laptop called a file, as a name that leads nowhere else. */
function safeName(name: string): string {
  return (
    name
      .replace(/[<>:"/\\|?*\p{Cc}]/gu, ' ')
      .replace(/^[. ]+|[. ]+$/g, '')
      .slice(0, 120) || 'file'
  );
}

export const adminRescueCommands: Record<string, Command> = {
  'admin rescue': {
    usage: [
      'open FILE|--store FOLDER --key KEYFILE [--out FOLDER] | import FILE|--store FOLDER --key KEYFILE --url URL --slug SLUG',
      'work that a laptop could not hand over: read it, or put it before its colleagues as proposals; the key’s passphrase on standard input',
    ],
    options: ['key', 'store', 'out', 'url', 'slug'],
    run: (input) => rescue(input),
  },
};
