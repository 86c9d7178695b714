import type { Role } from '../../src/shared/session.ts';
import { FirmId, UserId } from '../../src/shared/ids.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { entityShape, type WireRow } from '../../src/main/sync/entities.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { RemoteError, type Remote, type RemoteAccount, type Verdict } from '../../src/main/sync/remote.ts';
import { liveCalls, noLife, type FakeLive } from './fake-live.ts';
import { recoveryCalls, sealPush } from './fake-recovery.ts';
import { fakeSource, isHidden, pullPage } from './fake-snapshot.ts';
import { fakeDefaults, fakeEntities, fakeIsInvalid, fakeParents } from './fake-entities.ts';
import { createFakeProposals, proposalEntity, visible } from './fake-proposals.ts';
import { beforeInsert, beforeUpdate, collidingGroups, givenAtInsert, Refused } from './fake-rules.ts';
import { fakeFileRules, fakeFiles, type FakeFile, type FakeFileRules } from './fake-files.ts';

export interface FakeRow {
  row: WireRow;
  fieldRevision: Map<string, { revision: number; deviceId: string }>;
}
export interface Session {
  firm: FakeFirm;
  userId: string;
  role: Role;
  /** What this person was before. */
  formerRoles: Set<Role>;
  deviceId: string;
  isAlive: boolean;
}

/** One firm of the model: what it holds, and what it was asked, for tests to look at. */
export interface FakeFirm {
  firmId: string;
  rows: Map<string, Map<string, FakeRow>>;
  verdicts: Map<string, Verdict>;
  feed: { entity: string; entityId: string }[];
  /** Places in the feed that were compacted away, and the position below which that hides that rows are gone. */
  dropped: Set<number>;
  floor: number;
  /** By person, kinds of rows that are not given to them. */
  hidden: Map<string, Set<string>>;
  /** How often each mutation changed something: more than once is the failure S3 forbids. */
  judged: Map<string, number>;
  files: Map<string, FakeFile>;
  /** The audit's chain, a hash for each push. */
  audit: string[];
  /** How often the server was restored from a backup; each cuts all lines. */
  restores: number;
  /** Fields that this server's schema does not have yet. */
  misunderstands(entity: string, fields: string[]): boolean;
  /** By device, the rows of which a change was refused and not kept as a proposal. */
  refused: Map<string, Set<string>>;
  listeners: Set<() => void>;
  live: FakeLive;
}

export interface FakeServer {
  addFirm(): FakeFirm;
  signIn(firm: FakeFirm, role: Role, deviceId?: string, userId?: string): Remote;
  /** From now on the person behind this line, or at this device, has another role. */
  setRole(at: Remote | string, role: Role): void;
}

export interface FakeServerOptions {
  forgetsVerdicts?: boolean;
  lastPushWins?: boolean;
  /** Refuses what came too late without keeping it, though the laptop is told that it is kept. */
  dropsProposals?: boolean;
  files?: Partial<FakeFileRules>;
  /** Takes edits that build on one that is not there. */
  takesLoose?: boolean;
  /** Keeps what came too late as a proposal, and takes it in all the same. */
  appliesProposals?: boolean;
  newId?: () => string;
}

const known = fakeEntities().set('proposal', proposalEntity);
known.get('letter_update')?.fields.set('leans_on', { policy: 'last', group: 'leans_on' });

/**
 * The firm's server in memory, with the meaning of migrations/server/0005_sync.sql; test/support/remote-contract.ts holds both to it.
 * `forgetsVerdicts` switches S3 off, `lastPushWins` S8, `dropsProposals`, `appliesProposals` and `takesLoose` S12: only for controls that must fail.
 */
