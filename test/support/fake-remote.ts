import { createHash } from 'node:crypto';
import type { Role } from '../../src/shared/session.ts';
import { FirmId, UserId } from '../../src/shared/ids.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { entityShape, type WireRow } from '../../src/main/sync/entities.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { RemoteError, type Remote, type RemoteAccount, type Verdict } from '../../src/main/sync/remote.ts';
import { fakeDefaults, fakeEntities, fakeIsInvalid, fakeParents, type FakeEntity } from './fake-entities.ts';

interface FakeRow {
  row: WireRow;
  fieldRevision: Map<string, { revision: number; deviceId: string }>;
}
interface Session {
  firm: FakeFirm;
  userId: string;
  role: Role;
  deviceId: string;
  isAlive: boolean;
}
interface FakeBlob {
  sizeBytes: number;
  complete: boolean;
  chunks: Map<number, Buffer>;
}

/** One firm of the model: what it holds, and what it was asked, for tests to look at. */
export interface FakeFirm {
  firmId: string;
  rows: Map<string, Map<string, FakeRow>>;
  verdicts: Map<string, Verdict>;
  feed: { entity: string; entityId: string }[];
  /** How often each mutation changed something: more than once is the failure S3 forbids. */
  judged: Map<string, number>;
  blobs: Map<string, FakeBlob>;
  listeners: Set<() => void>;
}

export interface FakeServer {
  addFirm(): FakeFirm;
  signIn(firm: FakeFirm, role: Role, deviceId?: string): Remote;
}

export interface FakeServerOptions {
  forgetsVerdicts?: boolean;
  lastPushWins?: boolean;
  newId?: () => string;
}

class Refused extends Error {}

const known = fakeEntities();

/**
 * The firm's server in memory, with the meaning of migrations/server/0005_sync.sql; test/support/remote-contract.ts holds both to it.
 * `forgetsVerdicts` switches S3 off and `lastPushWins` S8: only for controls that must fail.
 */
