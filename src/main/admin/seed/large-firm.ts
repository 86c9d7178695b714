import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { freshId } from '../../host/ids.ts';
import { sealAudit } from './seal-audit.ts';

/** How much of each; `large` is what the goals P9 and P14 are measured at. */
export const seedSizes = {
  small: { letters: 20_000, contracts: 2_000, auditEvents: 50_000, rooms: 200, busyRooms: 2, messagesPerRoom: 10_000 },
  large: { letters: 1_000_000, contracts: 100_000, auditEvents: 5_000_000, rooms: 200, busyRooms: 20, messagesPerRoom: 10_000 },
} as const;
export type SeedSize = keyof typeof seedSizes;

/** Rows a statement: enough to be fast, few enough that progress moves. */
const chunk = 50_000;
const eventsPerBatch = 100;

interface Step {
  what: string;
  rows: number;
  /** Inserts rows number $2 to $3 of firm $1; the functions of pg_temp below give ids and times by number. */
  sql: string;
}

/*
 * Ids like the app's (UUID v7: time, then the row's number) and times spread over a year, so that indexes look as they do in a firm in use.
 * By number, so that children find their parents without a lookup.
 */
const helpers = `
  create function pg_temp.moment(n bigint, total bigint) returns timestamptz language sql stable as
    $$ select date_trunc('day', now()) - interval '364 days' + (interval '363 days' * (n::double precision / total)) $$;
  create function pg_temp.id_of(kind integer, n bigint) returns uuid language sql immutable as
    $$ select (lpad(to_hex(1735689600000 + n), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`;

const kind = {
  matter: 1,
  letter: 2,
  document: 3,
  fact: 4,
  template: 5,
  contract: 6,
  extraction: 7,
  field: 8,
  room: 9,
  message: 10,
  user: 11,
  refinement: 12,
  participant: 13,
} as const;
const id = (of: keyof typeof kind, n: string): string => `pg_temp.id_of(${String(kind[of])}, ${n})`;

