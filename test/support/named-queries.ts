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
  const letter = await one('select letter_id as id from steno.demand_letter where firm_id = $1 offset 100 limit 1');
  const user = await one(`select created_by as id from steno.demand_letter where firm_id = $1 limit 1`);
  const first = `'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'`;
  const all: [name: string, goal: 'P9' | 'P14', limitMs: number, args: string, index: string][] = [
    ['letter_dashboard', 'P9', 5, `${first}, 50`, 'demand_letter_firm_updated_at_idx'],
    ['letter_with_documents', 'P9', 5, `'${letter}'`, 'demand_letter_pkey'],
    ['templates_by_category', 'P9', 5, `'Category 1'`, 'template_category_idx'],
    ['refinement_history', 'P9', 5, `'${letter}', 20`, 'ai_refinement_letter_idx'],
    ['user_activity', 'P9', 5, `${first}, 100`, 'demand_letter_activity_idx'],
    ['row_history', 'P9', 5, `'demand_letter', '${letter}', 20`, 'audit_event_row_idx'],
    ['person_history', 'P9', 5, `'${user}', 'infinity', 50`, 'audit_event_user_idx'],
  ];
  return Promise.all(
    all.map(async ([name, goal, limitMs, args, index]) => ({
      name,
      goal,
      limitMs,
      index,
      call: `select * from app.${name}(${args})`,
      raw: await withoutPolicies(admin, name, args, firmId),
    })),
  );
}

/** The function's own text with its arguments and the firm written in: what the query would cost if nobody had to be kept out. */
async function withoutPolicies(admin: pg.Client, name: string, args: string, firmId: string): Promise<string> {
  const { rows } = await admin.query<{ body: string; names: string[]; types: string[] }>(
    `select prosrc as body, proargnames[1:pronargs] as names, (select array_agg(format_type(t, null) order by n) from unnest(proargtypes) with ordinality x (t, n)) as types
     from pg_proc where pronamespace = 'app'::regnamespace and proname = $1`,
    [name],
  );
  const [found] = rows;
  if (!found) throw new Error(`there is no app.${name}`);
  const values = args.split(', ');
  let text = found.body.replaceAll(/steno\.("?\w+"?) (\w)\b/g, `(select * from steno.$1 where firm_id = '${firmId}') $2`);
  found.names.forEach((parameter, n) => {
    text = text.replaceAll(new RegExp(`(?<![.\\w])${parameter}\\b`, 'g'), `${values[n] ?? ''}::${found.types[n] ?? ''}`);
  });
  return text;
}
