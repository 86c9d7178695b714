import { useCommand } from '../client.ts';
import { showMatters } from '../route.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { saveEverything } from '../unsaved.ts';

/** Signs out, once the last words are saved; what keeps it from that is said. */
export function useLeave(): () => Promise<void> {
  const signOut = useCommand('session.signOut');
  return async () => {
    if (!(await saveEverything())) {
      tell('Your last words in the letter are not saved yet. Wait until the letter says Saved, then sign out.');
      return;
    }
    const left = await signOut.run({});
    if (left.ok) showMatters();
    else tell(sentenceOf(left.error));
  };
}