function stepsFor(size: SeedSize): Step[] {
  const { letters, contracts, rooms, busyRooms } = seedSizes[size];
  const messages = busyRooms * seedSizes[size].messagesPerRoom;
  const matters = Math.ceil(letters / 10);
  const status = `(array['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived'])[1 + n % 5]`;
  return [
    {
      what: 'matters',
      rows: matters,
      sql: `insert into steno.matter (firm_id, matter_id, title, case_reference, status, created_at, updated_at)
        select $1, ${id('matter', 'n')}, 'Client ' || n || ' v. Carrier ' || n % 97, 'REF-' || n, case when n % 7 = 0 then 'Closed' else 'Open' end, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(matters)}) as t) m`,
    },
    {
      what: 'documents',
      rows: matters * 2,
      sql: `insert into steno.source_document (firm_id, document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status, page_count, created_at, updated_at)
        select $1, ${id('document', 'n')}, ${id('matter', `1 + (n - 1) % ${String(matters)}`)}, 'file ' || n || '.pdf', 'file ' || n || '.pdf', 'application/pdf', 100000 + n,
          encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), (array['Medical_Record', 'Bill', 'Police_Report', 'Other'])[1 + n % 4], 'read', 1 + n % 30, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(matters * 2)}) as t) m`,
    },
    {
      what: 'facts',
      rows: matters * 2,
      sql: `insert into steno.fact (firm_id, fact_id, matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method, state, created_at, updated_at)
        select $1, ${id('fact', 'n')}, ${id('matter', `1 + (n - 1) % ${String(matters)}`)}, ${id('document', `1 + (n - 1) % ${String(matters)}`)},
          case when n <= ${String(matters)} then 'client_name' else 'defendant_name' end, 'Name ' || n, 'name ' || n, 90, 1, 0, 8, 'Name ' || n, 'rule', 'approved', t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(matters * 2)}) as t) m`,
    },
    {
      what: 'letters',
      rows: letters,
      sql: `insert into steno.demand_letter (firm_id, letter_id, matter_id, template_id, title, letter_date, demand_cents, status, finalized_at, created_by, created_at, updated_at)
        select $1, ${id('letter', 'n')}, ${id('matter', `1 + (n - 1) % ${String(matters)}`)}, ${id('template', '1 + n % 5')}, 'Demand ' || n, t::date, n * 100, ${status},
          case when n % 5 >= 2 then t end, ${id('user', '1 + n % 40')}, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(letters)}) as t) m`,
    },
    {
      what: 'refinements',
      rows: matters,
      sql: `insert into steno.ai_refinement (firm_id, refinement_id, letter_id, instruction, provider, ai_model, prompt_version, input_content, output_content, status, completed_at, created_at, updated_at)
        select $1, ${id('refinement', 'n')}, ${id('letter', `1 + (n * 7) % ${String(letters)}`)}, 'Firmer', 'offline', 'rules', '1', 'Before', 'After', 'Completed', t, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(matters)}) as t) m`,
    },
    {
      what: 'contracts',
      rows: contracts,
      sql: `insert into steno.contract (firm_id, contract_id, matter_id, contract_kind, contract_number, administrator, customer_name, governing_state, effective_on, price_cents, term_months, created_by, created_at, updated_at)
        select $1, ${id('contract', 'n')}, ${id('matter', `1 + (n - 1) % ${String(matters)}`)}, (array['GAP', 'Service_Contract', 'Maintenance'])[1 + n % 3], 'C-' || n, 'Administrator ' || n % 50,
          'Customer #' || n, 'TX', t::date, 89500 + n % 10000, 60, ${id('user', '1 + n % 40')}, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(contracts)}) as t) m`,
    },
    {
      what: 'extractions',
      rows: contracts,
      sql: `insert into steno.extraction (firm_id, extraction_id, contract_id, provider, model_version, prompt_version, overall_confidence, status, decided_at, created_at, updated_at)
        select $1, ${id('extraction', 'n')}, ${id('contract', 'n')}, 'rule', '1', '1', 50 + n % 50, case when n % 10 = 0 then 'pending' else 'approved' end, case when n % 10 <> 0 then t end, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(contracts)}) as t) m`,
    },
    {
      what: 'extraction fields',
      rows: contracts * 10,
      sql: `insert into steno.extraction_field (firm_id, field_id, extraction_id, field_name, value, normal, confidence, page, start_offset, end_offset, quote, created_at, updated_at)
        select $1, ${id('field', 'n')}, ${id('extraction', '1 + (n - 1) / 10')}, 'field_' || n % 10, 'Value ' || n, 'value ' || n, 60 + n % 40, 1, 0, 10, 'Value ' || n, t, t
        from generate_series($2::bigint, $3::bigint) n, lateral (select pg_temp.moment(n, ${String(contracts * 10)}) as t) m`,
    },
    {
      what: 'rooms',
      rows: rooms,
      sql: `insert into steno.room (firm_id, room_id, matter_id, name) select $1, ${id('room', 'n')}, ${id('matter', 'n')}, 'Room ' || n from generate_series($2::bigint, $3::bigint) n`,
    },
    {
      what: 'participants',
      rows: rooms * 40,
      sql: `insert into steno.room_participant (firm_id, participant_id, room_id, user_id)
        select $1, ${id('participant', 'n')}, ${id('room', '1 + (n - 1) / 40')}, ${id('user', '1 + (n - 1) % 40')} from generate_series($2::bigint, $3::bigint) n`,
    },
    {
      what: 'messages',
      rows: messages,
      sql: `with said as (
          select n, pg_temp.moment(n, ${String(messages)}) as t, ${id('message', 'n')} as message_id, ${id('room', `1 + (n - 1) % ${String(busyRooms)}`)} as room_id
          from generate_series($2::bigint, $3::bigint) n
        ), keys as (insert into steno.message_key (firm_id, message_id, room_id, created_at) select $1, message_id, room_id, t from said)
        insert into steno.message (firm_id, message_id, room_id, sender_id, content, delivery_status, created_at, updated_at)
        select $1, message_id, room_id, ${id('user', '1 + n % 40')}, 'Message ' || n || ' about the records of the client', 'delivered', t, t from said`,
    },
    {
      what: 'audit events',
      rows: seedSizes[size].auditEvents,
      sql: `insert into steno.audit_event (firm_id, occurred_at, event_number, batch_id, table_name, row_key, action, old_values, new_values, user_id, login, application)
        select $1, pg_temp.moment((n - 1) / ${String(eventsPerBatch)}, ${String(seedSizes[size].auditEvents / eventsPerBatch)}), n + $4::bigint, pg_temp.id_of(99, (n - 1) / ${String(eventsPerBatch)}),
          'demand_letter', (${id('letter', `1 + n % ${String(letters)}`)})::text, 'update', jsonb_build_object('title', 'Demand ' || n - 1), jsonb_build_object('title', 'Demand ' || n),
          ${id('user', '1 + n % 40')}, 'steno_client', 'steno'
        from generate_series($2::bigint, $3::bigint) n`,
    },
  ];
}

