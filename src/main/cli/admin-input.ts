import { type z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { CommandInput } from './command.ts';

/** Where the firm's database is, as its administrator. */
export function urlOf({ options }: Pick<CommandInput, 'options'>): string {
  return options['url'] ?? process.env['STENO_ADMIN_URL'] ?? '';
}

/** The options a command takes, checked. Errors: invalid_input, naming the option. */
export function parse<T extends z.ZodType>(schema: T, input: unknown): Outcome<z.output<T>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  const reason = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join(' ');
  return err({ code: 'invalid_input', what: 'the command', reason });
}

/** The password never stands on a command line, where other users of the machine can read it. */
export async function readPassword(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) text += String(part);
  return text.replace(/\r?\n$/, '');
}
