import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ok, type Outcome } from '../../shared/result.ts';
import { startOwnServer, withAdmin } from '../admin/admin.ts';
import { verifyIsolation, type IsolationReport } from '../admin/isolation/isolation.ts';
import { reportText } from '../admin/isolation/report.ts';
import type { Log } from '../host/host.ts';
import { urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';

const verify: Command['run'] = async (input) => {
  const checked = input.flags.has('embedded') ? await onThrowawayServer(input) : await onServer(urlOf(input), input);
  if (!checked.ok) return checked;
  const text = reportText(checked.value);
  input.say(text);
  const out = input.options['out'];
  if (out !== undefined) await writeFile(resolve(process.env['INIT_CWD'] ?? '.', out), `${text}\n`);
  if (checked.value.verdict !== 'isolated') process.exitCode = 1;
  return ok(checked.value);
};

function onServer(url: string, { progress }: CommandInput): Promise<Outcome<IsolationReport>> {
  return withAdmin(url, (admin) => verifyIsolation(admin, progress));
}

const silent = (): void => undefined;
const noLog: Log = { info: silent, bug: () => '' };

async function onThrowawayServer(input: CommandInput): Promise<Outcome<IsolationReport>> {
  input.progress('starting a throwaway Postgres');
  const server = await startOwnServer({ dataDir: null, durable: false, log: noLog });
  try {
    return await onServer(server.adminUrl, input);
  } finally {
    await server.stop();
  }
}

export const adminIsolationCommands: Record<string, Command> = {
  'admin verify-isolation': {
    usage: [
      '--url URL | --embedded [--out FILE]',
      'try to reach one firm’s rows from everywhere else; a report to file; nothing is left behind',
    ],
    options: ['url', 'out'],
    flags: ['embedded'],
    run: verify,
  },
};
