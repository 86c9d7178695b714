import type { Outcome } from '../../shared/result.ts';

export interface CommandInput {
  /** Words after the command's name. */
  rest: string[];
  /** --name value */
  options: Record<string, string>;
  /** --name */
  flags: ReadonlySet<string>;
  dryRun: boolean;
  json: boolean;
  /** Prints for a person; silent under --json, where the returned value is printed instead. */
  say(text: string): void;
  /** How far long work is, on standard error, so that --json stays clean. */
  progress(text: string): void;
}

export interface Command {
  /** What follows the command's name, and what it does: the line of `--help`. */
  usage: [words: string, does: string];
  /** Names of options that take text. */
  options?: string[];
  /** Names of options that stand alone; --json, --dry-run and --help are every command's. */
  flags?: string[];
  /** What it returns is what --json prints. */
  run(input: CommandInput): Promise<Outcome<unknown>>;
}
