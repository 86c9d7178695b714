import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { isLoopback } from '../../shared/setup.ts';
import { withAdmin } from '../admin/admin.ts';
import { clearFileStore, firmIdOf, setFileStore, viewFileStore } from '../admin/file-store/file-store.ts';
import { moveFiles } from '../admin/file-store/move.ts';
import { openStoreLine, tryStore } from '../admin/file-store/store-line.ts';
import { sweepStore, verifyFiles } from '../admin/file-store/verify.ts';
import { parse, readPassword, urlOf } from './admin-input.ts';
import type { Command, CommandInput } from './command.ts';

const Endpoint = z
  .url({ protocol: /^https?$/, error: 'write it as https://files.firm.example or https://s3.us-east-1.amazonaws.com' })
  .transform((text) => new URL(text))
  .refine(({ pathname, search, username }) => pathname === '/' && search === '' && username === '', 'name the server only, without a path')
  .refine(
    ({ protocol, hostname }) => protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, '')),
    'only a store on this same machine may do without TLS: use https',
  )
  .transform(({ origin }) => origin);

const One = z.object({ slug: FirmSlug });
const Set = One.extend({
  endpoint: Endpoint,
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket has 3 to 63 small letters, digits, dots and dashes'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .default('us-east-1'),
  'access-key': z.string().min(1).max(256),
  addressing: z.enum(['path', 'host']).optional(),
});

type Step = (input: CommandInput, firmId: string, admin: Parameters<Parameters<typeof withAdmin>[1]>[0]) => Promise<Outcome<unknown>>;

/** A step about one firm's files. */
function about(step: Step): Command['run'] {
  return (input) => {
    const parsed = parse(One, { slug: input.options['slug'] });
    if (!parsed.ok) return Promise.resolve(parsed);
    return withAdmin<unknown>(urlOf(input), async (admin) => {
      const firm = await firmIdOf(admin, parsed.value.slug);
      return firm.ok ? step(input, firm.value, admin) : firm;
    });
  };
}

const set: Step = async (input, firmId, admin) => {
  const { url: _url, to: _to, ...options } = input.options;
  const parsed = parse(Set, options);
  if (!parsed.ok) return parsed;
  const { endpoint, bucket, region, addressing } = parsed.value;
  const secret = await readPassword();
  if (secret === '')
    return err({
      code: 'invalid_input',
      what: 'the secret key',
      reason: 'Give it on standard input, where no other user of this machine can read it.',
    });
  const isPathStyle = (addressing ?? (endpoint.endsWith('.amazonaws.com') ? 'host' : 'path')) === 'path';
  const settings = { endpoint, bucket, region, accessKey: parsed.value['access-key'], isPathStyle };
  const done = await setFileStore(admin, firmId, settings, secret, input.dryRun);
  if (!done.ok) return done;
  input.say(`${bucket} at ${endpoint} can be written, read and deleted, and refuses bytes that were not announced.`);
  input.say(
    input.dryRun
      ? 'Nothing was changed.'
      : 'New files go there from now on. The others stay in Postgres until `admin file-store move --to s3`; laptops notice nothing.',
  );
  return ok({ ...settings, isHome: !input.dryRun });
};

const show: Step = async (input, firmId, admin) => {
  const view = await viewFileStore(admin, firmId);
  const { store, postgres, s3, unverified, disputed, removals } = view;
  input.say(
    store
      ? `Store      ${store.bucket} at ${store.endpoint} (${store.region}, key ${store.accessKey})`
      : 'Store      none: files are in Postgres',
  );
  if (store) input.say(`New files  ${store.isHome ? 'go to the store' : 'go to Postgres; the store is being emptied'}`);
  if (store && !store.hasSecret)
    input.say('SECRET     MISSING: give it again with `admin file-store set`. Files in the store cannot be read until then.');
  input.say(`Postgres   ${String(postgres.files)} files, ${megabytes(postgres.bytes)}`);
  input.say(`In store   ${String(s3.files)} files, ${megabytes(s3.bytes)}`);
  input.say(
    `Unverified ${String(unverified)}${unverified > 0 ? ': every chunk was checked, nobody has hashed the whole; `admin file-store verify` does' : ''}`,
  );
  if (disputed > 0) input.say(`DISPUTED   ${String(disputed)}: two laptops announced different bytes; run \`admin file-store verify\``);
  if (removals > 0) input.say(`To delete  ${String(removals)} files: run \`admin file-store sweep\``);
  return ok(view);
};

