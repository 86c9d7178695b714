import type pg from 'pg';
import type { Block } from '../../src/shared/letters.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { letterBodyFromBlocks } from '../../src/main/sync/letter-doc.ts';

/** Rows of one matter: itself, a letter and its text, documents, bill lines, and facts, which are most of what a firm has. */
const documents = 4;
const billLines = 3;
const facts = 40;
export const rowsOfMatter = 1 + 2 + documents + billLines + facts;
/** Rows a statement makes: enough to be fast. */
const chunk = 50_000;

const kinds = { matter: 1, document: 2, fact: 3, bill_line: 4, letter: 5, letter_update: 6 } as const;
/** Ids like the app's (time, then a number), by number: children find their parents without a lookup. `f` tells firms apart. */
const id = (of: keyof typeof kinds, n: string): string =>
  `(lpad(to_hex(1735689600000 + ${n}), 12, '0') || '7' || lpad(to_hex(${String(kinds[of])}), 3, '0') || '8' || lpad(to_hex(f.number), 3, '0') || lpad(to_hex(${n}), 12, '0'))::uuid`;
/** Number n of those that each matter has `each` of, belongs to this number of matter. */
const matterOf = (each: number): string => `(1 + (n - 1) / ${String(each)})`;
const moments = 't, t, f.person, f.person';
const head = 'created_at, updated_at, created_by, updated_by';
const place = `'February 15, 2024', 'rule:date-of-loss', 90, 1 + n % 40, n % 3000, n % 3000 + 17`;
const placed = 'quote, method, confidence, page, start_offset, end_offset';

/** What is inserted, how many of it a matter has, and its columns and values for number n of firm f at time t. */
const steps: [table: string, each: number, columns: string, values: string][] = [
  ['matter', 1, 'matter_id, title, case_reference', `${id('matter', 'n')}, 'Client ' || n || ' v. Carrier ' || n % 97, 'REF-' || n`],
  [
    'source_document',
    documents,
    'document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status, page_count, uploaded_at, processed_at',
    `${id('document', 'n')}, ${id('matter', matterOf(documents))}, 'records ' || n || '.pdf', 'Medical/records ' || n || '.pdf', 'application/pdf', 100000 + n,
      encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), (array['Medical_Record', 'Bill', 'Police_Report', 'Other'])[1 + n % 4], 'read', 1 + n % 30, t, t`,
  ],
  [
    'fact',
    facts,
    `fact_id, matter_id, document_id, kind, value, normal, ${placed}, state`,
    `${id('fact', 'n')}, ${id('matter', matterOf(facts))}, ${id('document', `1 + (n - 1) * ${String(documents)} / ${String(facts)}`)}, 'date_of_loss', 'February 15, 2024', '2024-02-15',
      ${place}, (array['proposed', 'approved'])[1 + n % 2]`,
  ],
  [
    'bill_line',
    billLines,
    `bill_line_id, matter_id, document_id, line_order, provider, service_from, code, description, billed_cents, paid_cents, ${placed}`,
    `${id('bill_line', 'n')}, ${id('matter', matterOf(billLines))}, ${id('document', `1 + (n - 1) / ${String(billLines)} * ${String(documents)}`)}, n % ${String(billLines)},
      'Clinic ' || n % 300, date '2024-02-15' + (n % 300)::int, '99213', 'Office visit, established patient', 12500 + n % 10000, 0, ${place}`,
  ],
  [
    'demand_letter',
    1,
    'letter_id, matter_id, title, letter_date, demand_cents',
    `${id('letter', 'n')}, ${id('matter', 'n')}, 'Demand ' || n, date '2025-01-01' + (n % 300)::int, n * 100`,
  ],
  ['letter_update', 1, 'update_id, letter_id, payload', `${id('letter_update', 'n')}, ${id('letter', 'n')}, $5::bytea`],
];

const aParagraph: Block = {
  type: 'paragraph',
  content: [{ type: 'text', text: 'On that day she was stopped at a light when she was struck from behind.' }],
};

export interface FirmOfRows {
  slug: string;
  firmId: string;
  matters: number;
  rows: number;
}

/** A firm with an attorney and about that many rows, made in bulk with triggers off: what audit and feed would keep of it no first sync reads. */
export async function makeFirmOfRows(admin: pg.Client, slug: string, number: number, rows: number): Promise<FirmOfRows> {
  const made = await createFirm(admin, { name: `Firm of ${String(rows)} rows`, slug }, []);
  if (!made.ok) throw new Error(made.error.code);
  const { firmId } = made.value;
  const person = { email: `a@${slug}.example`, firstName: 'A', lastName: 'B', role: 'Attorney' as const, password: 'nobody signs in' };
  const user = await createUser(admin, slug, person);
  if (!user.ok) throw new Error(user.error.code);
  const matters = Math.ceil(rows / rowsOfMatter);
  const letter = Buffer.from(letterBodyFromBlocks(Array.from({ length: 12 }, () => aParagraph)));
  await admin.query(`set session_replication_role = replica; set synchronous_commit = off`);
  try {
    for (const [table, each, columns, values] of steps) {
      for (let from = 1; from <= matters * each; from += chunk) {
        const sql = `insert into steno.${table} (firm_id, ${columns}, ${head})
          select $1::uuid, ${values}, ${moments} from generate_series($2::bigint, $3::bigint) n,
            (select $4::int as number, (select user_id from steno."user" where firm_id = $1::uuid limit 1) as person) f,
            lateral (select now() - interval '1 year' + n * interval '1 second' as t) m where true or $5::bytea is null`;
        await admin.query(sql, [firmId, from, Math.min(matters * each, from + chunk - 1), number, letter]);
      }
      await admin.query(`analyze steno.${table}`);
    }
  } finally {
    await admin.query('reset session_replication_role; reset synchronous_commit');
  }
  return { slug, firmId, matters, rows: matters * rowsOfMatter };
}
