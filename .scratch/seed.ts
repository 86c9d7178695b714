import type pg from 'pg';
// 100k rows: matters 2k, documents 8k, facts 50k, bill lines 20k, letters 2k, letter_updates 14k, pages 4k
const helpers = `
  create or replace function pg_temp.id_of(kind integer, n bigint) returns uuid language sql immutable as
    $$ select (lpad(to_hex(1735689600000 + n * 977), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$`;
export async function seedMix(admin: pg.Client, firmId: string, scale = 1): Promise<number> {
  await admin.query(helpers);
  await admin.query(`set session_replication_role = replica; set synchronous_commit = off; set timezone='UTC'`);
  const M = 2000 * scale, D = 8000 * scale, F = 50000 * scale, B = 20000 * scale, L = 2000 * scale, U = 14000 * scale, P = 4000 * scale;
  const id = (k: number, n: string) => `pg_temp.id_of(${k}, ${n})`;
  const t = `now() - make_interval(secs => (n % 30000000)::double precision)`;
  const run = async (sql: string, n: number) => { for (let a = 1; a <= n; a += 50000) await admin.query(sql, [firmId, a, Math.min(n, a + 49999)]); };
  await run(`insert into steno.matter (firm_id, matter_id, title, case_reference, created_at, updated_at) select $1, ${id(1,'n')}, 'Client ' || n || ' v. Carrier ' || n % 97, 'REF-' || n, ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, M);
  await run(`insert into steno.source_document (firm_id, document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status, page_count, created_at, updated_at)
    select $1, ${id(3,'n')}, ${id(1,`1 + n % ${M}`)}, 'file ' || n || '.pdf', 'Medical/file ' || n || '.pdf', 'application/pdf', 100000 + n, encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), 'Bill', 'read', 1 + n % 30, ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, D);
  await run(`insert into steno.fact (firm_id, fact_id, matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method, state, created_at, updated_at)
    select $1, ${id(4,'n')}, ${id(1,`1 + n % ${M}`)}, ${id(3,`1 + n % ${D}`)}, case n % 5 when 0 then 'client_name' when 1 then 'defendant_name' else 'injury' end, 'Name ' || n, 'name ' || n, 90, 1 + n % 20, 100, 150, 'the quoted words of the page, number ' || n, 'rule:x', 'approved', ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, F);
  await run(`insert into steno.bill_line (firm_id, bill_line_id, matter_id, document_id, line_order, provider, service_from, description, billed_cents, adjusted_cents, paid_cents, method, confidence, page, start_offset, end_offset, quote, created_at, updated_at)
    select $1, ${id(5,'n')}, ${id(1,`1 + n % ${M}`)}, ${id(3,`1 + n % ${D}`)}, n % 30, 'Provider ' || n % 100, '2024-02-15', 'Office visit ' || n, n, 0, 0, 'rule:bill', 88, 1, 10, 90, 'Office visit 99213  $' || n, ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, B);
  await run(`insert into steno.demand_letter (firm_id, letter_id, matter_id, title, letter_date, demand_cents, created_at, updated_at) select $1, ${id(2,'n')}, ${id(1,`1 + n % ${M}`)}, 'Demand ' || n, '2024-06-01', n * 100, ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, L);
  await run(`insert into steno.letter_update (firm_id, update_id, letter_id, payload, created_at, updated_at) select $1, ${id(6,'n')}, ${id(2,`1 + n % ${L}`)}, decode(repeat(md5(n::text), 4), 'hex'), ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, U);
  await run(`insert into steno.document_page (firm_id, page_id, document_id, page_number, extracted_text, created_at, updated_at) select $1, ${id(7,'n')}, ${id(3,`1 + n % ${D}`)}, 1 + n / ${D}, repeat('The patient was seen on ' || n || E' and complained of pain.\\n', 25), ${t}, ${t} from generate_series($2::bigint,$3::bigint) n`, P);
  for (const table of ['matter', 'source_document', 'fact', 'bill_line', 'demand_letter', 'letter_update', 'document_page']) await admin.query(`vacuum analyze steno.${table}`);
  await admin.query('reset session_replication_role; reset synchronous_commit; reset timezone');
  return M + D + F + B + L + U + P;
}