const tryIt: Step = async (input, firmId, admin) => {
  const line = await openStoreLine(admin, firmId);
  if (!line.ok) return line;
  const tried = await tryStore(line.value).finally(() => line.value.close());
  if (tried.ok) input.say('The store can be written, read and deleted, and refuses bytes that were not announced.');
  return tried;
};

const move: Step = async (input, firmId, admin) => {
  const to = z.enum(['postgres', 's3']).safeParse(input.options['to']);
  if (!to.success) return err({ code: 'invalid_input', what: 'the command', reason: 'Say --to s3 or --to postgres.' });
  const moved = await moveFiles({ admin, firmId, to: to.data, dryRun: input.dryRun, onProgress: input.progress });
  if (!moved.ok) return moved;
  const { moved: files, movedBytes, broken, left } = moved.value;
  if (input.dryRun) input.say(`${String(left)} files, ${megabytes(movedBytes)}, would move.`);
  else input.say(`${String(files)} files, ${megabytes(movedBytes)}, moved, each read through and read back.`);
  for (const hash of broken) input.say(`LEFT ${hash}: it is not what its hash says; run \`admin file-store verify\``);
  if (broken.length > 0) process.exitCode = 1;
  return moved;
};

const verify: Step = async (input, firmId, admin) => {
  const done = await verifyFiles({ admin, firmId, all: input.flags.has('all'), dryRun: input.dryRun, onProgress: input.progress });
  if (!done.ok) return done;
  const { verified, thrownAway, held } = done.value;
  input.say(`${String(verified)} files are what their hashes say.`);
  for (const hash of thrownAway)
    input.say(
      `BROKEN ${hash}: ${input.dryRun ? 'would be thrown away' : 'thrown away; a laptop that has it sends it again at its next start'}`,
    );
  for (const hash of held) input.say(`BROKEN ${hash}: left, because a matter on legal hold has it`);
  if (thrownAway.length + held.length > 0) process.exitCode = 1;
  return done;
};

const sweep: Step = async (input, firmId, admin) => {
  const done = await sweepStore(admin, firmId, input.dryRun);
  if (done.ok)
    input.say(
      `${String(done.value.files)} files, ${String(done.value.objects)} objects, ${input.dryRun ? 'would be ' : ''}deleted in the store.`,
    );
  return done;
};

const clear: Step = async (input, firmId, admin) => {
  const done = await clearFileStore(admin, firmId, input.dryRun);
  if (done.ok) input.say(input.dryRun ? 'The store is empty and would be forgotten.' : 'The store is forgotten; files are in Postgres.');
  return done;
};

const steps: Record<string, Step> = { set, show, test: tryIt, move, verify, sweep, clear };

export const adminFileStoreCommands: Record<string, Command> = {
  'admin file-store': {
    usage: [
      'set|show|test|move|verify|sweep|clear --url URL --slug SLUG [set: --endpoint URL --bucket NAME --access-key KEY [--region R] [--addressing path|host]] [move: --to s3|postgres] [verify: --all]',
      'where the firm’s files lie: Postgres, or an S3-compatible store. set takes the secret key on standard input and tries the store first; move goes on where it was cut off; verify hashes files as a whole; sweep deletes in the store what is gone here',
    ],
    options: ['url', 'slug', 'endpoint', 'bucket', 'region', 'access-key', 'addressing', 'to'],
    flags: ['all'],
    run(input) {
      const step = steps[input.rest[0] ?? ''];
      if (step) return about(step)(input);
      return Promise.resolve(
        err({
          code: 'invalid_input',
          what: 'the command',
          reason: `Say one of: ${Object.keys(steps).join(', ')}. \`show\` changes nothing.`,
        }),
      );
    },
  },
};

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
