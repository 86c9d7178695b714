import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { copyOut } from './frames.ts';
import { startOwnServer } from '../src/main/admin/admin.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { openSession } from '../test/support/sessions.ts';
import { freshId } from '../src/main/host/ids.ts';
import { seedMix } from './seed.ts';
const own = await startOwnServer({ dataDir: null, log: silentLog });
const admin = new pg.Client(own.adminUrl); await admin.connect();
const firmId = freshId();
await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firmId, 'x', 'x']);
await admin.query(`insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, 'a@b.example', 'A', 'B', 'Admin')`, [firmId, freshId()]);
await seedMix(admin, firmId, 1);
const token = await openSession(admin, firmId, 'Admin');
const client = new pg.Client({ ...own.connection, ssl: false } as pg.ClientConfig); await client.connect();
const tables: Record<string,string> = { matter:'matter_id', source_document:'document_id', fact:'fact_id', bill_line:'bill_line_id', demand_letter:'letter_id', letter_update:'update_id', document_page:'page_id' };
const res: Record<string, number[][]> = {};
async function m(name: string, sql: (t: string) => string, mine: boolean) { const c = process.cpuUsage(); const s = performance.now(); let bytes = 0;
  for (const t of Object.keys(tables)) { await client.query('begin'); await client.query(`select set_config('app.session_token', $1, true)`, [token]);
    if (mine) await copyOut(client, sql(t), (_b, f, to) => { bytes += to - f; }); else { const st = client.query(copyTo(sql(t))); for await (const k of st) bytes += (k as Buffer).length; }
    await client.query('commit'); }
  const d = process.cpuUsage(c); (res[name] ??= []).push([performance.now() - s, (d.user + d.system) / 1000]); }
const cols: Record<string,string> = {};
for (const t of Object.keys(tables)) { const r = await admin.query(`select attname as a, format_type(atttypid, null) as ty from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname not in ('firm_id','field_revision') order by attnum`, [`steno.${t}`]);
  cols[t] = r.rows.map((c: {a:string,ty:string}) => c.ty.startsWith('timestamp') ? c.a : c.ty === 'boolean' ? c.a : c.ty==='bytea' ? c.a : c.ty === 'integer' || c.ty === 'bigint' ? c.a : `${c.a}::text`).join(', '); }
for (let i = 0; i < 6; i++) {
  await m('raw * text lib', (t) => `copy (select * from steno.${t}) to stdout`, false);
  await m('raw * text mine', (t) => `copy (select * from steno.${t}) to stdout`, true);
  await m('raw * binary mine', (t) => `copy (select * from steno.${t}) to stdout (format binary)`, true);
  await m('cols binary mine', (t) => `copy (select ${cols[t]} from steno.${t}) to stdout (format binary)`, true);
  await m('cols binary ordered mine', (t) => `copy (select ${cols[t]} from steno.${t} order by ${tables[t]} limit 50000) to stdout (format binary)`, true);
  await m('cols binary lib', (t) => `copy (select ${cols[t]} from steno.${t}) to stdout (format binary)`, false);
}
for (const [n, a] of Object.entries(res)) { const w = Math.min(...a.map((x) => x[0]!)), c = Math.min(...a.map((x) => x[1]!)); console.log(n.padEnd(30), 'wall', Math.round(w), 'client cpu', Math.round(c), Math.round(1e8 / w), 'rows/s'); }
await client.query('begin'); await client.query(`select set_config('app.session_token', $1, true)`, [token]);
for (const [t, id] of Object.entries(tables).slice(2, 3)) { const r = await client.query(`explain select * from steno.${t} where ${id} > '00000000-0000-0000-0000-000000000000' order by ${id} limit 20000`); console.log(r.rows.map((x: any) => x['QUERY PLAN']).join('\n')); }
await client.end(); await admin.end(); await own.stop();
