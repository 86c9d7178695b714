import { parseArgs } from 'node:util';
import { explain } from '../shared/errors.ts';
import { adminAuditCommands } from './cli/admin-audit-command.ts';
import { adminCommands } from './cli/admin-commands.ts';
import { adminFileStoreCommands } from './cli/admin-file-store-command.ts';
import { adminEscrowCommands } from './cli/admin-escrow-commands.ts';
import { adminIsolationCommands } from './cli/admin-isolation-command.ts';
import { adminPeopleCommands } from './cli/admin-people-commands.ts';
import { adminServerCommands } from './cli/admin-server-commands.ts';
import { adminProvisionCommands } from './cli/admin-provision-command.ts';
import { adminRescueCommands } from './cli/admin-rescue-commands.ts';
import { caseCommands } from './cli/case-commands.ts';
import { demo } from './cli/demo.ts';
import { evalCommand } from './cli/eval-command.ts';
import { lintCommand } from './cli/lint-command.ts';
import { adminUpkeepCommands } from './cli/admin-upkeep-commands.ts';
import { syncCommands } from './cli/sync-commands.ts';
import type { Command } from './cli/command.ts';

const commands: Record<string, Command> = {
  ...caseCommands,
  lint: lintCommand,
  eval: evalCommand,
  demo,
  ...syncCommands,
  ...adminCommands,
  ...adminFileStoreCommands,
  ...adminEscrowCommands,
  ...adminIsolationCommands,
  ...adminAuditCommands,
  ...adminPeopleCommands,
  ...adminProvisionCommands,
  ...adminRescueCommands,
  ...adminServerCommands,
  ...adminUpkeepCommands,
};

/** All of them, or those that begin with the word that was said. */
function usage(word = ''): string {
  const isOfWord = (name: string): boolean => name === word || name.startsWith(`${word} `);
  const said = Object.entries(commands).filter(([name]) => isOfWord(name));
  const lines = (said.length > 0 ? said : Object.entries(commands)).map(
    ([
      name,
      {
        usage: [words, does],
      },
    ]) => `  ${name} ${words}\n      ${does}`,
  );
  return `Steno on the command line. Every command takes --json for output a program reads; what changes a database takes --dry-run.

${lines.join('\n')}
${
  word === 'sync'
    ? ''
    : `
  URL is postgres://user:password@host:port/database of the database's administrator; STENO_ADMIN_URL stands in for --url.`
}`;
}

function readWords(): { values: Record<string, unknown>; positionals: string[] } {
  const all = Object.values(commands);
  const flags = ['json', 'dry-run', 'help', ...all.flatMap((command) => command.flags ?? [])];
  const texts = all.flatMap((command) => command.options ?? []);
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const }])),
        ...Object.fromEntries(texts.map((option) => [option, { type: 'string' as const }])),
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : ''}\n`);
    return { values: {}, positionals: [] };
  }
}

/** A window says that it may not have arrived yet; who asks the server itself has misspelt it. */
function notThere(what: string): { title: string; advice: string } {
  return { title: `Not found: ${what}.`, advice: 'Look at how it is written. Nothing was changed.' };
}

/** Exit codes: 0 done, 1 refused or failed (the reason on standard error), 2 wrong words. */
async function main(): Promise<number> {
  const { values, positionals } = readWords();
  const name = positionals[0] === 'admin' || positionals[0] === 'sync' ? positionals.slice(0, 2).join(' ') : (positionals[0] ?? '');
  const command = commands[name];
  if (values['help'] === true) {
    console.log(usage(positionals[0]));
    return 0;
  }
  if (!command) {
    console.error(usage(positionals[0]));
    if (positionals.length > 0) console.error(`\n  There is no command “${name}”.`);
    return 2;
  }
  const rest = positionals.slice(name.split(' ').length);
  const options = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const json = values['json'] === true;
  const flags = new Set(Object.keys(values).filter((flag) => values[flag] === true));
  const foreign = [...Object.keys(options), ...flags].find(
    (option) => !['json', 'dry-run', ...(command.options ?? []), ...(command.flags ?? [])].includes(option),
  );
  if (foreign !== undefined) {
    console.error(`${name} takes no --${foreign}. It takes: ${command.usage[0]}`);
    return 2;
  }
  const outcome = await command.run({
    rest,
    options,
    flags,
    dryRun: values['dry-run'] === true,
    json,
    say: (text) => (json ? undefined : console.log(text)),
    progress: (text) => console.error(text),
  });
  if (!outcome.ok) {
    const { error } = outcome;
    const { title, advice } = error.code === 'not_found' && name.startsWith('admin ') ? notThere(error.what) : explain(error);
    if (json) console.log(JSON.stringify({ error: outcome.error }));
    console.error(`${title} ${advice}`);
    return error.code === 'invalid_input' && error.what === 'the command' ? 2 : 1;
  }
  if (json) console.log(JSON.stringify(outcome.value, null, 2));
  return 0;
}

main().then(
  // a command that found what it looked for, such as a breach, says so by process.exitCode
  (code) => process.exit(code === 0 ? process.exitCode : code),
  (error: unknown) => {
    console.error(`Steno made a mistake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  },
);