export function createFakeServer({ forgetsVerdicts = false, lastPushWins = false, newId = freshId }: FakeServerOptions = {}): FakeServer {
  let ticks = Date.UTC(2026, 0, 1);
  const now = (): string => new Date((ticks += 1000)).toISOString();

  function push(session: Session, batch: Mutation[]): Verdict[] {
    const { firm } = session;
    const fenced = new Set<string>();
    const verdicts = batch.map((mutation): Verdict => {
      const touched = `${mutation.entity} ${mutation.entityId}`;
      const first = firm.verdicts.get(mutation.mutationId);
      if (first && !forgetsVerdicts) {
        if (first.verdict === 'rejected') fenced.add(touched);
        return first;
      }
      if (fenced.has(touched)) return { mutationId: mutation.mutationId, verdict: 'fenced' };
      const verdict = { mutationId: mutation.mutationId, ...judge(session, mutation) };
      if (verdict.verdict === 'rejected') fenced.add(touched);
      else firm.judged.set(mutation.mutationId, (firm.judged.get(mutation.mutationId) ?? 0) + 1);
      firm.verdicts.set(mutation.mutationId, verdict);
      return verdict;
    });
    for (const listener of firm.listeners) listener();
    return structuredClone(verdicts);
  }

  function judge(session: Session, mutation: Mutation): Omit<Verdict, 'mutationId'> {
    try {
      return apply(session, mutation);
    } catch (error) {
      if (error instanceof Refused) return { verdict: 'rejected', reason: error.message };
      throw error;
    }
  }

  function apply(
    { firm, role, userId, deviceId }: Session,
    { entity, entityId, op, baseRevision, patch }: Mutation,
  ): Omit<Verdict, 'mutationId'> {
    const rules = known.get(entity);
    const shape = entityShape(entity);
    if (!rules || !shape) throw new Refused('unknown_entity');
    if (!rules.writeRoles.includes(role)) throw new Refused('forbidden');
    if (Object.keys(patch).some((field) => !rules.fields.has(field))) throw new Refused('unknown_field');
    const table = tableOf(firm, entity);
    const found = table.get(entityId);

    if (op === 'insert') {
      if (!rules.isInsertable) throw new Refused('forbidden');
      beforeInsert(firm, entity, patch);
      firm.feed.push({ entity, entityId });
      if (found) return { verdict: 'merged' };
      const empty = Object.fromEntries([...shape.columns.keys()].map((name) => [name, null]));
      const at = now();
      const head = { created_by: userId, updated_by: userId, created_at: at, updated_at: at, revision: 1, [shape.idColumn]: entityId };
      const row = { ...empty, ...fakeDefaults[entity], ...structuredClone(patch), ...head };
      try {
        check(firm, entity, row);
      } catch (error) {
        firm.feed.pop();
        throw error;
      }
      table.set(entityId, { row, fieldRevision: new Map() });
      return { verdict: 'applied', revision: 1 };
    }

    if (!found || found.row['deleted_at'] !== null) throw new Refused('not_found');
    const revision = Number(found.row['revision']);
    const colliding = lastPushWins ? new Set<string>() : collidingGroups(rules, found, patch, baseRevision, deviceId);
    const groupOf = (field: string): string => rules.fields.get(field)?.group ?? field;
    const accepted = Object.entries(patch).filter(([field]) => !colliding.has(groupOf(field)));
    const before = structuredClone(found.row);
    if (accepted.length > 0) {
      const next = {
        ...found.row,
        ...structuredClone(Object.fromEntries(accepted)),
        revision: revision + 1,
        updated_by: userId,
        updated_at: now(),
      };
      beforeUpdate(entity, found.row, next, role, userId);
      check(firm, entity, next);
      found.row = next;
      for (const [field] of accepted) found.fieldRevision.set(field, { revision: revision + 1, deviceId });
    }
    firm.feed.push({ entity, entityId });
    const newRevision = accepted.length > 0 ? { revision: revision + 1 } : { revision: null };
    if (colliding.size === 0) return { verdict: revision > baseRevision ? 'merged' : 'applied', ...newRevision };
    for (const group of colliding) {
      const fields = Object.keys(patch).filter((field) => groupOf(field) === group);
      setAside(firm, {
        entity,
        entityId,
        group,
        patch: pick(patch, fields),
        current: pick(before, fields),
        currentBy: before['updated_by'] ?? null,
        userId,
        deviceId,
      });
    }
    return { verdict: 'conflict', revision: Number(found.row['revision']) };
  }

  function setAside(
    firm: FakeFirm,
    it: {
      entity: string;
      entityId: string;
      group: string;
      patch: WireRow;
      current: WireRow;
      currentBy: unknown;
      userId: string;
      deviceId: string;
    },
  ): void {
    const table = tableOf(firm, 'conflict');
    const same = [...table.values()].find(
      ({ row }) =>
        row['state'] === 'open' &&
        row['entity'] === it.entity &&
        row['entity_id'] === it.entityId &&
        row['merge_group'] === it.group &&
        row['proposed_device'] === it.deviceId,
    );
    const at = now();
    if (same) {
      const proposed = { ...(same.row['proposed'] as WireRow), ...it.patch };
      same.row = {
        ...same.row,
        proposed,
        current: it.current,
        current_by: it.currentBy,
        revision: Number(same.row['revision']) + 1,
        updated_at: at,
      };
      firm.feed.push({ entity: 'conflict', entityId: String(same.row['conflict_id']) });
      return;
    }
    const conflictId = newId();
    const row = {
      conflict_id: conflictId,
      entity: it.entity,
      entity_id: it.entityId,
      merge_group: it.group,
      proposed: it.patch,
      proposed_by: it.userId,
      proposed_device: it.deviceId,
      current: it.current,
      current_by: it.currentBy,
      state: 'open',
      revision: 1,
      created_by: it.userId,
      updated_by: null,
      created_at: at,
      updated_at: at,
      deleted_at: null,
    };
    table.set(conflictId, { row, fieldRevision: new Map() });
    firm.feed.push({ entity: 'conflict', entityId: conflictId });
  }

  function remoteFor(session: Session): Remote {
    const { firm } = session;
    // every answer crosses JSON as on the wire, and nothing is answered in the same tick
    const call = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      if (!session.isAlive) throw new RemoteError({ code: 'unauthenticated', reason: 'The session has ended.' });
      return work();
    };
    return {
      whoami: () => call(() => accountOf(session)),
      push: (batch) => call(() => push(session, structuredClone(batch))),
      pull: (after, most) =>
        call(() => {
          const head = firm.feed.length;
          const page = firm.feed.slice(after, after + Math.min(Math.max(most, 1), 1000));
          const seen = new Map(page.map((change) => [`${change.entity} ${change.entityId}`, change]));
          const changes = [...seen.values()].map(({ entity, entityId }) => ({
            entity,
            entityId,
            row: structuredClone(tableOf(firm, entity).get(entityId)?.row ?? null),
          }));
          return {
            position: page.length > 0 ? after + page.length : Math.min(after, head),
            head,
            more: after + page.length < head,
            changes,
          };
        }),
      async listen(onPush, signal) {
        firm.listeners.add(onPush);
        onPush();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        firm.listeners.delete(onPush);
      },
      ...blobCalls(session, call),
      signOut: () => call(() => void (session.isAlive = false)),
      close: () => Promise.resolve(),
    };
  }

  return {
    addFirm: () => ({
      firmId: newId(),
      rows: new Map(),
      verdicts: new Map(),
      feed: [],
      judged: new Map(),
      blobs: new Map(),
      listeners: new Set(),
    }),
    signIn: (firm, role, deviceId = newId()) => remoteFor({ firm, userId: newId(), role, deviceId, isAlive: true }),
  };
}

