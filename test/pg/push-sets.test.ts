import { expect, test } from 'vitest';
import { createPgWorld } from '../support/pg-world.ts';
import { firstDifference, makeTwins } from '../support/push-twins.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`push-sets seed ${String(seed)} (repeat with STENO_SEED)`);
const histories = process.env['STENO_SEED'] ? 1 : Number(process.env['STENO_HISTORIES'] ?? 12);

const inSets = await createPgWorld();
const oneByOne = await createPgWorld(undefined, inSets);
const twins = await makeTwins([inSets, oneByOne]);
await oneByOne.admin.query(`
  create or replace function steno.push_sets(changes steno.change[], shapes steno.shape[], refused steno.change[], session auth.session) returns steno.judged[]
  language sql volatile set search_path = steno, pg_temp as 'select steno.push_one_by_one(changes, shapes, refused, session)'`);

test('[S2] [S3] [S4] [S8] batches judged in sets end as batches judged change by change: verdicts, rows, conflicts, feed and audit', async () => {
  const seen = new Set<string>();
  for (let n = 0; n < histories; n += 1) expect(await firstDifference(twins, seed + n, seen)).toBeNull();
}, 300_000);
