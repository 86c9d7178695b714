import type { SyncStatus } from '../../shared/sync.ts';
import { count, momentText } from '../ui/values.tsx';

/** The state of syncing in a few words: what waits for a person comes first. */
export function syncWords(status: SyncStatus, now = Date.now()): string {
  const needs = status.conflicts + status.deadLetters;
  if (needs > 0) return `Needs you: ${String(needs)}`;
  const waiting = status.waiting > 0 ? `${count(status.waiting, 'change')} waiting` : null;
  switch (status.phase) {
    case 'local':
      return 'On this computer only';
    case 'syncing':
      return waiting === null ? 'Syncing' : `Syncing, ${waiting}`;
    case 'stopped':
      return waiting === null ? 'Syncing has stopped' : `Syncing has stopped, ${waiting}`;
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
  if (status.conflicts + status.deadLetters > 0) return 'ask';
  if (status.phase === 'synced' && status.waiting === 0) return 'done';
  return status.phase === 'offline' ? 'ask' : status.phase === 'local' ? 'plain' : 'accent';
}
