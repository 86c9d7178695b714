import { Button, Textarea } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import type { ContradictionSide, ContradictionView } from '../../shared/contradictions.ts';
import type { MatterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { showSource } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Empty } from '../ui/states.tsx';
import { count, MomentText } from '../ui/values.tsx';
import './contradictions.css';

interface ContradictionsProps {
  matterId: MatterId;
  contradictions: ContradictionView[];
  canDecide: boolean;
  switcher: ReactNode;
}

/** Values for the same thing that differ, side by side: j/k move, a number says which side holds, n accepts with a note, Enter opens the page. */
export function Contradictions({ matterId, contradictions, canDecide, switcher }: ContradictionsProps) {
  const choose = useCommand('contradictions.choose');
  const settle = useCommand('questions.settle');
  const [wanted, setWanted] = useState(0);
  const [noting, setNoting] = useState<string | null>(null);
  const cursor = Math.min(wanted, contradictions.length - 1);
  const inHand = contradictions[cursor];
  const open = contradictions.filter(({ settled }) => !settled);
  const say = async (key: string, isSettled: boolean, note: string) => {
    if ((await settle.run({ matterId, key, isSettled, note })).ok) setNoting(null);
  };
  const take = (one: ContradictionView | undefined, side: number) => {
    if (canDecide && one?.isChoice && one.sides[side]) void choose.run({ matterId, key: one.key, side });
  };
  const move = (by: number) => {
    setWanted(Math.max(0, Math.min(contradictions.length - 1, cursor + by)));
  };
  useKeys({
    j: () => {
      move(1);
    },
    ArrowDown: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
    ArrowUp: () => {
      move(-1);
    },
    n: () => {
      if (canDecide && inHand && !inHand.settled) setNoting(inHand.key);
    },
    Enter: () => {
      const first = inHand?.sides[0]?.sources[0];
      if (first) showSource(first);
    },
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, side) => [
        String(side + 1),
        () => {
          take(inHand, side);
        },
      ]),
    ),
  });
  useEffect(() => {
    const card = document.querySelector('.contradiction[aria-current="true"]');
    card?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);

  return (
    <div className="review">
      <header className="bar">
        {switcher}
        {canDecide && (
          <span className="keys" aria-label="Keys" role="note">
            <span>
              <kbd>j</kbd> <kbd>k</kbd> move
            </span>
            <span>
              <kbd>1</kbd> <kbd>2</kbd> this one holds
            </span>
            <span>
              <kbd>n</kbd> accept with a note
            </span>
            <span>
              <kbd>Enter</kbd> show the page
            </span>
          </span>
        )}
      </header>
      {[choose.error, settle.error].map(
        (error, n) =>
          error && (
            <div className="review-error" key={n}>
              <ErrorNotice error={error} />
            </div>
          ),
      )}
      {contradictions.length === 0 ? (
        <Empty title="Nothing contradicts itself">
          <p>Values that differ between documents stand here side by side. So far what was read agrees.</p>
        </Empty>
      ) : (
        <section className="contradictions scroll fill" aria-label="Contradictions">
          <h2>{open.length === 0 ? 'All contradictions are accepted' : `${count(open.length, 'contradiction')} to look at`}</h2>
          <ul>
            {contradictions.map((one, index) => (
              <li
                key={one.key}
                className="contradiction"
                aria-current={index === cursor}
                data-settled={one.settled !== null || undefined}
                onClick={() => {
                  setWanted(index);
                }}
              >
                <h3>{one.title}</h3>
                {!one.settled && <p className="quiet">{one.advice}</p>}
                <div className="sides">
                  {one.sides.map((side, n) => (
                    <Side
                      key={`${side.value} ${String(n)}`}
                      side={side}
                      busy={choose.busy}
                      onChoose={
                        canDecide && one.isChoice
                          ? () => {
                              take(one, n);
                            }
                          : null
                      }
                    />
                  ))}
                </div>
                <Answer
                  one={one}
                  canDecide={canDecide}
                  busy={settle.busy}
                  isNoting={noting === one.key}
                  onNote={() => {
                    setNoting(one.key);
                  }}
                  onCancel={() => {
                    setNoting(null);
                  }}
                  onSettle={(note) => void say(one.key, true, note)}
                  onReopen={() => void say(one.key, false, '')}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

const shownSources = 4;

function Side({ side, busy, onChoose }: { side: ContradictionSide; busy: boolean; onChoose: (() => void) | null }) {
  return (
    <div className="side">
      <p className="side-value">{side.value}</p>
      <ul className="side-sources">
        {side.sources.slice(0, shownSources).map((source) => (
          <li key={`${source.documentId} ${String(source.page)} ${String(source.start)}`}>
            <SourceLink source={source} />
            <q className="quiet cut">{source.quote.replace(/\s+/g, ' ')}</q>
          </li>
        ))}
        {side.sources.length > shownSources && <li className="quiet">and {count(side.sources.length - shownSources, 'other place')}</li>}
      </ul>
      {onChoose && (
        <Button className="side-choose" size="compact-sm" variant="default" disabled={busy} onClick={onChoose}>
          This one holds
        </Button>
      )}
    </div>
  );
}

interface AnswerProps {
  one: ContradictionView;
  canDecide: boolean;
  busy: boolean;
  isNoting: boolean;
  onNote: () => void;
  onCancel: () => void;
  onSettle: (note: string) => void;
  onReopen: () => void;
}

/** That both stand in the file is accepted with a note, which everybody at the firm sees, and can be taken back. */
function Answer({ one: { settled }, canDecide, busy, isNoting, onNote, onCancel, onSettle, onReopen }: AnswerProps) {
  const [note, setNote] = useState('');
  if (settled)
    return (
      <div className="row wrap">
        <p className="quiet">
          Accepted by {settled.byName ?? 'somebody who has left'}, <MomentText at={settled.at} />
          {settled.note !== null && `: “${settled.note}”`}
        </p>
        {canDecide && (
          <Button className="push" size="compact-sm" variant="subtle" loading={busy} onClick={onReopen}>
            Open again
          </Button>
        )}
      </div>
    );
  if (!canDecide) return null;
  if (!isNoting)
    return (
      <Button className="contradiction-accept" size="compact-sm" variant="subtle" onClick={onNote}>
        Accept with a note
      </Button>
    );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSettle(note);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <Textarea
        autoFocus
        autosize
        label="Why may both stand? (may stay empty)"
        maxLength={1000}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSettle(note);
        }}
      />
      <div className="row">
        <Button type="submit" size="compact-sm" loading={busy}>
          Accept
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
