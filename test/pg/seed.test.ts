import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/main/admin/audit/verify-audit.ts';
import { adminCommands } from '../../src/main/cli/admin-commands.ts';
import { Role } from '../../src/shared/session.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { runCommand } from '../support/run-command.ts';

const { admin, database } = await createPgWorld();
const url = `postgres://${database.user}:${database.password}@${database.host}:${String(database.port)}/${database.database}`;

const seed = (...words: string[]): ReturnType<typeof runCommand> => runCommand(adminCommands['admin seed'], ['--url', url, ...words]);

async function count(sql: string): Promise<number> {
  return Number((await admin.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n);
}

test('admin seed makes a firm with a person of each role, templates of real use and matters; once', async () => {
  const dry = await seed('--dry-run');
  expect(dry.outcome.ok).toBe(true);
  expect(await count(`steno.firm where firm_slug = 'pardo'`)).toBe(0);
  for (const made of [true, false]) {
    const { outcome } = await seed();
    expect(outcome).toMatchObject({ ok: true, value: { made, slug: 'pardo' } });
  }
  const of = `(select firm_id from steno.firm where firm_slug = 'pardo')`;
  const { rows } = await admin.query<{ role: string }>(`select distinct role from steno."user" where firm_id = ${of}`);
  expect(rows.map(({ role }) => role).sort()).toEqual([...Role.options].sort());
  expect(await count(`steno.template where firm_id = ${of} and is_active`)).toBeGreaterThanOrEqual(6);
  expect(await count(`(select from steno.template where firm_id = ${of} and is_default group by category having count(*) > 1) twice`)).toBe(
    0,
  );
  expect(await count(`steno.matter where firm_id = ${of}`)).toBe(3);
});

test('a firm for measuring has the sizes it says, an audit that verifies, and is made once', async () => {
  const { outcome } = await seed('--size', 'small', '--slug', 'scale');
  expect(outcome).toMatchObject({ ok: true, value: { slug: 'scale', rows: { letters: 20_000, 'audit events': 50_000 } } });
  expect(await count(`steno.demand_letter where firm_id = (select firm_id from steno.firm where firm_slug = 'scale')`)).toBe(20_000);
  expect(must(await verifyAudit(admin, { slug: 'scale' }))).toMatchObject([{ events: 50_000, batches: 500, faults: [] }]);
  const again = await seed('--size', 'small', '--slug', 'scale');
  expect(again.outcome).toMatchObject({ ok: false, error: { code: 'conflict' } });
});
