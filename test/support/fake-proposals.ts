import { idOf } from '../../src/main/host/ids.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Verdict } from '../../src/main/sync/remote.ts';
import type { FakeEntity } from './fake-entities.ts';
import { tableOf, type FakeFirm, type Session } from './fake-remote.ts';
import { Refused } from './fake-rules.ts';

export const proposalEntity: FakeEntity = {
  writeRoles: ['Admin', 'Attorney', 'Paralegal'],
  isInsertable: false,
  fields: new Map([['state', { policy: 'last', group: 'state' }]]),
};

const proposing = [
  'matter',
  'document',
  'page',
  'fact',
  'bill_line',
  'stated_total',
  'template',
  'letter',
  'letter_update',
  'letter_version',
  'export',
  'collaboration',
];
const attorneys = ['Admin', 'Attorney'];
const staff = ['Admin', 'Attorney', 'Paralegal'];

/** A row as this person may see it: proposals are their author's, and of who may decide them. */
export function visible({ role, userId }: Session, entity: string, row: WireRow | undefined): WireRow | null {
  if (!row) return null;
  return entity !== 'proposal' || row['proposed_by'] === userId || proposalEntity.writeRoles.includes(role) ? row : null;
}

interface FakeProposals {
  propose(session: Session, mutation: Mutation, refusal: string): string | null;
  /** Before a proposal's row becomes `next`: applies what it proposes, or refuses. */
  decide(session: Session, old: WireRow, next: WireRow): void;
}

interface FakeProposalsInput {
  now(): string;
  newId(): string;
  apply(session: Session, mutation: Mutation, authorId?: string): Omit<Verdict, 'mutationId'>;
  /** False: a control that tells the laptop of a proposal and keeps none. */
  isKept: boolean;
  /** True: a control that takes a late edit of a letter in without a decision. */
  appliesAtOnce: boolean;
}

