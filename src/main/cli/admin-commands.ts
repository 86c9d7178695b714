import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { Email, FirmSlug, Role } from '../../shared/session.ts';
import { demoFirm, demoUsers, seedFirm, withAdmin } from '../admin/admin.ts';
import { createFirm, createUser, setClientPassword } from '../admin/firm.ts';
import { migrateServer, serverMigrations } from '../admin/server-migrations.ts';
import { defaultTemplates } from '../letters/default-templates.ts';
import type { Command, CommandInput } from './command.ts';

function urlOf({ options }: CommandInput): string {
  return options['url'] ?? process.env['STENO_ADMIN_URL'] ?? '';
}

function parse<T extends z.ZodType>(schema: T, input: unknown): Outcome<z.output<T>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return ok(parsed.data);
  const reason = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join(' ');
  return err({ code: 'invalid_input', what: 'the command', reason });
}

/** The password never stands on a command line, where other users of the machine can read it. */
async function readPassword(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) text += String(part);
  return text.replace(/\r?\n$/, '');
}

const migrate: Command = (input) => {
  const target = input.options['to'] === undefined ? undefined : Number(input.options['to']);
  if (target !== undefined && (!Number.isInteger(target) || target < 0))
    return Promise.resolve(err({ code: 'invalid_input', what: '--to', reason: 'It takes a version number; 0 removes everything.' }));
  return withAdmin(urlOf(input), async (admin) => {
    const onStep = (name: string): void => input.say(`${input.dryRun ? 'would run' : 'running'} ${name}`);
    const migrated = await migrateServer(admin, serverMigrations(), {
      dryRun: input.dryRun,
      onStep,
      ...(target === undefined ? {} : { target }),
    });
    if (!migrated.ok) return migrated;
    const { from, to, steps } = migrated.value;
    if (input.dryRun) for (const step of steps) onStep(step);
    const way = `from version ${String(from)} to ${String(to)}.`;
    if (steps.length === 0) input.say(`The database is at version ${String(from)} already.`);
    else input.say(input.dryRun ? `It would go ${way}` : `It went ${way}`);
    return migrated;
  });
};

const FirmOptions = z.object({
  slug: FirmSlug,
  name: z.string().trim().min(1).max(255),
  address: z.string().optional(),
  email: Email.optional(),
  phone: z.string().optional(),
});

const createFirmCommand: Command = (input) => {
  const parsed = parse(FirmOptions, input.options);
  if (!parsed.ok) return Promise.resolve(parsed);
  const { slug, name, address, email, phone } = parsed.value;
  if (input.dryRun) return Promise.resolve(ok({ wouldCreate: { slug, name } }));
  return withAdmin(urlOf(input), async (admin) => {
    const firm = { slug, name, ...(address && { address }), ...(email && { contactEmail: email }), ...(phone && { contactPhone: phone }) };
    const made = await createFirm(admin, firm, [...defaultTemplates]);
    if (made.ok) input.say(`Firm ${slug} made, with ${String(defaultTemplates.length)} templates.`);
    return made;
  });
};

const UserOptions = z.object({
  slug: FirmSlug,
  email: Email,
  first: z.string().trim().min(1).max(100),
  last: z.string().trim().min(1).max(100),
  role: Role,
});

const createUserCommand: Command = async (input) => {
  const parsed = parse(UserOptions, input.options);
  if (!parsed.ok) return parsed;
  const { slug, email, first, last, role } = parsed.value;
  if (input.dryRun) return ok({ wouldCreate: { slug, email, role } });
  const password = await readPassword();
  return withAdmin(urlOf(input), async (admin) => {
    const made = await createUser(admin, slug, { email, firstName: first, lastName: last, role, password });
    if (made.ok) input.say(`${first} ${last} (${role}) can sign in to ${slug}.`);
    return made;
  });
};

const clientPassword: Command = async (input) => {
  if (input.dryRun) return ok({ wouldSet: 'the password of steno_client' });
  const password = await readPassword();
  if (password.length < 16)
    return err({ code: 'invalid_input', what: 'the password', reason: 'Give at least 16 characters on standard input.' });
  return withAdmin(urlOf(input), async (admin) => {
    await setClientPassword(admin, password);
    input.say('The password of steno_client is set; laptops need it in their connection settings.');
    return ok({});
  });
};

const seed: Command = async (input) => {
  const { firm, accounts } = demoFirm;
  if (input.dryRun) return ok({ wouldCreate: { slug: firm.slug, users: accounts.length } });
  const seeded = await seedFirm(urlOf(input), firm, demoUsers(), [...defaultTemplates]);
  if (seeded.ok)
    input.say(
      seeded.value.made
        ? `Firm ${firm.slug} with ${String(accounts.length)} people made.`
        : `Firm ${firm.slug} is there already; nothing was changed.`,
    );
  return seeded.ok ? ok({ ...seeded.value, slug: firm.slug, accounts }) : seeded;
};

export const adminCommands: Record<string, Command> = {
  'admin migrate': migrate,
  'admin create-firm': createFirmCommand,
  'admin create-user': createUserCommand,
  'admin client-password': clientPassword,
  'admin seed': seed,
};
