import { err, ok, type Outcome } from '../../shared/result.ts';
import { withAdmin } from '../admin/admin.ts';
import { measureLoss } from '../admin/rollback-loss.ts';
import { migrateServer, rollbackServer, serverMigrations, type MigrationRun } from '../admin/server-migrations.ts';
import { readStatus } from '../admin/status.ts';
import { adminBackupCommands } from './admin-backup-commands.ts';
import { urlOf } from './admin-input.ts';
import { statusText } from './admin-status-text.ts';
import type { Command, CommandInput } from './command.ts';

function targetOf({ options }: CommandInput): Outcome<{ target?: number }> {
  const given = options['to'];
  if (given === undefined) return ok({});
  if (!/^\d+$/.test(given))
    return err({ code: 'invalid_input', what: '--to', reason: 'It takes a version number; 0 is before the first step.' });
  return ok({ target: Number(given) });
}

function stepOptions(input: CommandInput): { dryRun: boolean; onStep: (name: string) => void; onWait: () => void } {
  return {
    dryRun: input.dryRun,
    onStep: (name) => input.progress(`running ${name}`),
    onWait: () => input.progress('another administrator is migrating; waiting'),
  };
}

function tellRun(input: CommandInput, { from, to, steps }: MigrationRun): void {
  if (input.dryRun) for (const step of steps) input.say(`would run ${step}`);
  const way = `from version ${String(from)} to ${String(to)}.`;
  if (from === to) input.say(`The database is at version ${String(from)} already.`);
  else input.say(input.dryRun ? `It would go ${way}` : `It went ${way}`);
}

const migrate: Command['run'] = async (input) => {
  const target = targetOf(input);
  if (!target.ok) return target;
  return withAdmin(urlOf(input), async (admin) => {
    const migrated = await migrateServer(admin, serverMigrations(), { ...stepOptions(input), ...target.value });
    if (migrated.ok) tellRun(input, migrated.value);
    return migrated;
  });
};

/** Nothing with rows in it goes before its name and number were printed and somebody said --yes. */
const rollback: Command['run'] = async (input) => {
  const target = targetOf(input);
  if (!target.ok) return target;
  const migrations = serverMigrations();
  return withAdmin(urlOf(input), async (admin) => {
    const plan = await rollbackServer(admin, migrations, { ...target.value, dryRun: true });
    if (!plan.ok) return plan;
    const steps = plan.value.steps.flatMap((name) => migrations.filter((m) => m.name === name));
    const losses = await measureLoss(admin, steps);
    if (!losses.ok) return losses;
    for (const { what, rows } of losses.value) input.progress(`${input.dryRun ? 'would lose' : 'loses'} ${String(rows)} in ${what}`);
    if (!input.dryRun && losses.value.length > 0 && !input.flags.has('yes')) {
      const list = losses.value.map(({ what, rows }) => `${what} (${String(rows)})`).join(', ');
      const reason = `Rows would be lost for good: ${list}. Take a backup (steno admin backup), then add --yes. Nothing was changed.`;
      return err({ code: 'conflict', what: 'the database', reason });
    }
    const gone = input.dryRun ? plan : await rollbackServer(admin, migrations, { ...stepOptions(input), target: plan.value.to });
    if (!gone.ok) return gone;
    tellRun(input, gone.value);
    return ok({ ...gone.value, losses: losses.value });
  });
};

const status: Command['run'] = (input) =>
  withAdmin(urlOf(input), async (admin) => {
    const read = await readStatus(admin, serverMigrations());
    if (read.ok) input.say(statusText(read.value));
    return read;
  });

export const adminServerCommands: Record<string, Command> = {
  'admin migrate': {
    usage: ['--url URL [--to VERSION]', 'bring the database to the newest version, or up to one'],
    options: ['url', 'to'],
    run: migrate,
  },
  'admin rollback': {
    usage: ['--url URL [--to VERSION] [--yes]', 'one version back, or back to one; says first whose rows are lost'],
    options: ['url', 'to'],
    flags: ['yes'],
    run: rollback,
  },
  'admin status': { usage: ['--url URL', 'version, pending steps, roles, sizes, people of a server'], options: ['url'], run: status },
  ...adminBackupCommands,
};
