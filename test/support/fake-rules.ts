import type { Role } from '../../src/shared/session.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';
import type { FakeEntity } from './fake-entities.ts';
import type { FakeFirm, FakeRow } from './fake-remote.ts';

/** What the fake server refuses, with the code that the firm's triggers raise. */
export class Refused extends Error {}

/** Merge groups of a patch in which another device set a field after the base revision, to another value (S8). */
export function collidingGroups(rules: FakeEntity, found: FakeRow, patch: WireRow, baseRevision: number, deviceId: string): Set<string> {
  const groups = new Set<string>();
  for (const [field, value] of Object.entries(patch)) {
    const rule = rules.fields.get(field);
    const last = found.fieldRevision.get(field);
    if (rule?.policy !== 'conflict' || !last || last.revision <= baseRevision || last.deviceId === deviceId) continue;
    if (JSON.stringify(value) !== JSON.stringify(found.row[field])) groups.add(rule.group);
  }
  return groups;
}

/** The triggers of 0004_letter.sql and 0032_version.sql that run before the row is there. */
export function beforeInsert({ rows, feed }: FakeFirm, entity: string, patch: WireRow, role: Role, takesLoose: boolean): void {
  if (entity === 'letter' && (patch['status'] ?? 'Draft') !== 'Draft') throw new Refused('status_transition');
  if (entity === 'collaboration') beforeRemark(rows.get('letter')?.get(String(patch['letter_id']))?.row, patch);
  if (entity !== 'letter_update' && entity !== 'letter_version') return;
  if (entity === 'letter_version' && patch['is_major'] !== false && !mayFinalize(role)) throw new Refused('finalize_needs_attorney');
  const letter = rows.get('letter')?.get(String(patch['letter_id']));
  const isKeptByItself = entity === 'letter_version' && patch['is_major'] === false && (patch['version_name'] ?? null) === null;
  if (letter && !isKeptByItself && !isOpen(letter.row)) throw new Refused('letter_finalized');
  if (letter && letter.row['deleted_at'] !== null) throw new Refused('letter_deleted');
  // what was ever taken is in the feed, joined since or not
  const leansOn = patch['leans_on'];
  if (typeof leansOn === 'string' && !takesLoose && !feed.some((one) => one.entityId === leansOn)) throw new Refused('leans_on_missing');
}

/** The triggers of 0036_remark.sql: a letter that is gone is not talked about, and nothing is suggested for one that is closed. */
function beforeRemark(letter: WireRow | undefined, patch: WireRow): void {
  if (patch['is_resolved'] === true) throw new Refused('status_transition');
  if (letter && letter['deleted_at'] !== null) throw new Refused('letter_deleted');
  if (letter && patch['change_type'] !== 'Comment' && !isOpen(letter)) throw new Refused('letter_finalized');
}
function changeRemark(letter: WireRow | undefined, old: WireRow, next: WireRow, userId: string): void {
  const differs = (field: string): boolean => JSON.stringify(old[field] ?? null) !== JSON.stringify(next[field] ?? null);
  if (letter && letter['deleted_at'] !== null && ['change_data', 'is_resolved', 'outcome'].some(differs))
    throw new Refused('letter_deleted');
  if (['letter_id', 'parent_id', 'change_type', 'position'].some(differs)) throw new Refused('append_only');
  if (differs('change_data')) {
    if (old['change_type'] !== 'Comment') throw new Refused('append_only');
    if (old['user_id'] !== userId) throw new Refused('not_author');
    if (old['is_resolved'] === true) throw new Refused('thread_resolved');
  }
  if (old['outcome'] !== null && next['is_resolved'] !== true) throw new Refused('suggestion_decided');
  if (differs('outcome') && next['outcome'] === 'accepted' && letter && !isOpen(letter)) throw new Refused('letter_finalized');
}
const isOpen = (letter: WireRow): boolean => letter['status'] === 'Draft' || letter['status'] === 'In_Review';

/** What the firm itself gives a new row: a version its number, a remark its author. */
export function givenAtInsert({ rows }: FakeFirm, entity: string, patch: WireRow, authorId: string): WireRow {
  if (entity === 'collaboration') return { user_id: authorId };
  if (entity !== 'letter_version') return {};
  const before = [...(rows.get(entity)?.values() ?? [])].filter(({ row }) => row['letter_id'] === patch['letter_id']);
  return { version_number: before.length + 1 };
}

const mayFinalize = (role: Role): boolean => role === 'Admin' || role === 'Attorney';

const steps: Record<string, string[]> = {
  Draft: ['In_Review', 'Finalized'],
  In_Review: ['Draft', 'Finalized'],
  Finalized: ['Exported', 'Archived'],
  Exported: ['Archived'],
};

/** `authorId`: who made the change, where somebody else takes it in. */
export function beforeUpdate(
  { rows }: FakeFirm,
  entity: string,
  old: WireRow,
  next: WireRow,
  { role, userId, authorId = userId }: { role: Role; userId: string; authorId?: string | undefined },
): void {
  if (entity === 'collaboration') changeRemark(rows.get('letter')?.get(String(old['letter_id']))?.row, old, next, authorId);
  if (entity === 'letter_update' || entity === 'letter_version') throw new Refused('append_only');
  if (entity !== 'letter') return;
  const [was, will] = [String(old['status']), String(next['status'])];
  if ((was === 'Finalized' || was === 'Exported') && will === 'Draft' && mayFinalize(role)) {
    next['finalized_at'] = next['finalized_by'] = null;
    return;
  }
  const frozen = ['title', 'letter_date', 'demand_cents', 'matter_id', 'template_id', 'metadata', 'deleted_at'];
  if (['Finalized', 'Exported', 'Archived'].includes(was) && frozen.some((field) => old[field] !== next[field]))
    throw new Refused('letter_finalized');
  if (was === will) return;
  if (!steps[was]?.includes(will)) throw new Refused('status_transition');
  if (will !== 'Finalized' && will !== 'Archived') return;
  if (!mayFinalize(role)) throw new Refused(will === 'Finalized' ? 'finalize_needs_attorney' : 'archive_needs_attorney');
  if (will === 'Archived') return;
  next['finalized_at'] = next['updated_at'];
  next['finalized_by'] = userId;
}
