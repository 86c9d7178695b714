import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Rescued } from '../rescue/read-rescue.ts';

export interface Imported {
  /** Changes that wait as proposals of their author now. */
  proposed: number;
  /** Changes that the firm had judged or kept before: nothing was done about them. */
  known: number;
  /** Changes of kinds that are no proposals (a decision about a conflict): they stand in the exported text only. */
  left: number;
}

/**
 * Hands what was in a rescue file to the firm as proposals of its author, for who may decide. Each mutationId counts once, whichever way it comes:
 * a laptop that sends one of them later is told that it waits as a proposal. The file is a stranger's until the firm knows the author and the laptop in it.
 * Errors: not_found (the firm), forbidden (not of this firm, or of no laptop that its author signed in on).
 */
export async function importRescued(admin: pg.Client, slug: string, { about, changes }: Rescued): Promise<Outcome<Imported>> {
  const { rows: firms } = await admin.query<{ id: string }>('select firm_id as id from steno.firm where firm_slug = $1::public.citext', [
    slug,
  ]);
  const firmId = firms[0]?.id;
  if (firmId === undefined) return err({ code: 'not_found', what: `the firm "${slug}"` });
  const isKnown =
    about.firm?.firmId === firmId &&
    (
      await admin.query('select from auth.device where firm_id = $1 and user_id::text = $2 and device_id::text = $3', [
        firmId,
        about.author?.userId,
        about.deviceId,
      ])
    ).rowCount === 1;
  if (!isKnown) {
    const reason = `Nobody of ${slug} signed in on the laptop that stands in it. Nothing was imported.`;
    return err({ code: 'forbidden', what: `${slug} by this rescue file`, reason });
  }
  const mutations = changes.map(({ mutation }) => mutation);
  const author = [firmId, about.author?.userId, about.deviceId];
  await admin.query('begin');
  try {
    const { rows } = await admin.query<Imported>(propose, [...author, JSON.stringify(mutations).replaceAll('\\u0000', '\\ufffd')]);
    await admin.query('commit');
    const [counts] = rows;
    return ok(counts ?? { proposed: 0, known: 0, left: 0 });
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** $1 firm, $2 author, $3 device, $4 mutations in order. Ids that are none are left out, as app.push refuses them. */
const propose = `
with sent as (
  select x.n, x.m ->> 'entity' as entity, steno.uuid_or_null(x.m ->> 'entityId') as entity_id, steno.uuid_or_null(x.m ->> 'mutationId') as id, x.m ->> 'op' as op,
    (x.m ->> 'baseRevision')::integer as base, x.m -> 'patch' as patch, e.table_name
  from jsonb_array_elements($4::jsonb) with ordinality x (m, n) left join steno.entity e on e.entity = x.m ->> 'entity' and e.proposes
), able as (
  select s.* from sent s where s.table_name is not null and s.id::text ~ '^.{14}[1-8].{4}[89ab]' and s.entity_id::text ~ '^.{14}[1-8].{4}[89ab]'
), fresh as (
  select a.* from able a
  where not exists (select from steno.mutation d where d.firm_id = $1 and d.mutation_id = a.id and (d.verdict ->> 'verdict' <> 'rejected' or d.verdict ? 'proposal'))
    and not exists (select from steno.proposal p where p.firm_id = $1 and p.mutation_id = a.id)
), placed as (
  select f.*, case when f.entity = 'letter' then f.entity_id
      when f.entity = 'collaboration' and f.op = 'patch' then coalesce((select c.letter_id from steno.collaboration c where c.firm_id = $1 and c.collaboration_id = f.entity_id),
        (select steno.uuid_or_null(q.patch ->> 'letter_id') from fresh q where q.entity_id = f.entity_id and q.op = 'insert' limit 1))
      else steno.uuid_or_null(f.patch ->> 'letter_id') end as letter_id, steno.uuid_or_null(f.patch ->> 'parent_id') as parent_id,
    steno.uuid_or_null(f.patch ->> 'document_id') as document_id, steno.uuid_or_null(f.patch ->> 'matter_id') as named_matter
  from fresh f
), added as (
  insert into steno.proposal (firm_id, proposal_id, matter_id, letter_id, entity, entity_id, mutation_id, op, base_revision, patch, reason, proposed_by, proposed_device, ordinal, created_by)
  select $1, p.id,
    (select m.matter_id from steno.matter m where m.firm_id = $1 and m.matter_id = coalesce(
      case when p.entity = 'matter' then p.entity_id end,
      (select l.matter_id from steno.demand_letter l where l.firm_id = $1 and l.letter_id = p.letter_id),
      p.named_matter,
      (select d.matter_id from steno.source_document d where d.firm_id = $1 and d.document_id in (p.document_id, p.entity_id) limit 1),
      (select t.matter_id from steno.fact t where t.firm_id = $1 and t.fact_id = p.entity_id),
      (select t.matter_id from steno.bill_line t where t.firm_id = $1 and t.bill_line_id = p.entity_id))),
    p.letter_id, p.entity, p.entity_id, p.id, p.op, p.base, p.patch,
    case when exists (select from placed q where q.op = 'insert' and q.id <> p.id and q.entity_id in (p.entity_id, p.letter_id, p.parent_id, p.document_id, p.named_matter)) then 'parent_proposed' else 'rescued' end,
    $2, $3, coalesce((select max(o.ordinal) from steno.proposal o where o.firm_id = $1 and o.proposed_by = $2), 0) + p.n, $2
  from placed p order by p.n
  on conflict do nothing
  returning proposal_id, entity, entity_id
), judged as (
  -- whoever sends one of them later gets this verdict
  insert into steno.mutation (firm_id, mutation_id, device_id, user_id, entity, entity_id, verdict)
  select $1, a.proposal_id, $3, $2, a.entity, a.entity_id, jsonb_build_object('verdict', 'rejected', 'reason', 'rescued', 'proposal', a.proposal_id) from added a
  on conflict (firm_id, mutation_id) do update set verdict = steno.mutation.verdict || jsonb_build_object('proposal', excluded.mutation_id)
)
select (select count(*) from added)::integer as proposed,
  ((select count(*) from able) - (select count(*) from added))::integer as known,
  ((select count(*) from sent) - (select count(*) from able))::integer as left`;
