import { explain } from '../../shared/errors.ts';
import type { ProposalView, SyncStatus, VerdictView } from '../../shared/sync.ts';
import { count, momentText } from '../ui/values.tsx';

/** How many things wait for this person. */
export function needsYou({ conflicts, deadLetters, proposals }: SyncStatus): number {
  return conflicts + deadLetters + proposals;
}

/** The state of syncing in a few words: what waits for a person comes first. */
export function syncWords(status: SyncStatus, now = Date.now()): string {
  const needs = needsYou(status);
  if (needs > 0) return `Needs you: ${String(needs)}`;
  const waiting = status.waiting > 0 ? `${count(status.waiting, 'change')} waiting` : null;
  switch (status.phase) {
    case 'local':
      return 'On this computer only';
    case 'syncing':
      return waiting === null ? 'Syncing' : `Syncing, ${waiting}`;
    case 'stopped': {
      const stopped = status.problem?.code === 'full' ? explain(status.problem).title.replace(/\.$/, '') : 'Syncing has stopped';
      return waiting === null ? stopped : `${stopped}, ${waiting}`;
    }
    case 'offline': {
      const since = status.offlineSince === null ? 'offline' : `offline since ${momentText(status.offlineSince, now)}`;
      return waiting === null ? since.replace('offline', 'Offline') : `${waiting}, ${since}`;
    }
    case 'synced': {
      const synced = status.lastSyncedAt === null ? 'synced' : `synced ${momentText(status.lastSyncedAt, now)}`;
      return waiting === null ? synced.replace('synced', 'Synced') : `${waiting}, last ${synced}`;
    }
  }
}

export function syncTone(status: SyncStatus): 'ask' | 'block' | 'done' | 'accent' | 'plain' {
  if (status.phase === 'stopped') return 'block';
  if (needsYou(status) > 0) return 'ask';
  if (status.phase === 'synced' && status.waiting === 0) return 'done';
  return status.phase === 'offline' ? 'ask' : status.phase === 'local' ? 'plain' : 'accent';
}

/** "3 edits and 1 change by John Watson" */
export function proposalWords({ edits, changes, authorName, isMine }: ProposalView): string {
  const parts = [edits > 0 ? count(edits, 'edit') : null, changes.length > 0 ? count(changes.length, 'change') : null];
  return `${parts.filter((part) => part !== null).join(' and ')} by ${isMine ? 'you' : authorName}`;
}

export const verdictWords: Record<VerdictView['verdict'], string> = {
  applied: 'Taken',
  merged: 'Taken, beside a colleague’s change',
  conflict: 'Two values: somebody has to choose',
  proposed: 'Kept as a proposal.',
  rejected: 'Refused.',
};
export const verdictTone: Record<VerdictView['verdict'], 'done' | 'ask' | 'block'> = {
  applied: 'done',
  merged: 'done',
  conflict: 'ask',
  proposed: 'ask',
  rejected: 'block',
};
