import { createHash } from 'node:crypto';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';

/** What is wrong with a firm's audit, named for a person. */
export interface AuditFault {
  kind:
    | 'event changed'
    | 'events missing'
    | 'event invented'
    | 'batch changed'
    | 'batch missing'
    | 'chain shortened'
    | 'head differs'
    | 'head missing';
  batch: number | null;
  detail: string;
}

export interface AuditHead {
  batchNumber: number;
  batchHash: string;
}

export interface FirmAudit {
  firm: string;
  firmId: string;
  events: number;
  batches: number;
  /** Batches whose month was detached: their seals are still in the chain, their events are where IT put them. */
  archivedBatches: number;
  head: AuditHead | null;
  faults: AuditFault[];
}

const rowsAtOnce = 5_000;

/*
 * The text of an event is built by an expression of our own and everything else is computed here: nothing that somebody with the database's
 * administrator login could have replaced by a kinder function is asked. It must say what steno.audit_event_text says (test: audit.test.ts).
 */
const eventText = `jsonb_build_array(e.firm_id, extract(epoch from e.occurred_at), e.event_number, e.batch_id, e.table_name, e.row_key, e.action, e.old_values, e.new_values,
  e.user_id, e.device_id, e.session_id, e.login, e.application, host(e.address))::text`;

/**
 * Recomputes the audit's chain of each firm from its events, page by page; what it keeps is one digest a batch. `remembered` are heads of earlier runs, by firm id: a chain
 * that was rebuilt or cut back no longer goes through them (R11). Errors: not_found (the firm).
 */
export async function verifyAudit(
  admin: pg.Client,
  options: { slug?: string | undefined; remembered?: Record<string, AuditHead>; onProgress?: (text: string) => void },
): Promise<Outcome<FirmAudit[]>> {
  if (!(await seesAll(admin)))
    return err({
      code: 'forbidden',
      what: 'the audit',
      reason: 'This login sees only the rows that policies let through, and the others would look deleted. Use the administrator’s.',
    });
  const found: FirmAudit[] = [];
  await admin.query('begin transaction isolation level repeatable read read only');
  try {
    const firms = await firmsOf(admin, options.slug, Object.keys(options.remembered ?? {}));
    if (options.slug !== undefined && firms.length === 0) return err({ code: 'not_found', what: `the audit of a firm "${options.slug}"` });
    for (const { firmId, slug } of firms) found.push(await verifyFirm(admin, firmId, slug ?? firmId, options));
  } finally {
    await admin.query('rollback');
  }
  return ok(found);
}

async function seesAll(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query('select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)');
  return rows.length === 1;
}

/** Every firm that has, or that by another table or by memory should have, an audit: one that lost its head is not passed over. */
async function firmsOf(
  admin: pg.Client,
  slug: string | undefined,
  remembered: string[],
): Promise<{ firmId: string; slug: string | null }[]> {
  const { rows } = await admin.query<{ firmId: string; slug: string | null }>(
    `with recursive with_events as ( -- one probe of the key a firm; a distinct would read all events
       (select e.firm_id from steno.audit_event e order by 1 limit 1)
       union all
       select (select e.firm_id from steno.audit_event e where e.firm_id > w.firm_id order by 1 limit 1) from with_events w where w.firm_id is not null
     ), known as (
       select firm_id from steno.audit_head union select firm_id from steno.firm union select firm_id from steno.audit_batch where batch_number = 1
       union select firm_id from with_events where firm_id is not null union select unnest($2::uuid[])
     )
     select k.firm_id as "firmId", f.firm_slug::text as slug from known k left join steno.firm f on f.firm_id = k.firm_id
     where $1::text is null or f.firm_slug = $1::public.citext order by 2, 1`,
    [slug ?? null, remembered],
  );
  return rows;
}

interface Batch {
  number: string;
  batchId: string;
  occurredAt: Date;
  /** Of the epoch: a Date has milliseconds only. */
  occurredAtMicros: string;
  eventCount: number;
  eventsHash: Buffer;
  batchHash: Buffer;
}

async function verifyFirm(
  admin: pg.Client,
  firmId: string,
  slug: string,
  { remembered, onProgress }: { remembered?: Record<string, AuditHead>; onProgress?: (text: string) => void },
): Promise<FirmAudit> {
  const faults: AuditFault[] = [];
  const archived = await archivedMonths(admin, firmId);
  const known = remembered?.[firmId];
  let previous = sha256(Buffer.from(firmId));
  let last = 0;
  let events = 0;
  let archivedBatches = 0;
  const seen = await digests(admin, firmId, (count) => onProgress?.(`${slug}: ${String(count)} events`));
  for await (const page of batches(admin, firmId)) {
    for (const batch of page) {
      const number = Number(batch.number);
      for (let missing = last + 1; missing < number; missing += 1)
        faults.push({
          kind: 'batch missing',
          batch: missing,
          detail: `batch ${String(missing)} is not there; its events, if any, belong to nothing`,
        });
      const digest = seen.get(batch.batchId);
      if (!digest && archived.has(batch.occurredAt.toISOString().slice(0, 7))) archivedBatches += 1;
      else faults.push(...compareEvents(batch, digest));
      events += digest?.count ?? 0;
      seen.delete(batch.batchId);
      const seal = sha256(previous, int8(number), int8(batch.occurredAtMicros), int4(batch.eventCount), batch.eventsHash);
      if (!seal.equals(batch.batchHash))
        faults.push({
          kind: 'batch changed',
          batch: number,
          detail: `batch ${String(number)} of ${batch.occurredAt.toISOString()} does not follow from the one before it`,
        });
      if (known?.batchNumber === number && known.batchHash !== batch.batchHash.toString('hex'))
        faults.push({
          kind: 'chain shortened',
          batch: number,
          detail: `batch ${String(number)} is not the one that was remembered: the chain was written anew`,
        });
      previous = batch.batchHash; // one fault, not one for each batch after it
      last = number;
    }
  }
  for (const { time, count } of seen.values())
    faults.push({
      kind: 'event invented',
      batch: null,
      detail: `${String(count)} events of ${new Date(time).toISOString()} belong to no batch`,
    });
  if (known && known.batchNumber > last)
    faults.push({
      kind: 'chain shortened',
      batch: last,
      detail: `it ends at batch ${String(last)}; batch ${String(known.batchNumber)} was there before`,
    });
  const head = await headOf(admin, firmId);
  if (!head)
    faults.push({ kind: 'head missing', batch: last, detail: `the chain has ${String(last)} batches and nothing says where it ends` });
  else if (head.batchNumber !== last || head.batchHash !== previous.toString('hex'))
    faults.push({
      kind: 'head differs',
      batch: last,
      detail: `the chain ends at batch ${String(last)}, its head says ${String(head.batchNumber)}`,
    });
  return { firm: slug, firmId, events, batches: last, archivedBatches, head, faults };
}

