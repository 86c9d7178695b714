import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import Database from 'better-sqlite3';
import { rmSync, statSync, writeFileSync, existsSync, readFileSync, mkdirSync } from 'node:fs';
import { localMigrations, migrateStore } from '../src/main/store/migrate.ts';
import { entityShape } from '../src/main/sync/entities.ts';
const key = '5e'.repeat(32);
const tables: Record<string,string> = { matter:'matter', source_document:'document', fact:'fact', bill_line:'bill_line', demand_letter:'letter', letter_update:'letter_update', document_page:'page' };
const dir = '/tmp/exp-copy';
if (!existsSync(dir)) {
  const { startOwnServer } = await import('../src/main/admin/admin.ts');
  const { silentLog } = await import('../test/support/silent-log.ts');
  const { openSession } = await import('../test/support/sessions.ts');
  const { freshId } = await import('../src/main/host/ids.ts');
  const { seedMix } = await import('./seed.ts');
  mkdirSync(dir);
  const own = await startOwnServer({ dataDir: null, log: silentLog });
  const admin = new pg.Client(own.adminUrl); await admin.connect();
  const firmId = freshId();
  await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firmId, 'x', 'x']);
  await admin.query(`insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, 'a@b.example', 'A', 'B', 'Admin')`, [firmId, freshId()]);
  await seedMix(admin, firmId, 1);
  for (const [t, e] of Object.entries(tables)) {
    const shape = entityShape(e)!;
    const r = await admin.query(`select attname as a, format_type(atttypid, null) as ty from pg_attribute where attrelid = $1::regclass and attnum > 0`, [`steno.${t}`]);
    const ty = new Map(r.rows.map((c: any) => [c.a, c.ty]));
    const cols = (bin: boolean) => [...shape.columns.values()].map(({name, kind}) => kind === 'time' ? `(extract(epoch from ${name}) * 1000)::bigint` : kind === 'flag' ? `${name}::int::bigint` : kind==='bytes' ? (bin ? name : `encode(${name},'hex')`) : bin ? (ty.get(name) === 'integer' || ty.get(name) === 'bigint' ? `${name}::bigint` : `${name}::text`) : name).join(', ');
    const idc = shape.idColumn;
    for (const fmt of ['text', 'binary']) {
      const st = admin.query(copyTo(`copy (select ${cols(fmt==='binary')} from steno.${t} order by ${idc}) to stdout (format ${fmt})`));
      const chunks: Buffer[] = []; for await (const c of st) chunks.push(c as Buffer);
      writeFileSync(`${dir}/${t}.${fmt}`, Buffer.concat(chunks));
    }
  }
  await admin.end(); await own.stop();
}
function fresh(opts: { enc?: boolean, journal?: string, page?: number, drop?: boolean, cache?: number, locking?: boolean }) {
  const path = '/tmp/exp-store.db'; for (const x of ['', '-journal', '-wal', '-shm']) rmSync(path + x, { force: true });
  const raw = new Database(path);
  if (opts.enc !== false) { raw.pragma("cipher = 'sqlcipher'"); if (opts.page) raw.pragma(`cipher_page_size = ${opts.page}`); raw.pragma(`key = "x'${key}'"`); } else if (opts.page) raw.pragma(`page_size=${opts.page}`);
  raw.pragma('locking_mode = exclusive'); raw.pragma(`journal_mode = ${opts.journal ?? 'off'}`); raw.pragma('synchronous = off'); raw.pragma(`cache_size = ${-(opts.cache ?? 16000)}`);
  migrateStore(raw, localMigrations());
  const idx = raw.prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null`).all() as {name:string,sql:string}[];
  if (opts.drop !== false) for (const i of idx) raw.exec(`drop index "${i.name}"`);
  return { raw, path, idx };
}
const shapes = Object.fromEntries(Object.entries(tables).map(([t, e]) => [t, entityShape(e)!]));
const text: Record<string, Buffer[]> = {}; const bin: Record<string, Buffer> = {};
for (const t of Object.keys(tables)) { const b = readFileSync(`${dir}/${t}.text`); const cs = []; let a = 0; while (a < b.length) { let e = Math.min(b.length, a + 65536); e = e === b.length ? e : b.lastIndexOf(10, e) + 1; cs.push(b.subarray(a, e)); a = e; } text[t] = cs; bin[t] = readFileSync(`${dir}/${t}.binary`); }
const unesc: Record<string,string> = { b:'\b', f:'\f', n:'\n', r:'\r', t:'\t', v:'\v', '\\':'\\' };
const unescape = (s: string) => s.replace(/\\(.)/g, (_, c: string) => unesc[c] ?? c);
function parseText(chunk: Buffer, onRow: (v: (string|null)[]) => void) {
  const s = chunk.toString('utf8'); const lines = s.split('\n'); lines.pop();
  const esc = s.includes('\\');
  for (const line of lines) { const f = line.split('\t') as (string|null)[]; if (esc) for (let i = 0; i < f.length; i++) { const x = f[i]!; if (x.charCodeAt(0) === 92 || x.includes('\\')) f[i] = x === '\\N' ? null : unescape(x); } onRow(f); }
}
let rows = 0;
function runTextParse() { rows = 0; for (const t of Object.keys(tables)) for (const c of text[t]!) parseText(c, () => { rows++; }); }
function insertText(raw: Database.Database, multi: number) {
  rows = 0;
  raw.exec('begin');
  for (const t of Object.keys(tables)) {
    const shape = shapes[t]!; const names = [...shape.columns.values()];
    const one = `(${names.map((c) => c.kind === 'bytes' ? 'unhex(?)' : '?').join(',')})`;
    const head = `insert into "${shape.table}" (${names.map((c) => c.name).join(',')}) values `;
    const st1 = raw.prepare(head + one);
    if (multi === 1) for (const c of text[t]!) parseText(c, (v) => { st1.run(v); rows++; });
    else { const stN = raw.prepare(head + Array(multi).fill(one).join(',')); let acc: any[] = []; let n = 0;
      for (const c of text[t]!) parseText(c, (v) => { for (let i = 0; i < v.length; i++) acc.push(v[i]); n++; rows++; if (n === multi) { stN.run(acc); acc = []; n = 0; } });
      for (let i = 0; i < n; i++) st1.run(acc.slice(i*names.length, (i+1)*names.length)); }
  }
  raw.exec('commit');
}
function insertBin(raw: Database.Database) {
  rows = 0; raw.exec('begin');
  for (const t of Object.keys(tables)) {
    const shape = shapes[t]!; const names = [...shape.columns.values()];
    const st = raw.prepare(`insert into "${shape.table}" (${names.map((c) => c.name).join(',')}) values (${names.map(() => '?').join(',')})`);
    const isInt = names.map((c) => c.kind === 'time' || c.kind === 'flag' || INT.has(c.name));
    const b = bin[t]!; let at = 19; const n = names.length; const v = new Array(n);
    for (;;) { const cnt = b.readInt16BE(at); at += 2; if (cnt < 0) break;
      for (let i = 0; i < n; i++) { const len = b.readInt32BE(at); at += 4; if (len < 0) { v[i] = null; continue; }
        if (isInt[i]) v[i] = b.readInt32BE(at) * 4294967296 + b.readUInt32BE(at + 4); else if (names[i]!.kind === 'bytes') v[i] = b.subarray(at, at+len); else v[i] = b.utf8Slice(at, at + len); at += len; }
      st.run(v); rows++; }
  }
  raw.exec('commit');
}
const INT = new Set(['revision','page_count','file_size','page_number','confidence','page','start_offset','end_offset','line_order','units','billed_cents','adjusted_cents','paid_cents','demand_cents','owed_cents','version']);
function json(raw: Database.Database, per: number) { // JSON arrays bound once for many rows
  rows = 0; raw.exec('begin');
  for (const t of Object.keys(tables)) {
    const shape = shapes[t]!; const names = [...shape.columns.values()];
    const st = raw.prepare(`insert into "${shape.table}" (${names.map((c) => c.name).join(',')}) select ${names.map((c, i) => c.kind === 'bytes' ? `unhex(value->>${i})` : `value->>${i}`).join(',')} from json_each(?)`);
    let acc: any[] = [];
    for (const c of text[t]!) parseText(c, (v) => { acc.push(v); rows++; if (acc.length === per) { st.run(JSON.stringify(acc)); acc = []; } });
    if (acc.length) st.run(JSON.stringify(acc));
  }
  raw.exec('commit');
}
function time(name: string, f: () => void) { const s = performance.now(); f(); const ms = performance.now() - s; console.log(name.padEnd(50), Math.round(ms), 'ms', Math.round(rows / ms * 1000), 'rows/s'); }
for (let r = 0; r < 2; r++) {
  time('parse text', runTextParse);
  for (const [name, opts] of Object.entries({ 'enc off': {}, 'plain off': { enc: false }, 'enc truncate': { journal: 'truncate' }, 'enc wal': { journal: 'wal' }, 'enc off 64MB': { cache: 64000 }, 'enc 8k': {page: 8192}, 'enc with indexes': { drop: false }} as Record<string, any>)) { const { raw, path, idx } = fresh(opts); time(`insert text x1 ${name}`, () => insertText(raw, 1)); if (name === 'enc off') { const s = performance.now(); for (const i of idx) raw.exec(i.sql); console.log('   indexes', Math.round(performance.now() - s)); } raw.close(); console.log('   size', Math.round(statSync(path).size/1e6)); }
  for (const m of [4, 10, 25]) { const { raw } = fresh({}); time(`insert text x${m}`, () => insertText(raw, m)); raw.close(); }
  { const { raw } = fresh({}); time(`insert binary`, () => insertBin(raw)); raw.close(); }
  { const { raw } = fresh({}); time(`json_each 200`, () => json(raw, 200)); raw.close(); }
}
