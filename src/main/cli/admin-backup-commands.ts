import { resolve } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { withAdmin } from '../admin/admin.ts';
import { takeBackup } from '../admin/backup/backup.ts';
import { checkFiles, readBackup } from '../admin/backup/backup-folder.ts';
import { drillBackup } from '../admin/backup/drill.ts';
import { parseTarget } from '../admin/backup/recovery.ts';
import { restoreToDatabase, restoreToFolder } from '../admin/backup/restore.ts';
import { readSource } from '../admin/backup/server-facts.ts';
import { urlOf } from './admin-input.ts';
import { drillText, tablesText } from './admin-drill-text.ts';
import { bytesText } from './admin-status-text.ts';
import type { Command, CommandInput } from './command.ts';

/** Folders are meant from where the person stands, which `npm run` is not. */
function folderOf(input: CommandInput, name: string): string | undefined {
  const given = input.options[name];
  return given === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', given);
}

function missing(option: string, reason: string): Outcome<never> {
  return err({ code: 'invalid_input', what: option, reason });
}

function withPgBin(input: CommandInput): { pgBin?: string } {
  const pgBin = folderOf(input, 'pg-bin');
  return pgBin === undefined ? {} : { pgBin };
}

const backup: Command['run'] = async (input) => {
  const out = folderOf(input, 'out');
  const kind = input.options['kind'] ?? 'base';
  if (out === undefined) return missing('--out', 'Name the folder in which backups are kept; each gets a folder of its own there.');
  if (kind !== 'base' && kind !== 'dump') return missing('--kind', 'It is base (a copy of the files, point-in-time) or dump (pg_dump).');
  const url = urlOf(input);
  return withAdmin<unknown>(url, async (admin) => {
    if (input.dryRun) {
      const source = await readSource(admin, kind);
      if (!source.ok) return source;
      input.say(`It would make a ${kind} backup of ${source.value.database} on Postgres ${source.value.server.version} in ${out}.`);
      return ok({ wouldBackUp: source.value.database, kind, out });
    }
    const taken = await takeBackup(admin, { url, out, kind, ...withPgBin(input), onProgress: input.progress });
    if (!taken.ok) return taken;
    const { folder, sizeBytes, rows, ms, fingerprint } = taken.value;
    input.say(`${folder}: ${bytesText(sizeBytes)}, ${String(rows)} rows recorded, ${(ms / 1000).toFixed(1)} s.`);
    input.say(
      `Fingerprint ${fingerprint}. It holds client data: keep it encrypted, and off this machine. Try it: steno admin restore --from ${folder} --verify`,
    );
    return taken;
  });
};

const restore: Command['run'] = async (input) => {
  const [from, to, scratch, wal] = [folderOf(input, 'from'), folderOf(input, 'to'), folderOf(input, 'scratch'), folderOf(input, 'wal')];
  if (from === undefined) return missing('--from', 'Name the folder of one backup.');
  const ways = [input.flags.has('verify'), to !== undefined, input.options['url'] !== undefined].filter(Boolean).length;
  if (ways !== 1)
    return missing(
      'the command',
      'Say one of --verify (a drill), --to FOLDER (of a base backup), --url URL (an empty database, of a dump).',
    );
  const recovery = parseTarget(wal, input.options['until']);
  if (!recovery.ok) return recovery;
  if (input.dryRun) return lookOnly(from, input);
  const options = { from, ...withPgBin(input), onProgress: input.progress };
  if (input.flags.has('verify')) {
    const drilled = await drillBackup({ ...options, recovery: recovery.value, ...(scratch !== undefined && { scratch }) });
    if (!drilled.ok) return drilled;
    input.say(drillText(drilled.value));
    if (drilled.value.verdict !== 'sound') process.exitCode = 1;
    return drilled;
  }
  if (to !== undefined) {
    const restored = await restoreToFolder(to, { ...options, recovery: recovery.value });
    if (restored.ok) {
      const { folder, major, lacksConfiguration } = restored.value;
      input.say(
        `${folder} is ready for Postgres ${String(major)}: give it to the account that runs the server (chown -R postgres), then start it on it.`,
      );
      if (lacksConfiguration)
        input.say(
          'The firm keeps postgresql.conf and pg_hba.conf elsewhere (Debian: /etc/postgresql): put copies of them there, or name them.',
        );
    }
    return restored;
  }
  const url = urlOf(input);
  return withAdmin(url, async (admin) => {
    const loaded = await restoreToDatabase(admin, { ...options, url });
    if (!loaded.ok) return loaded;
    input.say(tablesText(loaded.value.tables));
    input.say('Roles came without passwords: set the laptops’ with steno admin client-password.');
    if (loaded.value.tables.some(({ verdict }) => verdict !== 'equal')) process.exitCode = 1;
    return loaded;
  });
};

async function lookOnly(from: string, input: CommandInput): Promise<Outcome<unknown>> {
  const record = await readBackup(from);
  if (!record.ok) return record;
  const problems = await checkFiles(from, record.value, (name) => input.progress(`checking ${name}`));
  input.say(problems.length === 0 ? 'Its files are as they were written; nothing was restored.' : problems.join('\n'));
  if (problems.length > 0) process.exitCode = 1;
  return ok({ kind: record.value.kind, startedAt: record.value.startedAt, problems });
}

export const adminBackupCommands: Record<string, Command> = {
  'admin backup': {
    usage: ['--url URL --out FOLDER [--kind base|dump] [--pg-bin FOLDER]', 'a backup with the hashes of its files and rows'],
    options: ['url', 'out', 'kind', 'pg-bin'],
    run: backup,
  },
  'admin restore': {
    usage: [
      '--from FOLDER (--verify [--scratch FOLDER] | --to FOLDER | --url URL) [--wal FOLDER [--until TIME]] [--pg-bin FOLDER]',
      'a drill in a throwaway server, a data directory, or an empty database; every row is compared',
    ],
    options: ['from', 'to', 'url', 'wal', 'until', 'scratch', 'pg-bin'],
    flags: ['verify'],
    run: restore,
  },
};
