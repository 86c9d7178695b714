import { z } from 'zod';
import { ok, type Outcome } from '../../shared/result.ts';
import { Email, FirmSlug, Role } from '../../shared/session.ts';
import { withAdmin } from '../admin/admin.ts';
import { firmIdOf } from '../admin/file-store/file-store.ts';
import {
  createKey,
  listDevices,
  listKeys,
  readmitDevice,
  resetPassword,
  revokeKey,
  revokeSessions,
  setActive,
  setRole,
  type DeviceRow,
} from '../admin/people.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';

const Somebody = z.object({ slug: FirmSlug, email: Email });

/** A command about one person: options checked, a dry run answered, the rest on the administrator's line. */
function about<T extends z.ZodType>(
  schema: T,
  run: (input: CommandInput, options: z.output<T>) => Promise<Outcome<unknown>>,
): Command['run'] {
  return async (input) => {
    const parsed = parse(schema, input.options);
    if (!parsed.ok) return parsed;
    if (input.dryRun) return ok({ would: parsed.value });
    return run(input, parsed.value);
  };
}

const reset = about(Somebody, async (input, { slug, email }) => {
  const password = await readPassword();
  return withAdmin(urlOf(input), async (admin) => {
    const done = await resetPassword(admin, slug, email, password);
    if (done.ok)
      input.say(
        `${email} has a new password; ${String(done.value.endedSessions)} sessions were ended. What she has not synced waits on her laptop for her new sign-in.`,
      );
    return done;
  });
});

const role = about(Somebody.extend({ role: Role }), (input, options) =>
  withAdmin(urlOf(input), async (admin) => {
    const done = await setRole(admin, options.slug, options.email, options.role);
    if (done.ok) input.say(`${options.email} was ${done.value.from} and is ${options.role} now, in open sessions too.`);
    return done;
  }),
);

const switchTo = (isActive: boolean): Command['run'] =>
  about(Somebody, (input, { slug, email }) =>
    withAdmin(urlOf(input), async (admin) => {
      const done = await setActive(admin, slug, email, isActive);
      if (done.ok)
        input.say(
          isActive
            ? `${email} can sign in again.`
            : `${email} is switched off: sessions and keys of hers do nothing any more. Her laptops ${done.value.erases ? 'erase' : 'keep'} their copy.`,
        );
      return done;
    }),
  );

const revoke: Command['run'] = (input) =>
  about(Somebody.extend({ device: z.uuid().optional() }), (_, { slug, email, device }) =>
    withAdmin(urlOf(input), async (admin) => {
      const erase = input.flags.has('erase');
      const done = await revokeSessions(admin, slug, email, { deviceId: device ?? null, erase });
      if (done.ok) {
        const { sessions, devices } = done.value;
        input.say(`${count(sessions, 'session')} of ${email} ended.`);
        if (erase && devices === 0) input.say('No laptop was revoked: none of that account has signed in, or they were revoked before.');
        else if (erase) input.say(`${count(devices, 'laptop')} revoked: told to erase its copy when it next reaches this server.`);
      }
      return done;
    }),
  )(input);

const devices = about(z.object({ slug: FirmSlug, email: Email.optional() }), (input, { slug, email }) =>
  withAdmin(urlOf(input), async (admin) => {
    const found = await listDevices(admin, slug, email ?? null);
    if (!found.ok) return found;
    for (const device of found.value) {
      const { email: whose, deviceId, deviceName, lastSeenAt, liveSessions, revokedAt, erasedAt } = device;
      const state = erasedAt ? erasedWords(device) : revokedAt ? 'revoked, not seen since' : `${String(liveSessions)} live sessions`;
      input.say(`${deviceId}  ${whose}  ${deviceName}  last seen ${lastSeenAt.toISOString().slice(0, 16)}  ${state}`);
    }
    return found.value.length > 0 ? found : saidOfNone(input, admin, slug, 'Nobody has signed in yet.');
  }),
);

/** An empty list of a firm that is not there would be believed. */
async function saidOfNone(
  input: CommandInput,
  admin: Parameters<typeof firmIdOf>[0],
  slug: string,
  words: string,
): Promise<Outcome<never[]>> {
  const firm = await firmIdOf(admin, slug);
  if (!firm.ok) return firm;
  input.say(words);
  return ok([]);
}

function count(n: number, thing: string): string {
  return `${String(n)} ${thing}${n === 1 ? '' : 's'}`;
}

