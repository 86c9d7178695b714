import { explain } from '../../shared/errors.ts';
import type { LostCopy } from '../../shared/session.ts';
import { count } from '../ui/values.tsx';

export interface LostCopyWords {
  tone: 'block' | 'ask' | 'tell';
  title: string;
  /** What was kept, where it is, and what to do. */
  advice: string;
}

/** What became of a copy that this laptop no longer has. */
export function lostCopyWords(copy: LostCopy): LostCopyWords {
  switch (copy.why) {
    case 'revoked':
      return { title: 'Your firm has revoked this laptop.', ...revokedWords(copy) };
    case 'damaged':
      return { title: 'This laptop’s copy was damaged.', ...damagedWords(copy) };
    case 'afresh':
      return {
        title: 'You started afresh from the firm’s copy.',
        tone: 'tell',
        advice:
          copy.rescue === 'sealed_store'
            ? 'The old copy was put aside, locked. Your IT can read what the firm did not have with the firm’s recovery key: give them this folder.'
            : 'The old copy was put aside. It opens only with the key that was in this laptop’s keychain.',
      };
  }
}

function revokedWords(copy: LostCopy): Omit<LostCopyWords, 'title'> {
  if (copy.state === 'working')
    return {
      tone: 'ask',
      advice: 'Steno saves what the firm does not have yet, then erases its copy. Leave it running until this changes.',
    };
  if (copy.state === 'waiting') {
    const problem = copy.problem ? explain(copy.problem) : null;
    return {
      tone: 'block',
      advice: `Its copy is not erased yet. ${problem ? `${problem.title} ${problem.advice}` : ''} Then start Steno again.`,
    };
  }
  const [work, had, them] = [workOf(copy), verb(copy, 'was', 'were'), verb(copy, 'it', 'them')];
  switch (copy.rescue) {
    case 'file':
      return {
        tone: 'ask',
        advice: `Its copy is erased. ${work} that the firm did not have ${had} saved first, in a file that only your IT can open. Give ${them} to your IT:`,
      };
    case 'sealed_store':
      return {
        tone: 'ask',
        advice:
          'The key to its copy is erased, so nobody can read it here. What the firm did not have is inside, locked: only your IT can open it. Give them this folder:',
      };
    case 'lost':
      return {
        tone: 'block',
        advice: `Its copy is erased. ${work} that the firm did not have ${had} lost with it, because your firm has no recovery key. Tell your IT.`,
      };
    default:
      return {
        tone: 'tell',
        advice: 'Its copy is erased. Nothing is lost: the firm has all of your work. Ask your IT if you should have this laptop.',
      };
  }
}

function damagedWords(copy: LostCopy): Omit<LostCopyWords, 'title'> {
  if (copy.state !== 'done') return { tone: 'ask', advice: 'Steno saves what can be read of it. Leave it running until this changes.' };
  const read =
    copy.changes + copy.files === 0
      ? 'Nothing waited in it for the firm.'
      : `${workOf(copy)} that the firm did not have ${verb(copy, 'was', 'were')} saved and ${verb(copy, 'goes', 'go')} to the firm once you sign in.`;
  const unread = copy.unreadable > 0 ? ' Parts of it could not be read; ask your IT about what you miss.' : '';
  const again =
    copy.rescue === 'file' ? ' A second copy of that work, which your IT can open, is here:' : ' The damaged copy was put aside.';
  return { tone: copy.unreadable > 0 ? 'ask' : 'tell', advice: `${read}${unread} All else comes from the firm. Sign in to go on.${again}` };
}

/** "3 changes and 1 file"; where nobody could count, "Work". */
function workOf({ changes, files }: LostCopy): string {
  const parts = [changes > 0 ? count(changes, 'change') : null, files > 0 ? count(files, 'file') : null].filter((part) => part !== null);
  return parts.length === 0 ? 'Work' : parts.join(' and ');
}

function verb({ changes, files }: LostCopy, one: string, many: string): string {
  return changes + files > 1 ? many : one;
}
