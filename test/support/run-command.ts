import type { Command } from '../../src/main/cli/command.ts';
import type { Outcome } from '../../src/shared/result.ts';

export interface RanCommand {
  outcome: Outcome<unknown>;
  /** As the process would end: 1 for a refusal, or where the command says that it found something bad. */
  code: number;
  said: string;
  progress: string;
}

/** A command of the command line without a process of its own: `--name value` and `--flag`, as the command declares them. */
export async function runCommand(command: Command | undefined, words: string[]): Promise<RanCommand> {
  if (!command) throw new Error('no such command');
  const options: Record<string, string> = {};
  const flags = new Set<string>();
  const first = words.findIndex((word) => word.startsWith('--'));
  const rest = first === -1 ? words : words.slice(0, first);
  for (let n = rest.length; n < words.length; n += 1) {
    const name = words[n]?.replace(/^--/, '') ?? '';
    if (command.options?.includes(name)) options[name] = words[(n += 1)] ?? '';
    else if (command.flags?.includes(name) || name === 'dry-run') flags.add(name);
    else throw new Error(`it takes no --${name}`);
  }
  const [said, progress]: [string[], string[]] = [[], []];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const outcome = await command.run({
      rest,
      options,
      flags,
      dryRun: flags.has('dry-run'),
      json: false,
      say: (text) => void said.push(text),
      progress: (text) => void progress.push(text),
    });
    const code = outcome.ok && exitCode() !== 1 ? 0 : 1;
    return { outcome, code, said: said.join('\n'), progress: progress.join('\n') };
  } finally {
    process.exitCode = before;
  }
}

/** Asked anew: the compiler takes it for what was last assigned here. */
function exitCode(): unknown {
  return process.exitCode;
}