function erasedWords({ unsyncedChanges, unsyncedFiles, rescue }: DeviceRow): string {
  const work = `${String(unsyncedChanges ?? 0)} changes and ${String(unsyncedFiles ?? 0)} files the firm never had`;
  switch (rescue) {
    case 'file':
      return `erased; ${work} are in a rescue file on the laptop`;
    case 'sealed_store':
      return 'erased; what the firm never had is in the sealed store that it left on the laptop';
    case 'lost':
      return `erased; ${work} are lost: the firm had no recovery key`;
    default:
      return 'erased';
  }
}

const readmit = about(Somebody.extend({ device: z.uuid() }), (input, { slug, email, device }) =>
  withAdmin(urlOf(input), async (admin) => {
    const done = await readmitDevice(admin, slug, email, device);
    if (done.ok)
      input.say(
        done.value.wasErased
          ? `${email} can sign in on it again; it fetches its copy from the firm.`
          : `${email} can sign in on it again; it had not erased its copy yet, and will not.`,
      );
    return done;
  }),
);

const NewKey = Somebody.extend({
  name: z.string().trim().min(1).max(100),
  scopes: z.string().transform((text) => text.split(',').map((scope) => scope.trim())),
  days: z.coerce.number().int().min(1).max(730).default(90),
});
const makeKey = about(NewKey, (input, { slug, email, ...key }) =>
  withAdmin(urlOf(input), async (admin) => {
    const made = await createKey(admin, slug, email, key);
    if (made.ok)
      input.say(
        `${made.value.key}\nThis is the only time it is shown. It is called ${key.name}, ends in ${String(key.days)} days, and may: ${key.scopes.join(', ')}.`,
      );
    return made;
  }),
);

const keys = about(z.object({ slug: FirmSlug }), (input, { slug }) =>
  withAdmin(urlOf(input), async (admin) => {
    const found = await listKeys(admin, slug);
    if (!found.ok) return found;
    for (const { keyId, name, email, scopes, expiresAt, revokedAt } of found.value)
      input.say(
        `${keyId}  ${name}  ${email}  ${revokedAt ? 'revoked' : `until ${expiresAt.toISOString().slice(0, 10)}`}  ${scopes.join(' ')}`,
      );
    return found.value.length > 0 ? found : saidOfNone(input, admin, slug, 'There are no keys.');
  }),
);

const endKey = about(z.object({ slug: FirmSlug, key: z.uuid() }), (input, { slug, key }) =>
  withAdmin(urlOf(input), async (admin) => {
    const done = await revokeKey(admin, slug, key);
    if (done.ok) input.say('The key does nothing any more.');
    return done;
  }),
);

const somebody = '--url URL --slug SLUG --email A';
const whose = ['url', 'slug', 'email'];

export const adminPeopleCommands: Record<string, Command> = {
  'admin reset-password': {
    usage: [somebody, 'a new password, on standard input; sessions opened with the old one end'],
    options: whose,
    run: reset,
  },
  'admin set-role': { usage: [`${somebody} --role ROLE`, 'another role, in open sessions too'], options: [...whose, 'role'], run: role },
  'admin deactivate': { usage: [somebody, 'switch somebody off; nothing of hers is deleted'], options: whose, run: switchTo(false) },
  'admin reactivate': { usage: [somebody, 'let her sign in again'], options: whose, run: switchTo(true) },
  'admin devices': {
    usage: ['--url URL --slug SLUG [--email A]', 'the laptops of a firm or a person, and their sessions'],
    options: whose,
    run: devices,
  },
  'admin revoke': {
    usage: [
      `${somebody} [--device ID] [--erase]`,
      'end her sessions; --erase for a lost laptop: it may not come back, and erases its store at its next contact',
    ],
    options: [...whose, 'device'],
    flags: ['erase'],
    run: revoke,
  },
  'admin readmit': {
    usage: [`${somebody} --device ID`, 'a revoked laptop was found: it may sign in again'],
    options: [...whose, 'device'],
    run: readmit,
  },
  'admin create-key': {
    usage: [`${somebody} --name NAME --scopes A,B [--days N]`, 'an API key that acts for her with those permissions; shown once'],
    options: [...whose, 'name', 'scopes', 'days'],
    run: makeKey,
  },
  'admin keys': { usage: ['--url URL --slug SLUG', 'the firm’s API keys'], options: ['url', 'slug'], run: keys },
  'admin revoke-key': { usage: ['--url URL --slug SLUG --key ID', 'end an API key'], options: ['url', 'slug', 'key'], run: endKey },
};