function blobCalls(
  { firm, role }: Session,
  call: <T>(work: () => T) => Promise<T>,
): Pick<Remote, 'blobState' | 'putBlobChunk' | 'completeBlob' | 'getBlobChunk'> {
  return {
    blobState: (hash) =>
      call(() => {
        const blob = firm.blobs.get(hash);
        return blob ? { sizeBytes: blob.sizeBytes, complete: blob.complete, chunks: [...blob.chunks.keys()].sort((a, b) => a - b) } : null;
      }),
    putBlobChunk: (hash, sizeBytes, chunk, bytes) =>
      call(() => {
        if (role === 'Viewer')
          throw new RemoteError({ code: 'forbidden', what: "the firm's files", reason: 'Your role may read them only.' });
        const blob = firm.blobs.get(hash) ?? { sizeBytes, complete: false, chunks: new Map<number, Buffer>() };
        firm.blobs.set(hash, blob);
        if (!blob.complete) blob.chunks.set(chunk, Buffer.from(bytes));
      }),
    completeBlob: (hash) =>
      call(() => {
        const blob = firm.blobs.get(hash);
        if (!blob || blob.complete) return blob !== undefined;
        const bytes = Buffer.concat([...blob.chunks.entries()].sort(([a], [b]) => a - b).map(([, part]) => part));
        blob.complete = bytes.length === blob.sizeBytes && createHash('sha256').update(bytes).digest('hex') === hash;
        if (!blob.complete) firm.blobs.delete(hash);
        return blob.complete;
      }),
    getBlobChunk: (hash, chunk) =>
      call(() => {
        const blob = firm.blobs.get(hash);
        return blob?.complete ? (blob.chunks.get(chunk) ?? null) : null;
      }),
  };
}

function accountOf({ firm, userId, role }: Session): RemoteAccount {
  return {
    firmId: FirmId.parse(firm.firmId),
    firmName: 'Firm',
    firmSlug: 'firm',
    feedChannel: `steno_${'0'.repeat(32)}`,
    userId: UserId.parse(userId),
    email: 'a@firm.example',
    firstName: 'A',
    lastName: 'B',
    role,
    expiresAt: new Date('2099-01-01T00:00:00Z'),
  };
}

function collidingGroups(rules: FakeEntity, found: FakeRow, patch: WireRow, baseRevision: number, deviceId: string): Set<string> {
  const groups = new Set<string>();
  for (const [field, value] of Object.entries(patch)) {
    const rule = rules.fields.get(field);
    const last = found.fieldRevision.get(field);
    if (rule?.policy !== 'conflict' || !last || last.revision <= baseRevision || last.deviceId === deviceId) continue;
    if (JSON.stringify(value) !== JSON.stringify(found.row[field])) groups.add(rule.group);
  }
  return groups;
}

/** The triggers of 0004_letter.sql that run before the row is there. */
function beforeInsert(firm: FakeFirm, entity: string, patch: WireRow): void {
  if (entity === 'letter' && (patch['status'] ?? 'Draft') !== 'Draft') throw new Refused('status_transition');
  if (entity !== 'letter_update' && entity !== 'letter_version') return;
  const letter = tableOf(firm, 'letter').get(String(patch['letter_id']));
  if (letter && letter.row['status'] !== 'Draft' && letter.row['status'] !== 'In_Review') throw new Refused('letter_finalized');
}

const steps: Record<string, string[]> = {
  Draft: ['In_Review', 'Finalized'],
  In_Review: ['Draft', 'Finalized'],
  Finalized: ['Exported', 'Archived'],
  Exported: ['Archived'],
};

function beforeUpdate(entity: string, old: WireRow, next: WireRow, role: Role, userId: string): void {
  if (entity === 'letter_update' || entity === 'letter_version') throw new Refused('append_only');
  if (entity !== 'letter') return;
  const [was, will] = [String(old['status']), String(next['status'])];
  const frozen = ['title', 'letter_date', 'demand_cents', 'matter_id', 'template_id', 'metadata', 'deleted_at'];
  if (['Finalized', 'Exported', 'Archived'].includes(was) && frozen.some((field) => old[field] !== next[field]))
    throw new Refused('letter_finalized');
  if (was === will) return;
  if (!steps[was]?.includes(will)) throw new Refused('status_transition');
  if (will !== 'Finalized' && will !== 'Archived') return;
  if (role !== 'Admin' && role !== 'Attorney')
    throw new Refused(will === 'Finalized' ? 'finalize_needs_attorney' : 'archive_needs_attorney');
  if (will === 'Archived') return;
  next['finalized_at'] = next['updated_at'];
  next['finalized_by'] = userId;
}

function check(firm: FakeFirm, entity: string, row: WireRow): void {
  if (fakeIsInvalid(entity, row)) throw new Refused('invalid');
  for (const [field, parent] of Object.entries(fakeParents[entity] ?? {})) {
    const id = row[field];
    if (typeof id === 'string' && !tableOf(firm, parent).has(id)) throw new Refused('missing_parent');
  }
}

function tableOf(firm: FakeFirm, entity: string): Map<string, FakeRow> {
  const table = firm.rows.get(entity) ?? new Map<string, FakeRow>();
  firm.rows.set(entity, table);
  return table;
}

function pick(row: WireRow, fields: string[]): WireRow {
  return Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}
