import { existsSync } from 'node:fs';
import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { withAdmin } from '../admin/admin.ts';
import { addEscrowKey, listEscrowKeys, mayAdd, setLaptopPolicy, type EscrowKey, type LaptopPolicy } from '../admin/escrow.ts';
import { writeNew } from '../admin/signing-key.ts';
import { fingerprintOf, lockSecret, makeRecoveryKey } from '../rescue/seal.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';
import { PathFromHere } from './provision-options.ts';

type Input = Pick<CommandInput, 'rest' | 'options' | 'dryRun' | 'say'>;

const NewKey = z.object({
  slug: FirmSlug,
  out: PathFromHere.refine((path) => !existsSync(path), 'There is such a file, and it was left as it is. Choose another name.'),
});

/** What --json prints; the passphrase and the secret are in the file only. */
export interface MadeKey {
  fingerprint: string | null;
  publicKey: string | null;
  out: string;
  retired: number;
}

async function make(input: Input, rotate: boolean, readSecret: () => Promise<string>, logRounds?: number): Promise<Outcome<MadeKey>> {
  const parsed = parse(NewKey, input.options);
  if (!parsed.ok) return parsed;
  const { slug, out } = parsed.value;
  if (input.dryRun) {
    const checked = await withAdmin(urlOf(input), (admin) => mayAdd(admin, slug, rotate));
    if (!checked.ok) return checked;
    input.say(`All is in order, and nothing was changed. It would write ${out}.`);
    return ok({ fingerprint: null, publicKey: null, out, retired: 0 });
  }
  const passphrase = await readSecret();
  if (passphrase.length < 12)
    return err({ code: 'invalid_input', what: 'the passphrase', reason: 'Give at least 12 characters on standard input.' });
  const { publicKey, secret } = await makeRecoveryKey();
  const file = await lockSecret(secret, passphrase, logRounds);
  return withAdmin<MadeKey>(urlOf(input), async (admin) => {
    const added = await addEscrowKey(admin, slug, publicKey, { rotate, save: () => writeNew('--out', out, file, 0o600) });
    if (!added.ok) return added;
    const fingerprint = fingerprintOf(publicKey);
    input.say(
      [
        `The recovery key of ${slug} is ${fingerprint}. Laptops take it at their next sync and seal to it what they cannot hand over any more.`,
        `${out} and the passphrase together open that, and nothing else does: nobody can make either again.`,
        'Keep the file on two media away from every network and from the laptops, and the passphrase in another place.',
        ...(rotate ? ['Keep the file of the key before it as well: what was sealed to that one still needs it.'] : []),
      ].join('\n'),
    );
    return ok({ fingerprint, publicKey, out, retired: added.value.retired });
  });
}

async function list(input: Input): Promise<Outcome<EscrowKey[]>> {
  const parsed = parse(z.object({ slug: FirmSlug }), input.options);
  if (!parsed.ok) return parsed;
  return withAdmin(urlOf(input), async (admin) => {
    const found = await listEscrowKeys(admin, parsed.value.slug);
    if (!found.ok) return found;
    for (const { fingerprint, createdAt, retiredAt } of found.value)
      input.say(`${fingerprint}  made ${dayOf(createdAt)}  ${retiredAt ? `retired ${dayOf(retiredAt)}; older files need it` : 'in use'}`);
    if (!found.value.some(({ retiredAt }) => retiredAt === null))
      input.say('No key is in use: work that a laptop cannot hand over any more is lost with it. Its people are told so.');
    return found;
  });
}

/** `admin escrow create|rotate|list`. */
export async function escrow(input: Input, readSecret = readPassword, logRounds?: number): Promise<Outcome<MadeKey | EscrowKey[]>> {
  switch (input.rest[0]) {
    case 'create':
      return make(input, false, readSecret, logRounds);
    case 'rotate':
      return make(input, true, readSecret, logRounds);
    case 'list':
      return list(input);
    default:
      return err({ code: 'invalid_input', what: 'the command', reason: 'Say create, rotate or list.' });
  }
}

const PolicyChange = z.object({
  slug: FirmSlug,
  'offline-days': z
    .string()
    .refine((text) => text === 'default' || (/^\d{1,3}$/.test(text) && Number(text) <= 365), 'Give a number from 0 to 365, or default.')
    .transform((text) => (text === 'default' ? null : Number(text)))
    .optional(),
  'erase-deactivated': z
    .enum(['yes', 'no'])
    .transform((word) => word === 'yes')
    .optional(),
});

/** `admin policy`. */
export async function policy(input: Input): Promise<Outcome<LaptopPolicy | { would: unknown }>> {
  const parsed = parse(PolicyChange, input.options);
  if (!parsed.ok) return parsed;
  const { slug, 'offline-days': offlineDays, 'erase-deactivated': eraseDeactivated } = parsed.value;
  if (input.dryRun) return ok({ would: parsed.value });
  return withAdmin(urlOf(input), async (admin) => {
    const change = { ...(offlineDays !== undefined && { offlineDays }), ...(eraseDeactivated !== undefined && { eraseDeactivated }) };
    const holds = await setLaptopPolicy(admin, slug, change);
    if (holds.ok) for (const sentence of inWords(holds.value)) input.say(sentence);
    return holds;
  });
}

function inWords({ offlineDays: days, eraseDeactivated }: LaptopPolicy): string[] {
  const offline =
    days === null
      ? 'Offline sign-in: as the file that connected the laptop says, seven days without one.'
      : days === 0
        ? 'Offline sign-in: never.'
        : `Offline sign-in: for ${days === 1 ? 'a day' : `${String(days)} days`} after the firm last answered the laptop, or less where its file says so.`;
  return [
    offline,
    `Laptops of somebody who is switched off ${eraseDeactivated ? 'erase their copy at their next contact' : 'keep their copy'}.`,
  ];
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

export const adminEscrowCommands: Record<string, Command> = {
  'admin escrow': {
    usage: [
      'create|rotate --url URL --slug SLUG --out FILE | list --url URL --slug SLUG',
      'the firm’s recovery key: opens work that a revoked or broken laptop could not hand over; passphrase on standard input',
    ],
    options: ['url', 'slug', 'out'],
    run: (input) => escrow(input),
  },
  'admin policy': {
    usage: [
      '--url URL --slug SLUG [--offline-days N|default] [--erase-deactivated yes|no]',
      'what the firm decides for its laptops: for how long they open without the server (0: never), and whether a switched-off person’s erase their copy',
    ],
    options: ['url', 'slug', 'offline-days', 'erase-deactivated'],
    run: policy,
  },
};
