import { parseArgs } from 'node:util';
import { explain } from '../shared/errors.ts';
import { adminCommands } from './cli/admin-commands.ts';
import { caseCommands } from './cli/case-commands.ts';
import { runDemo } from './cli/demo.ts';
import type { Command } from './cli/command.ts';

const commands: Record<string, Command> = { ...caseCommands, ...adminCommands, demo: runDemo };

const textOptions = ['case', 'out', 'template', 'url', 'to', 'slug', 'name', 'address', 'email', 'phone', 'first', 'last', 'role'];

const usage = `Steno on the command line. Every command takes --json for output a program reads.

  ingest FOLDER                    read a case folder: type, pages and text of each file
  facts FOLDER                     facts and bill lines with their sources; money in cents
  draft FOLDER [--template NAME]   a letter from the default template, as text
  export FOLDER [--out DIR]        the same letter as DOCX and PDF, marked DRAFT
  demo [--case FOLDER] [--out DIR] the whole job on two laptops and a real Postgres

  admin migrate --url URL [--to VERSION] [--dry-run]
  admin create-firm --url URL --slug SLUG --name NAME [--address TEXT] [--email A] [--phone P]
  admin create-user --url URL --slug SLUG --email A --first F --last L --role ROLE   (password on standard input)
  admin client-password --url URL   (password on standard input; the login all laptops connect with)
  admin seed --url URL              the demo firm, its people and templates

  URL is postgres://user:password@host:port/database of the database's administrator; STENO_ADMIN_URL stands in for --url.`;

function readWords(): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...Object.fromEntries(['json', 'dry-run', 'help'].map((flag) => [flag, { type: 'boolean' as const }])),
        ...Object.fromEntries(textOptions.map((option) => [option, { type: 'string' as const }])),
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : ''}\n`);
    return { values: {}, positionals: [] };
  }
}

/** Exit codes: 0 done, 1 refused or failed (the reason on standard error), 2 wrong words. */
async function main(): Promise<number> {
  const { values, positionals } = readWords();
  const name = positionals[0] === 'admin' ? positionals.slice(0, 2).join(' ') : (positionals[0] ?? '');
  const command = commands[name];
  if (!command || values['help'] === true) {
    (values['help'] === true ? console.log : console.error)(usage);
    return values['help'] === true ? 0 : 2;
  }
  const rest = positionals.slice(name.split(' ').length);
  const options = Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const json = values['json'] === true;
  const outcome = await command({ rest, options, dryRun: values['dry-run'] === true, json, say: (text) => (json ? undefined : console.log(text)) });
  if (!outcome.ok) {
    const { title, advice } = explain(outcome.error);
    if (json) console.log(JSON.stringify({ error: outcome.error }));
    console.error(`${title} ${advice}`);
    return 1;
  }
  if (json) console.log(JSON.stringify(outcome.value, null, 2));
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`Steno made a mistake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  },
);
