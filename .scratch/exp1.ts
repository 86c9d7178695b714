import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import Database from 'better-sqlite3';
import { rmSync, statSync } from 'node:fs';
import { startOwnServer } from '../src/main/admin/admin.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { openSession } from '../test/support/sessions.ts';
import { freshId } from '../src/main/host/ids.ts';
import { seedMix } from './seed.ts';
const scale = Number(process.env.SCALE ?? 1);
const own = await startOwnServer({ dataDir: null, log: silentLog });
const admin = new pg.Client(own.adminUrl); await admin.connect();
const firmId = freshId();
await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firmId, 'x', 'x']);
await admin.query(`insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, 'a@b.example', 'A', 'B', 'Admin')`, [firmId, freshId()]);
const total = await seedMix(admin, firmId, scale);
const token = await openSession(admin, firmId, 'Admin');
console.log('rows', total);
const client = new pg.Client({ ...own.connection, ssl: false } as pg.ClientConfig); await client.connect();
const tables = ['matter','source_document','fact','bill_line','demand_letter','letter_update','document_page'];
async function drain(sql: (t: string) => string) { let bytes = 0; const s = performance.now(); let rows = 0;
  for (const t of tables) { await client.query('begin'); await client.query(`select set_config('app.session_token', $1, true)`, [token]);
    const st = client.query(copyTo(sql(t))); for await (const c of st) bytes += (c as Buffer).length; rows += st.rowCount; await client.query('commit'); }
  const ms = performance.now() - s; return { rate: Math.round(rows / ms * 1000), bytes, rows, ms: Math.round(ms) }; }
const cols: Record<string,string> = {};
for (const t of tables) { const r = await admin.query(`select attname as a, format_type(atttypid, null) as ty from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('firm_id','field_revision') order by attnum`, [`steno.${t}`]);
  cols[t] = r.rows.map((c: {a:string,ty:string}) => c.ty.startsWith('timestamp') ? `(extract(epoch from ${c.a}) * 1000)::bigint` : c.ty === 'boolean' ? `${c.a}::int` : c.ty==='bytea' ? `encode(${c.a},'hex')` : c.a).join(', '); }
for (let i = 0; i < 4; i++) {
  console.log('raw select * text', await drain((t) => `copy (select * from steno.${t}) to stdout`));
  console.log('raw select * binary', await drain((t) => `copy (select * from steno.${t}) to stdout (format binary)`));
  console.log('columns text', await drain((t) => `copy (select ${cols[t]} from steno.${t}) to stdout`));
  console.log('columns binary', await drain((t) => `copy (select ${cols[t]} from steno.${t}) to stdout (format binary)`));
  console.log('json', await drain((t) => `copy (select to_jsonb(t) - 'firm_id' - 'field_revision' from steno.${t} t) to stdout`));
}
await client.end(); await admin.end(); await own.stop();
