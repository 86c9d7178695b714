import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { FirmSlug } from '../../shared/session.ts';
import { withAdmin } from '../admin/admin.ts';
import { verifyAudit, type AuditHead } from '../admin/audit/verify-audit.ts';
import { parse, urlOf } from './admin-input.ts';
import type { Command } from './command.ts';

const Options = z.object({ slug: FirmSlug.optional(), anchor: z.string().min(1).optional() });
const Anchors = z.record(z.uuid(), z.object({ batchNumber: z.number().int(), batchHash: z.string().regex(/^[0-9a-f]{64}$/) }));

/** Heads remembered by the last run; none on the first. */
async function readAnchors(path: string): Promise<Outcome<Record<string, AuditHead>>> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return ok({});
  const parsed = Anchors.safeParse(tryJson(text));
  if (!parsed.success)
    return err({ code: 'corrupt', what: `the anchor file ${path}`, reason: 'It is not one that verify-audit wrote. Nothing was changed.' });
  return ok(parsed.data);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const verify: Command['run'] = async (input) => {
  const parsed = parse(Options, input.options);
  if (!parsed.ok) return parsed;
  const { slug, anchor } = parsed.value;
  const path = anchor === undefined ? null : resolve(process.env['INIT_CWD'] ?? '.', anchor);
  const remembered = path === null ? ok({}) : await readAnchors(path);
  if (!remembered.ok) return remembered;
  const verified = await withAdmin(urlOf(input), (admin) =>
    verifyAudit(admin, { slug, remembered: remembered.value, onProgress: input.progress }),
  );
  if (!verified.ok) return verified;
  for (const { firm, events, batches, archivedBatches, faults } of verified.value) {
    const archived = archivedBatches > 0 ? `, ${String(archivedBatches)} of them in archived months` : '';
    input.say(
      `${firm}: ${String(events)} events in ${String(batches)} batches${archived}: ${faults.length === 0 ? 'whole' : `${String(faults.length)} FAULTS`}`,
    );
    for (const { kind, detail } of faults) input.say(`  ${kind}: ${detail}`);
  }
  const isWhole = verified.value.every(({ faults }) => faults.length === 0);
  if (path !== null && isWhole) {
    const heads = Object.fromEntries(verified.value.flatMap(({ firmId, head }) => (head ? [[firmId, head]] : [])));
    await writeFile(path, JSON.stringify({ ...remembered.value, ...heads }, null, 2), { mode: 0o600 });
    input.say(`The heads are remembered in ${path}. Keep it where the database's administrator cannot change it.`);
  }
  if (!isWhole) process.exitCode = 1;
  return ok({ firms: verified.value, whole: isWhole });
};

export const adminAuditCommands: Record<string, Command> = {
  'admin verify-audit': {
    usage: [
      '--url URL [--slug SLUG] [--anchor FILE]',
      'recompute the audit’s chain; --anchor remembers where it stood, and finds one that was rebuilt or cut back',
    ],
    options: ['url', 'slug', 'anchor'],
    run: verify,
  },
};