/** The proposals of the fake server, with the meaning of migrations/server/0017_proposal.sql. */
export function createFakeProposals({ now, newId, apply, isKept, appliesAtOnce }: FakeProposalsInput): FakeProposals {
  const rowsOf = (firm: FakeFirm, entity: string): WireRow[] => [...tableOf(firm, entity).values()].map(({ row }) => row);

  function reasonFor(session: Session, mutation: Mutation, refusal: string): string | null {
    const { firm, role, deviceId } = session;
    const { entity, entityId, patch } = mutation;
    if (!proposing.includes(entity) || role === 'Guest') return null;
    if ([entityId, patch['letter_id'], patch['matter_id']].some((id) => typeof id === 'string' && !/^.{14}[1-8].{4}[89ab]/.test(id)))
      return null;
    const status = tableOf(firm, 'letter').get(letterOf(firm, mutation) ?? '')?.row['status'];
    if (refusal === 'letter_finalized' || refusal === 'status_transition') {
      if (status === 'Archived') return 'letter_archived';
      return status === 'Finalized' || status === 'Exported' ? 'letter_finalized' : null;
    }
    if (refusal === 'letter_deleted') return 'deleted';
    if (refusal === 'leans_on_missing') {
      const isProposed = rowsOf(firm, 'proposal').some((row) => row['entity_id'] === patch['leans_on']);
      return isProposed ? 'parent_proposed' : null;
    }
    if (refusal === 'not_found' || refusal === 'missing_parent') {
      const named = [entityId, patch['matter_id'], patch['document_id'], patch['letter_id'], patch['template_id'], patch['parent_id']];
      const isProposed = rowsOf(firm, 'proposal').some(
        (row) => row['state'] === 'open' && row['op'] === 'insert' && named.includes(row['entity_id']),
      );
      if (isProposed) return 'parent_proposed';
      const own = firm.refused.get(deviceId);
      return named.some((id) => own?.has(String(id))) ? null : 'deleted';
    }
    const needsAttorney = ['finalize_needs_attorney', 'archive_needs_attorney', 'hold_needs_attorney'].includes(refusal);
    if (refusal !== 'forbidden' && !needsAttorney) return null;
    const roles = needsAttorney || entity === 'template' ? attorneys : staff;
    return !roles.includes(role) && [...session.formerRoles].some((former) => roles.includes(former)) ? 'role_ended' : null;
  }

  /** The letter that takes in what was proposed for this one. */
  function letterFor(session: Session, letterId: string): string {
    const found = tableOf(session.firm, 'letter').get(letterId);
    if (!found) throw new Refused('letter_gone');
    const { row } = found;
    const isOpen = row['status'] === 'Draft' || row['status'] === 'In_Review';
    if (!isOpen && !attorneys.includes(session.role)) throw new Refused('reopen_needs_attorney');
    if (isOpen || (row['status'] !== 'Archived' && row['deleted_at'] === null)) {
      if (isOpen && row['deleted_at'] === null) return letterId;
      const change = isOpen ? { deleted_at: null } : { status: 'Draft', finalized_at: null, finalized_by: null };
      const revision = Number(row['revision']) + 1;
      found.row = { ...row, ...change, revision, updated_at: now(), updated_by: session.userId };
      if (!isOpen) found.fieldRevision.set('status', { revision, deviceId: session.deviceId });
      session.firm.feed.push({ entity: 'letter', entityId: letterId });
      return letterId;
    }
    const follower = idOf(letterId, 'follower');
    if (tableOf(session.firm, 'letter').has(follower)) return letterFor(session, follower);
    const { matter_id, letter_date, demand_cents, metadata, title } = row;
    const patch = { matter_id, letter_date, demand_cents, metadata, title: `${String(title)} (continued)` };
    insert(session, 'letter', follower, patch);
    for (const update of rowsOf(session.firm, 'letter_update').filter((one) => one['letter_id'] === letterId))
      insert(session, 'letter_update', idOf(follower, String(update['update_id'])), { letter_id: follower, payload: update['payload'] });
    return follower;
  }
  /** steno.letter_for_remark: null where a suggestion that was accepted stays undecided. */
  function letterForRemark(session: Session, row: WireRow, letterId: string): string | null {
    const { firm } = session;
    const letter = tableOf(firm, 'letter').get(letterId)?.row;
    if (!letter) throw new Refused('letter_gone');
    const { change_type: type, outcome, parent_id: parentId } = row['patch'] as WireRow;
    const isDeleted = letter['deleted_at'] !== null;
    const isOpen = letter['status'] === 'Draft' || letter['status'] === 'In_Review';
    if (row['op'] === 'insert') {
      const ofParent = tableOf(firm, 'collaboration').get(String(parentId))?.row['letter_id'];
      const parentsLetter = tableOf(firm, 'letter').get(String(ofParent))?.row;
      const isElsewhere = parentsLetter?.['matter_id'] === letter['matter_id'] && parentsLetter?.['deleted_at'] === null;
      if (type === 'Comment' && isElsewhere && ofParent !== letterId) return String(ofParent);
      return type === 'Comment' && !isDeleted ? letterId : letterFor(session, letterId);
    }
    if (outcome !== 'accepted') return isDeleted && isOpen ? letterFor(session, letterId) : letterId;
    const words = rowsOf(firm, 'proposal')
      .filter((one) => one['proposed_by'] === row['proposed_by'] && one['proposed_device'] === row['proposed_device'])
      .filter((one) => Number(one['ordinal']) < Number(row['ordinal']))
      .sort((a, b) => Number(b['ordinal']) - Number(a['ordinal']))[0];
    if (words?.['entity'] === 'letter_update' && words['letter_id'] === letterId) {
      if (words['state'] === 'open') throw new Refused('leans_on_missing');
      if (words['state'] === 'dismissed') return null;
    }
    return letter['status'] === 'Archived' || (isDeleted && !isOpen) ? null : letterFor(session, letterId);
  }
  function insert(session: Session, entity: string, entityId: string, patch: WireRow, authorId?: string): void {
    apply(session, { mutationId: newId(), entity, entityId, op: 'insert', baseRevision: 0, patch }, authorId);
  }

  function applyProposal(session: Session, row: WireRow): string | null {
    const { firm } = session;
    const entity = String(row['entity']);
    let target = String(row['entity_id']);
    let patch = { ...(row['patch'] as WireRow) };
    let into: string | null = null;
    const remark = entity === 'collaboration' ? tableOf(firm, entity).get(target)?.row : undefined;
    if (row['op'] === 'patch' && 'change_data' in patch && remark && remark['user_id'] !== row['proposed_by'])
      throw new Refused('not_author');
    if (entity === 'collaboration' && typeof row['letter_id'] === 'string') {
      into = letterForRemark(session, row, row['letter_id']);
      if (into === null) return null;
      if (row['op'] === 'insert') patch['letter_id'] = into;
      const answered = patch['parent_id'];
      const isAnswerable =
        tableOf(firm, entity).get(String(answered))?.row['letter_id'] === into ||
        rowsOf(firm, 'proposal').some((one) => one['entity_id'] === answered && one['op'] === 'insert' && one['state'] === 'open');
      if (row['op'] === 'insert' && !isAnswerable) patch['parent_id'] = null;
    } else if (typeof row['letter_id'] === 'string' && !(entity === 'letter' && row['op'] === 'insert')) {
      into = letterFor(session, row['letter_id']);
      if (entity === 'letter') target = into;
      else patch['letter_id'] = into;
      if (row['reason'] === 'letter_finalized' || row['reason'] === 'letter_archived') {
        const { status: _, ...rest } = patch;
        patch = rest;
      }
      if (Object.keys(patch).length === 0) return into;
    }
    if (row['op'] === 'insert') {
      insert(session, entity, target, patch, String(row['proposed_by']));
      const isWords = entity === 'collaboration' || entity === 'letter_update';
      if (isWords && tableOf(firm, entity).get(target)?.row['created_by'] !== row['proposed_by']) throw new Refused('duplicate');
      return into ?? (entity === 'letter' ? target : null);
    }
    const found = tableOf(firm, entity).get(target);
    if (!found) throw new Refused('not_found');
    if (found.row['deleted_at'] !== null) found.row = { ...found.row, deleted_at: null, revision: Number(found.row['revision']) + 1 };
    const baseRevision = Number(row['base_revision']);
    apply(session, { mutationId: newId(), entity, entityId: target, op: 'patch', baseRevision, patch }, String(row['proposed_by']));
    return into;
  }

  return {
    propose(session, mutation, refusal) {
      const { firm, userId, deviceId } = session;
      const reason = reasonFor(session, mutation, refusal);
      if (reason === null) {
        const refused = firm.refused.get(deviceId) ?? new Set();
        firm.refused.set(deviceId, refused.add(mutation.entityId));
        return null;
      }
      const proposalId = mutation.mutationId;
      if (!isKept) return proposalId;
      const letterId = letterOf(firm, mutation);
      const letterRow = tableOf(firm, 'letter').get(letterId ?? '')?.row;
      const ownRow = tableOf(firm, mutation.entity).get(mutation.entityId)?.row;
      const matterId = mutation.entity === 'matter' ? mutation.entityId : (letterRow ?? ownRow ?? mutation.patch)['matter_id'];
      const at = now();
      const row: WireRow = {
        ...{ proposal_id: proposalId, letter_id: letterId, entity: mutation.entity, entity_id: mutation.entityId },
        matter_id: typeof matterId === 'string' && tableOf(firm, 'matter').has(matterId) ? matterId : null,
        ...{
          mutation_id: mutation.mutationId,
          op: mutation.op,
          base_revision: mutation.baseRevision,
          patch: structuredClone(mutation.patch),
        },
        ...{
          reason,
          proposed_by: userId,
          proposed_device: deviceId,
          state: 'open',
          decided_by: null,
          decided_at: null,
          accepted_into: null,
        },
        ordinal: rowsOf(firm, 'proposal').filter((one) => one['proposed_by'] === userId).length + 1,
        ...{ revision: 1, created_by: userId, updated_by: null, created_at: at, updated_at: at, deleted_at: null },
      };
      tableOf(firm, 'proposal').set(proposalId, { row, fieldRevision: new Map() });
      firm.feed.push({ entity: 'proposal', entityId: proposalId });
      if (appliesAtOnce && mutation.entity === 'letter_update') {
        const { entityId, patch } = mutation;
        const head = { revision: 1, created_by: userId, updated_by: userId, created_at: at, updated_at: at, deleted_at: null };
        tableOf(firm, 'letter_update').set(entityId, { row: { update_id: entityId, ...patch, ...head }, fieldRevision: new Map() });
        firm.feed.push({ entity: 'letter_update', entityId });
      }
      return proposalId;
    },

    decide(session, old, next) {
      if (next['state'] === old['state']) return;
      if (old['state'] !== 'open') throw new Refused('proposal_decided');
      if (!['accepted', 'dismissed'].includes(String(next['state']))) return; // refused as invalid
      if (next['state'] === 'accepted') next['accepted_into'] = applyProposal(session, old);
      next['decided_by'] = session.userId;
      next['decided_at'] = next['updated_at'];
    },
  };
}

function letterOf(firm: FakeFirm, { entity, entityId, op, patch }: Mutation): string | null {
  if (entity === 'letter') return entityId;
  if (entity === 'collaboration' && op === 'patch') {
    const waiting = [...tableOf(firm, 'proposal').values()].find(
      ({ row }) => row['entity_id'] === entityId && row['op'] === 'insert' && row['state'] === 'open',
    );
    const of = (tableOf(firm, entity).get(entityId) ?? waiting)?.row['letter_id'];
    return typeof of === 'string' ? of : null;
  }
  return typeof patch['letter_id'] === 'string' ? patch['letter_id'] : null;
}
