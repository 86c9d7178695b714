import { Button } from '@mantine/core';
import type { DeadLetterView } from '../../shared/sync.ts';
import { useCommand } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { doUnlessUndone, sentenceOf, tell } from '../ui/undo.tsx';
import { MomentText } from '../ui/values.tsx';

/** From about here on what was kept is scrolled, and its scroller must be reached by keyboard. */
const longText = 1000;

/** A change that the firm refused: sent again, let go, or saved as a file. */
export function DeadLetterDetail({ letter, onHide }: { letter: DeadLetterView; onHide: (isHidden: boolean) => void }) {
  const decide = useCommand('sync.decideDeadLetter');
  const keep = useCommand('sync.keepDeadLetters');
  const retry = () => {
    if (!decide.busy) void decide.run({ mutationId: letter.mutationId, decision: 'retry' });
  };
  const discard = () => {
    onHide(true);
    doUnlessUndone(
      'Discarded.',
      () => {
        void decide.run({ mutationId: letter.mutationId, decision: 'discard' });
      },
      () => {
        onHide(false);
      },
    );
  };
  const save = async () => {
    const saved = await keep.run({ mutationIds: [letter.mutationId] });
    if (saved.ok) tell(`Saved in ${saved.value.folder}: ${saved.value.files.join(' and ')}.`);
    else tell(sentenceOf(saved.error));
  };
  const saveNow = () => {
    void save();
  };
  useKeys({ r: retry, x: discard, s: saveNow });
  return (
    <>
      <header>
        <h2>{letter.where ?? letter.what}</h2>
        <p className="quiet">
          {letter.what}, made <MomentText at={letter.at} />. The firm refused it: {letter.reason}
        </p>
      </header>
      <p className="kept" tabIndex={letter.kept.length > longText ? 0 : undefined}>
        {letter.kept === '' ? <span className="quiet">empty</span> : letter.kept}
      </p>
      <p className="quiet">
        What you wrote is kept on this computer until you decide. Your later changes of the same thing wait behind it.
      </p>
      {decide.error && <ErrorNotice error={decide.error} />}
      <div className="row wrap">
        <Button loading={decide.busy} onClick={retry}>
          Try again (r)
        </Button>
        <Button variant="default" loading={keep.busy} onClick={saveNow}>
          Save as files (s)
        </Button>
        <Button variant="subtle" color="gray" onClick={discard}>
          Discard my change (x)
        </Button>
      </div>
    </>
  );
}
