import { Button, Popover } from '@mantine/core';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { explain } from '../../shared/errors.ts';
import type { LetterOnDesk } from '../../shared/letters.ts';
import { useCommand } from '../client.ts';
import { SendToReview } from '../collaboration/SendToReview.tsx';
import { letterStatusWords } from '../matters/rows.ts';
import { centsToInput, readMoney } from '../ui/money-input.ts';
import { MoneyField } from '../ui/MoneyField.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { doUnlessUndone, tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import { ReopenButton } from './ReopenButton.tsx';
import type { UpdateQueue } from './update-queue.ts';

interface LetterHeaderProps {
  letter: LetterOnDesk;
  saving: UpdateQueue;
  /** How many findings of the linter keep it from being finalized. */
  blockingFindings: number;
  onShowFindings: () => void;
}

/** Status, demand, whether it is saved, and the next step of the letter. */
export function LetterHeader({ letter, saving, blockingFindings, onShowFindings }: LetterHeaderProps) {
  const setStatus = useCommand('letters.setStatus');
  const finalize = useCommand('letters.finalize');
  const archive = useCommand('letters.archive');
  const isOpen = letter.status === 'Draft' || letter.status === 'In_Review';
  const mayEdit = letter.readOnlyReason === null;
  const error = setStatus.error ?? finalize.error ?? archive.error;

  const backToDraft = async () => {
    await saving.flush();
    const moved = await setStatus.run({ letterId: letter.letterId, status: 'Draft' });
    if (moved.ok)
      tell('Back to draft.', () => {
        void setStatus.run({ letterId: letter.letterId, status: 'In_Review' });
      });
  };
  const freeze = async () => {
    if (!(await saving.flush())) return;
    const outcome = await finalize.run({ letterId: letter.letterId });
    if (outcome.ok && outcome.value.blockers.length > 0) onShowFindings();
    else if (outcome.ok) tell('Finalized. The text is frozen; export it from the Package tab.');
  };

  return (
    <header className="letter-header">
      <span className={`tag ${letter.status === 'Finalized' || letter.status === 'Exported' ? 'tag-done' : 'tag-accent'}`}>
        {letterStatusWords[letter.status]}
      </span>
      {mayEdit && <SavedLine saving={saving} />}
      <span className="row push">
        <DemandField letter={letter} mayEdit={mayEdit} />
        {letter.mayReopen && <ReopenButton letterId={letter.letterId} />}
        {letter.mayReopen && (
          <Button
            variant="default"
            loading={archive.busy}
            onClick={() => {
              doUnlessUndone('Archived. It can be read and exported, and is not opened again.', () => {
                void archive.run({ letterId: letter.letterId });
              });
            }}
          >
            Archive
          </Button>
        )}
        {isOpen && mayEdit && (
          <>
            {letter.status === 'In_Review' && (
              <Button
                variant="default"
                loading={setStatus.busy}
                onClick={() => {
                  void backToDraft();
                }}
              >
                Back to draft
              </Button>
            )}
            <SendToReview letterId={letter.letterId} isInReview={letter.status === 'In_Review'} beforeSending={() => saving.flush()} />
            <FinalizeButton
              blockers={letter.blockers.length + blockingFindings}
              busy={finalize.busy}
              onShowFindings={onShowFindings}
              onFinalize={() => {
                void freeze();
              }}
            />
          </>
        )}
      </span>
      {error && (
        <div className="letter-error">
          <ErrorNotice error={error} />
        </div>
      )}
    </header>
  );
}

function FinalizeButton({
  blockers,
  busy,
  onShowFindings,
  onFinalize,
}: {
  blockers: number;
  busy: boolean;
  onShowFindings: () => void;
  onFinalize: () => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={300}
      shadow="md"
      trapFocus
      returnFocus
      transitionProps={{ duration: 80 }}
    >
      <Popover.Target>
        <Button
          loading={busy}
          onClick={() => {
            setOpen(!open);
            if (blockers > 0) onShowFindings();
          }}
        >
          Finalize…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack">
          {blockers > 0 ? (
            <>
              <p>
                <strong>
                  {count(blockers, 'finding')} {blockers === 1 ? 'blocks' : 'block'} this letter.
                </strong>{' '}
                Each is listed under Findings, with a link to its place.
              </p>
              <Button
                variant="default"
                onClick={() => {
                  setOpen(false);
                  onShowFindings();
                }}
              >
                Show findings
              </Button>
            </>
          ) : (
            <>
              <p>Every fact is approved and every sum is computed. Finalizing freezes the text for everybody.</p>
              <Button
                onClick={() => {
                  setOpen(false);
                  onFinalize();
                }}
              >
                Finalize now
              </Button>
            </>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** "Saved" is said once it has been true for so long: between two words it would only flicker. */
const restMs = 400;

function SavedLine({ saving }: { saving: UpdateQueue }) {
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = saving.subscribe(() => {
        clearTimeout(timer);
        if (saving.state().kind === 'saved') timer = setTimeout(listener, restMs);
        else listener();
      });
      return () => {
        clearTimeout(timer);
        stop();
      };
    },
    [saving],
  );
  // one word for waiting and being sent: what says the same is not drawn again
  useSyncExternalStore(subscribe, () => (saving.state().kind === 'waiting' ? 'saving' : saving.state().kind));
  const state = saving.state();
  if (state.kind === 'failing') {
    const { title, advice } = explain(state.error);
    return (
      <span className="tag tag-ask" role="status" title={advice}>
        Not saved yet, trying again.{state.error.code === 'offline' || state.error.code === 'core_gone' ? '' : ` ${title}`}
      </span>
    );
  }
  return (
    <span className="quiet" role="status">
      {state.kind === 'saved' ? 'Saved' : 'Saving…'}
    </span>
  );
}

function DemandField({ letter, mayEdit }: { letter: LetterOnDesk; mayEdit: boolean }) {
  const set = useCommand('letters.setDemand');
  // What is being typed; null while core's own amount is shown.
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed === null) return;
    const { cents, problem } = readMoney(typed);
    if (problem !== null) return;
    if (cents === letter.demandCents) {
      setTyped(null);
      return;
    }
    void set.run({ letterId: letter.letterId, demandCents: cents }).then((outcome) => {
      if (outcome.ok) setTyped(null);
    });
  };
  return (
    <span className="row demand" data-field="demand_amount">
      <span className="quiet" aria-hidden>
        Demand
      </span>
      <MoneyField
        label="Demand"
        hideLabel
        value={typed ?? centsToInput(letter.demandCents)}
        disabled={!mayEdit}
        onChange={setTyped}
        onCommit={commit}
        width={132}
      />
      {set.error && <span className="tag tag-block">{explain(set.error).title}</span>}
    </span>
  );
}
