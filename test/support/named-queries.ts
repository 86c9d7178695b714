import type pg from 'pg';

/** A named query of the documents: as a laptop asks it, and the same text without policies. */
export interface NamedQuery {
  name: string;
  goal: 'P9' | 'P14';
  limitMs: number;
  call: string;
  raw: string;
  /** An index its plan must use. */
  index: string;
}

/** Each with arguments that find rows of this firm. `admin` passes the policies. */
export async function namedQueries(admin: pg.Client, firmId: string): Promise<NamedQuery[]> {
  const one = async (sql: string): Promise<string> => String((await admin.query<{ id: string }>(sql, [firmId])).rows[0]?.id);
  const letter = await one('select letter_id as id from steno.ai_refinement where firm_id = $1 offset 100 limit 1');
  const user = await one(`select created_by as id from steno.demand_letter where firm_id = $1 limit 1`);
  const contract = await one('select contract_id as id from steno.contract where firm_id = $1 offset 100 limit 1');
  const room = await one('select room_id as id from steno.message where firm_id = $1 limit 1');
  const first = `'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'`;
  const all: [name: string, goal: 'P9' | 'P14', limitMs: number, args: string, index: string][] = [
    ['letter_dashboard', 'P9', 5, `${first}, 50`, 'demand_letter_firm_updated_at_idx'],
    ['letter_with_documents', 'P9', 5, `'${letter}'`, 'demand_letter_pkey'],
    ['templates_by_category', 'P9', 5, `'Category 1'`, 'template_category_idx'],
    ['refinement_history', 'P9', 5, `'${letter}', 20`, 'ai_refinement_letter_idx'],
    ['user_activity', 'P9', 5, `${first}, 100`, 'demand_letter_activity_idx'],
    ['row_history', 'P9', 5, `'demand_letter', '${letter}', 20`, 'audit_event_row_idx'],
    ['contract_list', 'P14', 100, `${first}, 50`, 'contract_updated_at_idx'],
    ['extraction_queue', 'P14', 100, '50', 'extraction_pending_idx'],
    ['contract_values', 'P14', 100, `'${contract}'`, 'extraction_field_firm_id_extraction_id_field_name_key'],
    ['room_messages', 'P14', 50, `'${room}', 'infinity', 50`, 'message_room_idx'],
    ['room_participants', 'P14', 5, `'${room}'`, 'room_participant_firm_id_room_id_user_id_key'],
    ['person_history', 'P9', 5, `'${user}', 'infinity', 50`, 'audit_event_user_idx'],
  ];
  const queries: NamedQuery[] = [];
  for (const [name, goal, limitMs, args, index] of all)
    queries.push({
      name,
      goal,
      limitMs,
      index,
      call: `select * from app.${name}(${args})`,
      raw: await withoutPolicies(admin, name, args, firmId),
    });
  return queries;
}

/**
 * The function's own text as a function of this session that has the firm written into it: what the query would cost if nobody had to be kept
 * out. A function like the other, so that the two differ in the policies alone.
 */
async function withoutPolicies(admin: pg.Client, name: string, args: string, firmId: string): Promise<string> {
  const { rows } = await admin.query<{ definition: string }>(
    `select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = 'app'::regnamespace and proname = $1`,
    [name],
  );
  const definition = rows[0]?.definition ?? '';
  const bare = definition.replaceAll(/steno\.("?\w+"?) (\w)\b/g, `(select * from steno.$1 where firm_id = '${firmId}') $2`);
  await admin.query(bare.replace(`app.${name}(`, `pg_temp.${name}(`));
  return `select * from pg_temp.${name}(${args})`;
}
