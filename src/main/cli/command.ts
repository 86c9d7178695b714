import type { Outcome } from '../../shared/result.ts';

export interface CommandInput {
  /** Words after the command's name. */
  rest: string[];
  /** --name value */
  options: Record<string, string>;
  dryRun: boolean;
  json: boolean;
  /** Prints for a person; silent under --json, where the returned value is printed instead. */
  say(text: string): void;
}

/** What a command returns is what --json prints. */
export type Command = (input: CommandInput) => Promise<Outcome<unknown>>;
