import { explain } from '../../shared/errors.ts';
import type { CopyProgress, ProposalView, SyncStatus, VerdictView } from '../../shared/sync.ts';
import { count, momentText } from '../ui/values.tsx';

/** How many things wait for this person. */
export function needsYou({ conflicts, deadLetters, proposals }: SyncStatus): number {
  return conflicts + deadLetters + proposals;
}

/** The state of syncing in a few words: what waits for a person comes first, and beside it only what she would else not know. */
export function syncWords(status: SyncStatus, now = Date.now()): string {
  const needs = needsYou(status);
  if (needs === 0) return phaseWords(status, now);
  const words = `Needs you: ${needs.toLocaleString('en-US')}`;
  return status.phase === 'offline' || status.phase === 'stopped' ? `${words}. ${phaseWords(status, now)}` : words;
}

function phaseWords(status: SyncStatus, now: number): string {
  const waiting = status.waiting > 0 ? `${count(status.waiting, 'change')} waiting` : null;
  switch (status.phase) {
    case 'local':
      return 'On this computer only';
    case 'syncing':
      if (status.copy)
        return (
          [copyTitle[status.copy.why], rowsWords(status.copy)].filter((part) => part !== '').join(': ') +
          (waiting === null ? '' : `, ${waiting}`)
        );
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

/** The same aloud: each row that comes is not worth hearing of. */
export function spokenWords(status: SyncStatus): string {
  return syncWords({ ...status, copy: status.copy && { ...status.copy, total: 0 } });
}

const copyTitle: Record<CopyProgress['why'], string> = {
  first: 'Getting your firm’s matters',
  away: 'Getting your firm’s matters anew',
  view: 'Getting what you may see now',
};
const copyReason: Record<CopyProgress['why'], string> = {
  first: 'The matters last worked on are shown first; all others appear together once they are here.',
  away: 'This computer was away for longer than the firm remembers what was removed. What you see is as of when it was last here.',
  view: 'What you may see at the firm has changed. Until all is here you see what you saw before.',
};

/** "40,000 of 215,000 entries"; nothing before they are counted. */
function rowsWords({ done, total }: CopyProgress): string {
  return total === 0 ? '' : `${done.toLocaleString('en-US')} of ${count(total, 'entry', 'entries')}`;
}

/** A copy on its way, for whoever wants to know more than the status bar says. */
export function copyWords(copy: CopyProgress): { title: string; advice: string } {
  const rows = rowsWords(copy);
  const here = rows === '' ? '' : `${rows} are here. `;
  const isResumed = copy.isResumed ? ' It goes on where it stopped.' : '';
  return {
    title: `${copyTitle[copy.why]}.`,
    advice: `${here}${copyReason[copy.why]}${isResumed} You can go on working; what you write is kept and sent.`,
  };
}

/** What a list of matters says above itself while not all of the firm is here; null where it is. */
export function partialWords({ isPartial, copy }: SyncStatus): string | null {
  if (isPartial !== true) return null;
  if (!copy) return 'The rest of your firm’s matters is not here yet. It comes as soon as the firm can be reached.';
  const rows = rowsWords(copy);
  return `The matters last worked on. The rest is on its way${rows === '' ? '' : `: ${rows}`}.`;
}

/** The same where not one is here yet. */
export function arrivingWords({ copy }: SyncStatus): { title: string; advice: string } {
  if (!copy) return { title: 'Your firm’s matters are not here yet', advice: 'They come as soon as the firm can be reached.' };
  const rows = rowsWords(copy);
  return {
    title: 'Your firm’s matters are on their way',
    advice: `${rows === '' ? '' : `${rows} are here. `}Those last worked on are shown first, in a moment; all others follow.`,
  };
}

/** What an open matter says above all else while it may not be whole: a tab of it that is empty may not stay so. */
export function partialMatterWords({ isPartial, copy }: SyncStatus): string | null {
  if (isPartial !== true) return null;
  return copy
    ? 'The rest of this matter is on its way; the text of its pages comes last.'
    : 'Not all of this matter is here yet. The rest comes as soon as the firm can be reached.';
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

/** Answers that say the same of the same thing, one after the other (an hour of typing is many edits), as one with their number. The newest names them. */
export function foldVerdicts(verdicts: readonly VerdictView[]): { verdict: VerdictView; times: number }[] {
  const folded: { verdict: VerdictView; times: number }[] = [];
  for (const verdict of verdicts) {
    const last = folded.at(-1);
    if (last && saysTheSame(last.verdict, verdict)) last.times += 1;
    else folded.push({ verdict, times: 1 });
  }
  return folded;
}

function saysTheSame(a: VerdictView, b: VerdictView): boolean {
  return a.what === b.what && a.where === b.where && a.verdict === b.verdict && a.reason === b.reason;
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
