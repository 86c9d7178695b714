import { z } from 'zod';
import { err, ok } from '../../shared/result.ts';
import { Email, FirmSlug, Role } from '../../shared/session.ts';
import { demoFirm, demoUsers, seedColleagues, seedFirm, seedMatters, withAdmin } from '../admin/admin.ts';
import { seedLargeFirm, seedSizes } from '../admin/seed/large-firm.ts';
import { createFirm, createUser, setClientPassword } from '../admin/firm.ts';
import { defaultTemplates } from '../templates/default-templates.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command } from './command.ts';

const FirmOptions = z.object({
  slug: FirmSlug,
  name: z.string().trim().min(1).max(255),
  address: z.string().optional(),
  email: Email.optional(),
  phone: z.string().optional(),
});

const createFirmCommand: Command['run'] = (input) => {
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

const createUserCommand: Command['run'] = async (input) => {
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

const clientPassword: Command['run'] = async (input) => {
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

const SeedOptions = z.object({ size: z.enum(['demo', 'small', 'large']).default('demo'), slug: FirmSlug.default('scale') });

const seed: Command['run'] = async (input) => {
  const parsed = parse(SeedOptions, input.options);
  if (!parsed.ok) return parsed;
  const { size, slug } = parsed.value;
  if (size === 'demo') return seedDemo(input);
  if (input.dryRun) return ok({ wouldCreate: { slug, ...seedSizes[size] } });
  return withAdmin(urlOf(input), async (admin) => {
    const seeded = await seedLargeFirm(admin, slug, size, input.progress);
    if (seeded.ok) {
      for (const [what, rows] of Object.entries(seeded.value.rows)) input.say(`${what.padEnd(20)} ${String(rows)}`);
      input.say(
        `Firm ${slug} made in ${String(Math.round(seeded.value.ms / 1000))} s. It is for measuring and drills; nobody can sign in to it.`,
      );
    }
    return seeded;
  });
};

const seedDemo: Command['run'] = async (input) => {
  const { firm, accounts } = demoFirm;
  if (input.dryRun) return ok({ wouldCreate: { slug: firm.slug, users: accounts.length } });
  const seeded = await seedFirm(urlOf(input), firm, [...demoUsers(), ...seedColleagues], [...defaultTemplates], seedMatters);
  if (!seeded.ok) return seeded;
  const people = accounts.length + seedColleagues.length;
  input.say(
    seeded.value.made
      ? `Firm ${firm.slug} with ${String(people)} people and ${String(defaultTemplates.length)} templates made.`
      : `Firm ${firm.slug} is there already; nothing was changed.`,
  );
  return ok({ ...seeded.value, slug: firm.slug, accounts });
};

export const adminCommands: Record<string, Command> = {
  'admin create-firm': {
    usage: ['--url URL --slug SLUG --name NAME [--address TEXT] [--email A] [--phone P]', 'a firm with its templates'],
    options: ['url', 'slug', 'name', 'address', 'email', 'phone'],
    run: createFirmCommand,
  },
  'admin create-user': {
    usage: ['--url URL --slug SLUG --email A --first F --last L --role ROLE', 'a person of a firm; password on standard input'],
    options: ['url', 'slug', 'email', 'first', 'last', 'role'],
    run: createUserCommand,
  },
  'admin client-password': {
    usage: ['--url URL', 'the password of the one login all laptops connect with, on standard input'],
    options: ['url'],
    run: clientPassword,
  },
  'admin seed': {
    usage: [
      '--url URL [--size demo|small|large] [--slug SLUG]',
      'the demo firm with a person of each role, templates and matters; or a firm of that size for drills',
    ],
    options: ['url', 'size', 'slug'],
    run: seed,
  },
};
