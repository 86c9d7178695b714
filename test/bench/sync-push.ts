import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ok } from '../../src/shared/result.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { startOwnServer, type OwnServer } from '../../src/main/admin/admin.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import { createWrite } from '../../src/main/sync/outbox.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { toLines } from '../../src/main/sync/push-lines.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { inserting } from '../support/mutations.ts';
import { openSession } from '../support/sessions.ts';
import { silentLog } from '../support/silent-log.ts';
import { median, timed, type Measured } from './measure.ts';
import { findPouchDB, quotedDocsPerSecond } from './pouchdb.ts';
import { loadFigures } from './sync-load.ts';

const mutations = 10_000;
const rounds = 5;

export interface PushBench {
  own: OwnServer;
  admin: pg.Client;
  firmId: string;
  /** Facts lie on one document of one matter, which the firm has. */
  parents: { matterId: string; documentId: string };
}

/** P3 and P11 on pushes, P5 on many laptops at once, against a durable server of its own. */
export async function pushFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-push-'));
  const own = await startOwnServer({ dataDir: null, log: silentLog });
  const admin = new pg.Client(own.adminUrl);
  try {
    await admin.connect();
    const made = await createFirm(admin, { name: 'Bench', slug: 'bench' }, []);
    if (!made.ok) throw new Error(made.error.code);
    const person = { email: 'a@bench.example', firstName: 'A', lastName: 'B', role: 'Attorney' as const, password: 'nobody signs in' };
    await createUser(admin, 'bench', person);
    const bench = { own, admin, firmId: made.value.firmId, parents: { matterId: freshId(), documentId: freshId() } };
    return [...(await tenThousand(bench, folder)), ...(await auditShare(bench)), ...(await loadFigures(bench))];
  } finally {
    await admin.end().catch(() => undefined);
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const factAt = ({ matterId, documentId }: PushBench['parents'], n: number) => ({
  matterId,
  documentId,
  kind: 'date_of_loss',
  value: 'February 15, 2024',
  normal: '2024-02-15',
  confidence: 90,
  page: 1 + (n % 40),
  startOffset: n,
  endOffset: n + 17,
  quote: 'February 15, 2024',
  method: 'rule:date-of-loss',
});

/** From an encrypted store that holds them to a firm that has judged them once, and the verdicts back in the store. */
async function tenThousand(bench: PushBench, folder: string): Promise<Measured[]> {
  const { own, admin, firmId, parents } = bench;
  const remote = createPostgresRemote({ ...own.connection, firmSlug: 'bench' }, await openSession(admin, firmId, 'Attorney'));
  const opened = openStore(join(folder, 'laptop.db'), '5e'.repeat(32));
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: freshId(), feedHead: 0 }).run();
  const write = createWrite({ store, userId: freshId(), now: Date.now, newId: freshId, onCommitted: () => undefined });
  const { matterId, documentId } = parents;
  write(({ insert }) => {
    insert('matter', { matterId, title: 'Bench', status: 'Open' });
    const file = {
      fileName: 'x.pdf',
      relativePath: 'x.pdf',
      fileType: 'application/pdf',
      fileSize: 1,
      contentHash: 'a'.repeat(64),
      documentType: 'Other',
      processingStatus: 'read',
      isMissing: false,
      uploadedAt: 0,
    } as const;
    insert('document', { documentId, matterId, ...file });
    return ok({});
  });
  await drain(store, remote);
  await admin.query(`create table public.bare (firm_id uuid, fact_id uuid, matter_id uuid, document_id uuid, kind text, value text, normal text, confidence integer,
    page integer, start_offset integer, end_offset integer, quote text, method text, primary key (firm_id, fact_id))`);
  const pouch = await findPouchDB(folder);
  const times: Record<'push' | 'raw' | 'keyed' | 'pouch', number[]> = { push: [], raw: [], keyed: [], pouch: [] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const facts = Array.from({ length: mutations }, (_, n) => ({ factId: freshId(), ...factAt(parents, n) }));
      write(({ insert }) => {
        for (const fact of facts) insert('fact', { ...fact, state: 'proposed' });
        return ok({});
      });
      const lines = facts.map((fact) => [firmId, ...Object.values(fact)].join('\t'));
      const taken = {
        push: await timed(() => drain(store, remote)),
        raw: await timed(() => copyRaw(admin, lines, bareInsert)),
        keyed: await timed(() => copyRaw(admin, lines, keyedInsert)),
        pouch: pouch ? await pouch.replicate(facts) : null,
      };
      if (round === 0) continue; // the first is not counted
      times.push.push(taken.push);
      times.raw.push(taken.raw);
      times.keyed.push(taken.keyed);
      if (taken.pouch !== null) times.pouch.push(taken.pouch);
    }
  } finally {
    await pouch?.stop();
    store.close();
    await remote.close();
  }
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::int as n from steno.mutation where firm_id = $1 and entity = 'fact' and verdict ->> 'verdict' = 'applied'`,
    [firmId],
  );
  if (rows[0]?.n !== (rounds + 1) * mutations) throw new Error(`the firm applied ${String(rows[0]?.n)} changes`);
  const rate = (ms: number[]): number => (mutations / median(ms)) * 1000;
  const [pushed, raw, keyed] = [rate(times.push), rate(times.raw), rate(times.keyed)];
  const peer = pouch ? rate(times.pouch) : quotedDocsPerSecond;
  return [
    { goal: 'P3', what: 'push of 10k facts, from store to verdict', value: pushed, unit: 'rows/s', limit: '', met: null },
    { goal: 'P3', what: 'raw: COPY, temp table, INSERT of the same rows', value: raw, unit: 'rows/s', limit: '', met: null },
    { goal: 'P3', what: 'push / raw', value: pushed / raw, unit: 'x', limit: '>= 0.45', met: pushed / raw >= 0.45 },
    {
      goal: 'P3',
      what: 'raw into the table itself: its keys, checks and indexes, nothing else',
      value: keyed,
      unit: 'rows/s',
      limit: '',
      met: null,
    },
    { goal: 'P3', what: 'push / raw into the table itself', value: pushed / keyed, unit: 'x', limit: '', met: null },
    {
      goal: 'P3',
      what: pouch ? 'PouchDB 9 to its server, the same rows' : 'PouchDB 9 to its server (not installed: as in GOALS.md)',
      value: peer,
      unit: 'docs/s',
      limit: '',
      met: null,
    },
    { goal: 'P3', what: 'push / PouchDB', value: pushed / peer, unit: 'x', limit: '>= 20', met: pushed / peer >= 20 },
  ];
}

async function drain(store: Store, remote: Parameters<typeof pushWaiting>[1]): Promise<void> {
  for (;;) {
    const { did, refused } = await pushWaiting(store, remote);
    if (refused > 0) throw new Error('the firm refused a change of the bench');
    if (did === 'nothing') return;
  }
}

const bareInsert = 'insert into public.bare select * from staged';
/** By the superuser: without policies, audit and feed, under ids of its own. */
const keyedInsert = `insert into steno.fact (firm_id, fact_id, matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method, state)
  select firm_id, gen_random_uuid(), matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method, 'proposed' from staged`;

async function copyRaw(admin: pg.Client, lines: string[], insert: string): Promise<void> {
  await admin.query('begin; create temp table staged (like public.bare) on commit drop');
  const text = `${lines.join('\n')}\n`;
  await pipeline(
    async function* () {
      for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536);
    },
    admin.query(copyFrom('copy staged from stdin')),
  );
  // as in a push the feed's own trigger has nothing to do
  if (insert === keyedInsert) await admin.query(`set local steno.in_push = 'on'; alter table steno.fact disable trigger fact_audit_insert`);
  await admin.query(insert);
  if (insert === keyedInsert) await admin.query('set constraints all immediate; alter table steno.fact enable trigger fact_audit_insert');
  await admin.query('commit');
}

/** The same push with the audit's triggers on and off, a large one and one of a few changes. */
async function auditShare({ own, admin, firmId, parents }: PushBench): Promise<Measured[]> {
  const laptop = new pg.Client({ ...own.connection, ssl: false });
  await laptop.connect();
  const token = await openSession(admin, firmId, 'Attorney');
  const fact = (n: number) => {
    const { matterId, documentId, startOffset, endOffset, ...rest } = factAt(parents, n);
    return inserting('fact', { matter_id: matterId, document_id: documentId, start_offset: startOffset, end_offset: endOffset, ...rest });
  };
  const push = (count: number): Promise<unknown> => {
    const batch = Array.from({ length: count }, (_, n) => fact(n));
    return timed(() => laptop.query('select app.push_lines($1, $2)', [token, toLines(batch)]));
  };
  const figures: Measured[] = [];
  try {
    for (const count of [1000, 10]) {
      const times = { enable: [] as number[], disable: [] as number[] };
      for (let round = 0; round <= (count > 100 ? 8 : 40); round += 1) {
        for (const to of ['disable', 'enable'] as const) {
          await admin.query(`alter table steno.fact ${to} trigger fact_audit_insert`);
          const ms = Number(await push(count));
          if (round > 0) times[to].push(ms);
        }
      }
      const share = median(times.enable) / median(times.disable);
      const what = `push of ${String(count)} facts: with the audit / without`;
      figures.push({ goal: 'P11', what, value: share, unit: 'x', limit: '<= 1.15', met: share <= 1.15 });
    }
  } finally {
    await laptop.end();
  }
  return figures;
}
