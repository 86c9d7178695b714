import { z } from 'zod';
import { err } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { withAdmin } from '../admin/admin.ts';
import { sweepStores } from '../admin/file-store/verify.ts';
import { keepPartitions } from '../admin/partitions.ts';
import { runRetention } from '../admin/retention/retention.ts';
import { parse, urlOf } from './admin-input.ts';
import type { Command } from './command.ts';

const RetentionOptions = z.object({ slug: FirmSlug.optional() });

const retention: Command['run'] = async (input) => {
  const parsed = parse(RetentionOptions, input.options);
  if (!parsed.ok) return parsed;
  // what deletes is not started by half a command
  if (input.rest[0] !== 'run')
    return err({ code: 'invalid_input', what: 'the command', reason: 'Say `admin retention run`; with --dry-run it only counts.' });
  return withAdmin(urlOf(input), async (admin) => {
    const run = await runRetention(admin, { slug: parsed.value.slug, dryRun: input.dryRun, onProgress: input.progress });
    if (!run.ok) return run;
    for (const { firm, rule, does, before, due, done } of run.value) {
      if (due === 0) continue;
      const what = input.dryRun ? `${String(due)} due` : `${String(done)} of ${String(due)} done`;
      input.say(`${firm}  ${rule.padEnd(12)} ${what}, from before ${before.slice(0, 10)}: ${does}`);
    }
    if (run.value.every(({ due }) => due === 0)) input.say('Nothing is past its time.');
    input.say('Matters on legal hold were left alone.');
    if (!input.dryRun) {
      const swept = await sweepStores(admin, parsed.value.slug);
      if (!swept.ok) return swept;
      if (swept.value > 0) input.say(`${String(swept.value)} files were deleted in the firm’s file store.`);
    }
    return run;
  });
};

const partitions: Command['run'] = (input) =>
  withAdmin(urlOf(input), async (admin) => {
    const kept = await keepPartitions(admin, { dryRun: input.dryRun });
    if (!kept.ok) return kept;
    for (const { table, made, detached, held, monthsAhead, policy } of kept.value) {
      input.say(
        `${table}: ${String(monthsAhead)} months ahead (wanted ${String(policy.monthsAhead)}), ${keepWords(policy.keepMonths)}; ${policy.reason}`,
      );
      for (const name of made) input.say(`  ${input.dryRun ? 'would make' : 'made'} ${name}`);
      for (const name of held) input.say(`  left ${name}: a matter on legal hold has rows in it`);
      for (const { partition, rows } of detached)
        input.say(
          `  ${input.dryRun ? 'would detach' : 'detached'} ${partition}, ${String(rows)} rows${input.dryRun ? '' : `: dump it (pg_dump -t steno.${partition}), then drop it`}`,
        );
    }
    return kept;
  });

function keepWords(months: number | null): string {
  return months === null ? 'kept for good' : `detached after ${String(months)} months`;
}

export const adminUpkeepCommands: Record<string, Command> = {
  'admin retention': {
    usage: [
      'run --url URL [--slug SLUG]',
      'remove or archive what is past its time; legal hold is respected, and all of it is on the audit',
    ],
    options: ['url', 'slug'],
    run: retention,
  },
  'admin partitions': {
    usage: [
      '--url URL',
      'make the months ahead of the audit and the messages, and detach those past their time; run it monthly or oftener',
    ],
    options: ['url'],
    run: partitions,
  },
};
