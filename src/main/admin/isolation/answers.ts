import type pg from 'pg';
import { freshId } from '../../host/ids.ts';
import type { Breach } from './attempts.ts';
import { sha256, type ProbeFirm } from './probe-firm.ts';

/*
 * Existence leaks: every function that laptops may call is asked about something of the victim and about something nobody has.
 * The answers must be the same, or an id guessed or overheard would tell whose client is whose.
 */

interface Argument {
  name: string;
  type: string;
}

/** Asks with another firm's Admin; the functions whose answers differ. `line` is already the laptops' login. */
export async function compareAnswers(line: pg.Client, victim: ProbeFirm, other: ProbeFirm): Promise<{ breaches: Breach[]; tried: number }> {
  const breaches: Breach[] = [];
  let tried = 0;
  const { rows } = await line.query<{ name: string; args: Argument[] }>(
    `select format('%I.%I', n.nspname, p.proname) as name,
       (select coalesce(jsonb_agg(jsonb_build_object('name', p.proargnames[i], 'type', format_type(p.proargtypes[i - 1], null)) order by i), '[]')
        from generate_series(1, p.pronargs) i) as args
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app' order by 1`,
  );
  for (const { name, args } of rows) {
    const places = args.map((_, n) => `$${String(n + 1)}`).join(', ');
    const ask = (known: boolean): Promise<string> =>
      answerOf(
        line,
        `select ${name}(${places}) as answer`,
        args.map((argument) => argumentFor(argument, known, victim, other)),
      );
    tried += 1;
    const [foreign, nobodys] = [await ask(true), await ask(false)];
    if (foreign !== nobodys)
      breaches.push({
        attacker: "another firm's Admin",
        table: name,
        how: `answers ${foreign} for what is there, ${nobodys} for what is not`,
      });
  }
  return { breaches, tried };
}

function argumentFor({ name, type }: Argument, known: boolean, victim: ProbeFirm, other: ProbeFirm): unknown {
  if (name === 'token') return other.tokens.Admin;
  if (name === 'slug') return known ? victim.slug : 'nobody-has-this';
  if (name === 'email') return known ? 'admin@probe.invalid' : 'nobody@probe.invalid';
  if (name === 'hash') return (known ? victim.ids.get('content_hash') : null) ?? sha256(freshId()).toString('hex');
  if (name === 'hashes') return [(known ? victim.ids.get('content_hash') : null) ?? sha256(freshId()).toString('hex')];
  if (name === 'chunks') return [0, 1];
  if (name === 'digests') return sha256('x'); // of one chunk
  if (name === 'op') return 'get';
  if (type === 'uuid') return (known ? (victim.ids.get(name) ?? [...victim.ids.values()][0]) : null) ?? freshId();
  if (/^(bigint|integer)$/.test(type)) return 0;
  if (type === 'boolean') return false;
  if (type === 'jsonb') return '[]';
  if (/\[\]$/.test(type)) return [];
  if (type === 'bytea') return Buffer.from('x');
  return 'x';
}

async function answerOf(line: pg.Client, sql: string, values: unknown[]): Promise<string> {
  await line.query('savepoint answer');
  try {
    return JSON.stringify((await line.query<{ answer: unknown }>(sql, values)).rows.map(({ answer }) => answer));
  } catch (error) {
    const { code, message, constraint } = error as { code?: string; message?: string; constraint?: string };
    return `${code ?? ''} ${message ?? ''} ${constraint ?? ''}`;
  } finally {
    await line.query('rollback to savepoint answer');
  }
}

interface Entity {
  entity: string;
  tableName: string;
  idColumn: string;
  row: Record<string, unknown>;
  parents: string[];
}

/** Rows of the victim as they could be pushed, with the fields that name other rows. Asked as administrator, before the line is the attacker's. */
export async function listEntities(admin: pg.Client, victim: ProbeFirm): Promise<Entity[]> {
  const { rows } = await admin.query<Omit<Entity, 'row'> & { fields: string[] }>(
    `select e.entity, e.table_name as "tableName", e.id_column as "idColumn", (select array_agg(f.field order by f.field) from steno.entity_field f where f.entity = e.entity) as fields,
       coalesce((select array_agg(distinct a.attname::text) from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
         where k.conrelid = format('steno.%I', e.table_name)::regclass and k.contype = 'f' and a.attname not in ('firm_id', 'created_by', e.id_column)), '{}') as parents
     from steno.entity e where e.write_permission is not null and e.is_insertable order by 1`,
  );
  const entities: Entity[] = [];
  for (const { fields, ...entity } of rows) {
    const found = await admin.query<{ row: Record<string, unknown> }>(
      `select jsonb_strip_nulls(to_jsonb(t)) as row from steno."${entity.tableName}" t where firm_id = $1 limit 1`,
      [victim.firmId],
    );
    const row = Object.fromEntries(Object.entries(found.rows[0]?.row ?? {}).filter(([field]) => fields.includes(field)));
    const id = found.rows[0]?.row[entity.idColumn];
    if (typeof id === 'string') victim.ids.set(`${entity.entity} row`, id);
    entities.push({ ...entity, row });
  }
  return entities;
}

/** The same for what is pushed: foreign ids as row, as parent and as key of one's own row. */
export async function comparePushes(
  line: pg.Client,
  entities: Entity[],
  victim: ProbeFirm,
  other: ProbeFirm,
): Promise<{ breaches: Breach[]; tried: number }> {
  const breaches: Breach[] = [];
  let tried = 0;
  const verdict = async (entity: string, entityId: string, op: 'insert' | 'patch', patch: Record<string, unknown>): Promise<string> => {
    const mutation = { mutationId: freshId(), entity, entityId, op, baseRevision: 1, patch };
    const answer = await answerOf(line, 'select app.push($1, $2::jsonb) as answer', [other.tokens.Admin, JSON.stringify([mutation])]);
    return answer
      .replaceAll(mutation.mutationId, 'id')
      .replaceAll(entityId, 'row')
      .replace(/"position":\d+/, '');
  };
  for (const { entity, row, parents } of entities) {
    const foreignId = victim.ids.get(`${entity} row`) ?? '';
    const withParents = (idOf: (field: string) => string): Record<string, unknown> =>
      Object.fromEntries(Object.entries(row).map(([field, value]) => [field, parents.includes(field) ? idOf(field) : value]));
    const orphan = withParents(() => freshId());
    const own = withParents((field) => other.ids.get(field) ?? freshId());
    const pairs: [how: string, foreign: string, nobodys: string][] = [
      ['changing it', await verdict(entity, foreignId, 'patch', row), await verdict(entity, freshId(), 'patch', row)],
      ['naming its parents', await verdict(entity, freshId(), 'insert', row), await verdict(entity, freshId(), 'insert', orphan)],
      ['taking its key', await verdict(entity, foreignId, 'insert', own), await verdict(entity, freshId(), 'insert', own)],
    ];
    for (const [how, foreign, nobodys] of pairs) {
      tried += 1;
      if (foreign !== nobodys)
        breaches.push({
          attacker: "another firm's Admin",
          table: `push of ${entity}`,
          how: `${how}: ${foreign} for what is there, ${nobodys} for what is not`,
        });
    }
  }
  return { breaches, tried };
}