export function createFakeServer(options: FakeServerOptions = {}): FakeServer {
  const { forgetsVerdicts = false, lastPushWins = false, files = {}, newId = freshId } = options;
  const sessions = new Map<Remote | string, Session>();
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
      const verdict: Verdict = { mutationId: mutation.mutationId, ...judge(session, mutation) };
      if (verdict.verdict === 'rejected') {
        const proposal = proposals.propose(session, mutation, verdict.reason ?? '');
        if (proposal !== null) verdict.proposal = proposal;
      }
      if (verdict.verdict === 'rejected') fenced.add(touched);
      else firm.judged.set(mutation.mutationId, (firm.judged.get(mutation.mutationId) ?? 0) + 1);
      firm.verdicts.set(mutation.mutationId, verdict);
      return verdict;
    });
    sealPush(firm, verdicts);
    for (const listener of firm.listeners) listener();
    return structuredClone(verdicts);
  }

  const proposals = createFakeProposals({
    now,
    newId,
    apply,
    isKept: options.dropsProposals !== true,
    appliesAtOnce: options.appliesProposals === true,
  });

  function judge(session: Session, mutation: Mutation): Omit<Verdict, 'mutationId'> {
    // accepting a proposal changes other rows before it may be refused
    const { rows, feed } = session.firm;
    const before = mutation.entity === 'proposal' ? { rows: structuredClone(rows), positions: feed.length } : null;
    try {
      return apply(session, mutation);
    } catch (error) {
      if (before) Object.assign(session.firm, { rows: before.rows, feed: feed.slice(0, before.positions) });
      if (error instanceof Refused) return { verdict: 'rejected', reason: error.message };
      throw error;
    }
  }

  function apply(
    session: Session,
    { entity, entityId, op, baseRevision, patch }: Mutation,
    authorId?: string,
  ): Omit<Verdict, 'mutationId'> {
    const { firm, role, userId, deviceId } = session;
    const rules = known.get(entity);
    const shape = entityShape(entity);
    if (!rules || !shape) throw new Refused('unknown_entity');
    if (!rules.writeRoles.includes(role)) throw new Refused('forbidden');
    if (Object.keys(patch).some((field) => !rules.fields.has(field))) throw new Refused('unknown_field');
    const table = tableOf(firm, entity);
    const found = table.get(entityId);

    if (op === 'insert') {
      if (!rules.isInsertable) throw new Refused('forbidden');
      beforeInsert(firm, entity, patch, role, options.takesLoose === true);
      firm.feed.push({ entity, entityId });
      if (found) return { verdict: 'merged' };
      const empty = Object.fromEntries([...shape.columns.keys()].map((name) => [name, null]));
      const at = now();
      const head = {
        created_by: authorId ?? userId,
        updated_by: userId,
        created_at: at,
        updated_at: at,
        revision: 1,
        [shape.idColumn]: entityId,
      };
      const row = {
        ...empty,
        ...fakeDefaults[entity],
        ...structuredClone(patch),
        ...givenAtInsert(firm, entity, patch, authorId ?? userId),
        ...head,
      };
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
      beforeUpdate(firm, entity, found.row, next, { role, userId, authorId });
      if (entity === 'proposal') proposals.decide(session, found.row, next);
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
    const see = (entity: string, row: WireRow | undefined): WireRow | null =>
      isHidden(session, entity) ? null : visible(session, entity, row);
    const remote: Remote = {
      whoami: () => call(() => accountOf(session)),
      push: (batch) => call(() => push(session, structuredClone(batch))),
      pull: (after, most) => call(() => pullPage(session, see, after, most)),
      snapshot: () => fakeSource(session, see, [...known.keys()], call, remote.pull),
      ...liveCalls(session, call),
      ...recoveryCalls(firm, call, (batch) => push(session, batch), session.userId),
      files: fakeFiles(firm.files, session.role, call, { ...fakeFileRules, ...files }),
      signOut: () => call(() => void (session.isAlive = false)),
      close: () => Promise.resolve(),
    };
    sessions.set(remote, session).set(session.deviceId, session);
    return remote;
  }

  return {
    addFirm: () => ({
      firmId: newId(),
      rows: new Map(),
      verdicts: new Map(),
      feed: [],
      dropped: new Set(),
      floor: 0,
      hidden: new Map(),
      judged: new Map(),
      files: new Map(),
      audit: [],
      restores: 0,
      misunderstands: () => false,
      refused: new Map(),
      listeners: new Set(),
      live: noLife(),
    }),
    signIn: (firm, role, deviceId = newId(), userId = newId()) =>
      remoteFor({ firm, userId, role, formerRoles: new Set(), deviceId, isAlive: true }),
    setRole(at, role) {
      const session = sessions.get(at);
      if (!session) throw new Error('that line is not of this server');
      session.formerRoles.add(session.role);
      session.role = role;
    },
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

function check(firm: FakeFirm, entity: string, row: WireRow): void {
  if (fakeIsInvalid(entity, row)) throw new Refused('invalid');
  for (const [field, parent] of Object.entries(fakeParents[entity] ?? {})) {
    const id = row[field];
    if (typeof id === 'string' && !tableOf(firm, parent).has(id)) throw new Refused('missing_parent');
  }
}

export function tableOf(firm: FakeFirm, entity: string): Map<string, FakeRow> {
  const table = firm.rows.get(entity) ?? new Map<string, FakeRow>();
  firm.rows.set(entity, table);
  return table;
}

function pick(row: WireRow, fields: string[]): WireRow {
  return Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}
