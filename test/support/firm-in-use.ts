import type pg from 'pg';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { fillFirm } from './full-firm.ts';
import { patching } from './mutations.ts';
import type { PgWorld } from './pg-world.ts';

export const everyRole = ['Admin', 'Attorney', 'Paralegal', 'Viewer'] as const;
type EveryRole = (typeof everyRole)[number];

export interface Firm {
  /** The row of this entity that the firm was filled with. */
  filled: (entity: string) => Mutation;
  idOf: (entity: string) => string;
  /** Each mutation's verdict in one word or two; all of them one push. */
  pushed: (role: EveryRole, ...mutations: Mutation[]) => Promise<string[]>;
  change: (entity: string, patch: Mutation['patch'], id?: string) => Mutation;
  /** Puts a row into a state past all triggers, as if it had come there. */
  force: (table: string, id: string, rowId: string, values: Record<string, unknown>) => Promise<void>;
  /** The code that refuses a statement of the administrator, or 'done'; nothing of it stays done. */
  refusal: (statement: string, parameters?: unknown[]) => Promise<string>;
}

/** Firm one with a row in every table, and a hand for each role. */
export async function createFullFirm(world: PgWorld): Promise<Firm> {
  const { admin, firms } = world;
  const remotes = new Map<EveryRole, Remote>();
  const as = async (role: EveryRole): Promise<Remote> => {
    const remote = remotes.get(role) ?? (await world.connect('one', role));
    remotes.set(role, remote);
    return remote;
  };
  const mutations = await fillFirm(await as('Attorney'), await as('Paralegal'), admin);
  const filled = (entity: string): Mutation => {
    const found = mutations.get(entity);
    if (!found) throw new Error(`nothing was filled in for ${entity}`);
    return found;
  };
  const idOf = (entity: string): string => filled(entity).entityId;

  return {
    filled,
    idOf,
    async pushed(role, ...batch) {
      const verdicts = await (await as(role)).push(batch);
      return verdicts.map((verdict) => ('reason' in verdict && verdict.reason ? verdict.reason : verdict.verdict));
    },
    change: (entity, patch, id = idOf(entity)) => patching(entity, id, 1_000_000, patch),
    async force(table, id, rowId, values) {
      const columns = Object.keys(values).join(', ');
      await admin.query('begin');
      await admin.query('set local session_replication_role = replica');
      const { rowCount } = await admin.query(
        `update steno.${table} set (${columns}) = (select ${columns} from jsonb_populate_record(null::steno.${table}, $1)) where firm_id = $2 and ${id} = $3`,
        [JSON.stringify(values), firms.one.firmId, rowId],
      );
      await admin.query('commit');
      if (rowCount !== 1) throw new Error(`no ${table} to force`);
    },
    async refusal(statement, parameters = []) {
      await admin.query('begin');
      try {
        await admin.query(statement, parameters);
        return 'done';
      } catch (error) {
        const { code, message, constraint } = error as pg.DatabaseError;
        return code === 'SN001' ? message : (constraint ?? message);
      } finally {
        await admin.query('rollback');
      }
    },
  };
}