/**
 * A firm of that size for measuring and drills, beside whatever is there. Rows are made in bulk with triggers off, then the audit's chain is
 * sealed over its events as the triggers would have. Errors: conflict (the slug is taken), forbidden (not a superuser).
 */
export async function seedLargeFirm(
  admin: pg.Client,
  slug: string,
  size: SeedSize,
  onProgress: (text: string) => void,
): Promise<Outcome<{ firmId: string; slug: string; rows: Record<string, number>; ms: number }>> {
  const started = Date.now();
  if ((await admin.query('select from steno.firm where firm_slug = $1', [slug])).rowCount)
    return err({ code: 'conflict', what: `a firm with the name "${slug}"`, reason: 'There is one already. Nothing was changed.' });
  const firmId = freshId();
  await admin.query(helpers);
  await admin.query(`set session_replication_role = replica; set synchronous_commit = off; set timezone = 'UTC'`);
  try {
    for (const table of ['audit_event', 'message'])
      await admin.query(`call steno.make_partitions('${table}', (now() - interval '12 months')::date, null)`);
    await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firmId, `Firm of size ${size}`, slug]);
    await makePeople(admin, firmId);
    await makeNeighbours(admin, slug);
    const firstEvent = await reserveEventNumbers(admin, seedSizes[size].auditEvents);
    const rows: Record<string, number> = {};
    for (const { what, rows: total, sql } of stepsFor(size)) {
      for (let from = 1; from <= total; from += chunk) {
        const last = Math.min(total, from + chunk - 1);
        await admin.query(sql, sql.includes('$4') ? [firmId, from, last, firstEvent] : [firmId, from, last]);
        onProgress(`${what}: ${String(last)} of ${String(total)}`);
      }
      rows[what] = total;
    }
    onProgress('sealing the audit');
    rows['audit batches'] = await sealAudit(admin, firmId);
    onProgress('analyzing');
    await analyzeFilled(admin);
    return ok({ firmId, slug, rows, ms: Date.now() - started });
  } finally {
    await admin.query('reset session_replication_role; reset synchronous_commit; reset timezone');
  }
}

/** Statistics of what was filled, and of nothing else: those that say "empty" would have plans read all of a table when it no longer is. */
async function analyzeFilled(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relnamespace = 'steno'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0`,
  );
  for (const { name } of rows) await admin.query(`analyze ${name}`);
  await admin.query('analyze steno.audit_event, steno.message');
}

/** Forty people, and five templates. */
async function makePeople(admin: pg.Client, firmId: string): Promise<void> {
  await admin.query(
    `insert into steno."user" (firm_id, user_id, email, first_name, last_name, role)
     select $1, ${id('user', 'n')}, 'person' || n || '@' || n || '.example', 'Person', n::text, (array['Admin', 'Attorney', 'Paralegal', 'Viewer'])[1 + n % 4] from generate_series(1, 40) n`,
    [firmId],
  );
  await admin.query(
    `insert into steno.template (firm_id, template_id, template_name, template_content, category)
     select $1, ${id('template', 'n')}, 'Template ' || n, '{"sections": []}', 'Category ' || n % 3 from generate_series(1, 5) n`,
    [firmId],
  );
}

const neighbours = 200;

/** Other firms on the same server, with templates: what an index that begins with the firm is for. */
async function makeNeighbours(admin: pg.Client, slug: string): Promise<void> {
  await admin.query(
    `insert into steno.firm (firm_id, firm_name, firm_slug) select gen_random_uuid(), 'Neighbour ' || n, $1 || '-' || n from generate_series(1, $2) n`,
    [slug, neighbours],
  );
  await admin.query(
    `insert into steno.template (firm_id, template_id, template_name, template_content, category)
     select f.firm_id, gen_random_uuid(), 'Template ' || n, '{"sections": []}', 'Category ' || n % 3 from steno.firm f cross join generate_series(1, 20) n where f.firm_name like 'Neighbour %' and f.firm_slug::text like $1 || '-%'`,
    [slug],
  );
}

/** Numbers that no event of anybody else will get. */
async function reserveEventNumbers(admin: pg.Client, count: number): Promise<string> {
  const { rows } = await admin.query<{ first: string }>(`select nextval('steno.audit_event_number') as first`);
  const first = rows[0]?.first ?? '0';
  await admin.query(`select setval('steno.audit_event_number', $1::bigint + $2)`, [first, count]);
  return first;
}