interface Digest {
  count: number;
  hash: Buffer;
  time: number;
}

function compareEvents(batch: Batch, digest: Digest | undefined): AuditFault[] {
  const number = Number(batch.number);
  const at = `batch ${batch.number} of ${batch.occurredAt.toISOString()}`;
  const count = digest?.count ?? 0;
  if (count < batch.eventCount)
    return [{ kind: 'events missing', batch: number, detail: `${at} has ${String(count)} of its ${String(batch.eventCount)} events` }];
  if (count > batch.eventCount)
    return [
      { kind: 'event invented', batch: number, detail: `${at} has ${String(count - batch.eventCount)} events more than were sealed` },
    ];
  if (!digest?.hash.equals(batch.eventsHash))
    return [{ kind: 'event changed', batch: number, detail: `an event of ${at} is not as it was sealed, or not in its place` }];
  return [];
}

/** The digest of each batch's events, in the order of their numbers, by batch. All events of a batch have the same time, its transaction's. */
async function digests(admin: pg.Client, firmId: string, onCount: (count: number) => void): Promise<Map<string, Digest>> {
  const done = new Map<string, Digest>();
  const open = new Map<string, { count: number; hash: ReturnType<typeof createHash> }>();
  let time = 0;
  const close = (): void => {
    for (const [id, { count, hash }] of open) done.set(id, { count, hash: hash.digest(), time });
    open.clear();
  };
  await admin.query(
    `declare audit_events no scroll cursor for
     select e.batch_id as "batchId", e.occurred_at as "occurredAt", ${eventText} as text from steno.audit_event e where e.firm_id = '${firmId}' order by e.occurred_at, e.event_number`,
  );
  for (let total = 0; ;) {
    const { rows } = await admin.query<{ batchId: string; occurredAt: Date; text: string }>(
      `fetch ${String(rowsAtOnce)} from audit_events`,
    );
    if (rows.length === 0) break;
    for (const { batchId, occurredAt, text } of rows) {
      if (occurredAt.getTime() !== time) close();
      time = occurredAt.getTime();
      // a batch that turns up again at another time was taken apart: its second part counts for itself, and does not fit
      const id = done.has(batchId) ? `${batchId} again` : batchId;
      const batch = open.get(id) ?? { count: 0, hash: createHash('sha256') };
      batch.hash.update(sha256(Buffer.from(text)));
      batch.count += 1;
      open.set(id, batch);
    }
    total += rows.length;
    onCount(total);
  }
  close();
  await admin.query('close audit_events');
  return done;
}

async function* batches(admin: pg.Client, firmId: string): AsyncGenerator<Batch[]> {
  for (let after = '0'; ;) {
    const { rows } = await admin.query<Batch>(
      `select batch_number as number, batch_id as "batchId", occurred_at as "occurredAt", (extract(epoch from occurred_at) * 1000000)::bigint as "occurredAtMicros", event_count as "eventCount", events_hash as "eventsHash", batch_hash as "batchHash"
       from steno.audit_batch where firm_id = $1 and batch_number > $2 order by batch_number limit $3`,
      [firmId, after, rowsAtOnce],
    );
    const lastRow = rows.at(-1);
    if (!lastRow) return;
    yield rows;
    after = lastRow.number;
  }
}

async function headOf(admin: pg.Client, firmId: string): Promise<AuditHead | null> {
  const { rows } = await admin.query<{ number: string; hash: Buffer }>(
    'select batch_number as number, batch_hash as hash from steno.audit_head where firm_id = $1',
    [firmId],
  );
  return rows[0] ? { batchNumber: Number(rows[0].number), batchHash: rows[0].hash.toString('hex') } : null;
}

/** Months (2026-01) that `admin partitions` took out of the table, and left a note of in this same chain. */
async function archivedMonths(admin: pg.Client, firmId: string): Promise<Set<string>> {
  const { rows } = await admin.query<{ partition: string }>(
    `select row_key as partition from steno.audit_event where firm_id = $1 and table_name = 'audit_event' and action = 'archived'`,
    [firmId],
  );
  return new Set(rows.map(({ partition }) => partition.slice(-7).replace('_', '-')));
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function int8(value: number | string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
