import { useMemo, useState } from 'react';
import type { CollaborationId } from '../../shared/ids.ts';
import type { FindingView } from '../../shared/linter.ts';
import { isOpen, type Attested, type LetterOnDesk } from '../../shared/letters.ts';
import { Folded } from '../ui/Folded.tsx';
import { MomentText } from '../ui/values.tsx';
import { FindingCard, type FindingActions } from './FindingCard.tsx';

interface FindingsProps {
  letter: LetterOnDesk;
  findings: readonly FindingView[];
  mayEdit: boolean;
  onGoTo: (variable: string) => void;
  /** Shows what somebody said. */
  onPick: (id: CollaborationId) => void;
  onShow: (finding: FindingView) => void;
  onMend: (finding: FindingView) => void;
}

/** What keeps the letter from going out, what the linter found in it, and what was muted with a reason. */
export function Findings({ letter, findings, mayEdit, onGoTo, onPick, onShow, onMend }: FindingsProps) {
  const { open, muted } = useMemo(() => inOrder(findings), [findings]);
  const actions = { letterId: letter.letterId, mayEdit, mayAttest: letter.mayAttest, onShow, onMend };
  const attested = letter.values.attested ?? [];
  if (attested.length > 0 && !isOpen(letter.status)) return <AttestedSentences attested={attested} />;
  if (letter.blockers.length === 0 && findings.length === 0)
    return <p className="quiet">Nothing is wrong with this letter that Steno could find.</p>;
  return (
    <div className="stack">
      {open.length > 0 && (
        <section aria-label="In the text">
          <p className="quiet">In the text. F8 goes from one to the next, Alt+Enter mends.</p>
          <FindingList findings={open} {...actions} />
        </section>
      )}
      {letter.blockers.length > 0 && (
        <section aria-label="Before it is finalized">
          <p className="quiet">These keep the letter from being finalized.</p>
          <ul className="findings">
            {letter.blockers.map((blocker, index) => {
              const { variable, collaborationId } = blocker;
              const goThere =
                variable !== null
                  ? () => {
                      onGoTo(variable);
                    }
                  : collaborationId
                    ? () => {
                        onPick(collaborationId);
                      }
                    : null;
              const tone =
                blocker.kind === 'missing' || blocker.kind === 'unread_total' || blocker.kind === 'lost_words' ? 'tag-block' : 'tag-ask';
              return (
                <li key={`${blocker.kind}:${variable ?? ''}:${String(index)}`} className={`tag ${tone}`}>
                  {goThere === null ? (
                    <span className="finding-text">{blocker.text}</span>
                  ) : (
                    <button type="button" className="link finding-text" onClick={goThere}>
                      {blocker.text}
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <Folded amount={muted.length} what="muted or attested">
        <FindingList findings={muted} {...actions} />
      </Folded>
    </div>
  );
}

/** What is wrong comes first, then what only wants a source: of that a draft may have a hundred. */
function inOrder(findings: readonly FindingView[]): { open: FindingView[]; muted: FindingView[] } {
  const open = findings.filter(({ muted }) => muted === null);
  const wantsSource = ({ rule }: FindingView): boolean => rule === 'unsupported_sentence';
  return {
    open: [...open.filter((finding) => !wantsSource(finding)), ...open.filter(wantsSource)],
    muted: findings.filter(({ muted }) => muted !== null),
  };
}

/** So many are listed at a time; each costs the window something with every look of the linter. */
const atATime = 20;

function FindingList({ findings, ...actions }: FindingActions & { findings: readonly FindingView[] }) {
  const [most, setMost] = useState(atATime);
  const left = findings.length - most;
  const nth = new Map<string, number>();
  return (
    <>
      <ul className="findings">
        {findings.slice(0, most).map((finding) => {
          const before = nth.get(finding.key) ?? 0;
          nth.set(finding.key, before + 1);
          return <FindingCard key={`${finding.key}:${String(before)}`} finding={finding} {...actions} />;
        })}
      </ul>
      {left > 0 && (
        <button
          type="button"
          className="link"
          onClick={() => {
            setMost(most + atATime);
          }}
        >
          {left > atATime ? `Show ${String(atATime)} more of ${String(left)}` : `Show ${String(left)} more`}
        </button>
      )}
    </>
  );
}

/** Of a letter that went out: what stands in it on an attorney's word. */
function AttestedSentences({ attested }: { attested: readonly Attested[] }) {
  return (
    <section aria-label="Attested" className="stack">
      <p className="quiet">
        {attested.length === 1 ? 'One sentence stands' : `${String(attested.length)} sentences stand`} on an attorney’s word.
      </p>
      <ul className="findings">
        {attested.map(({ sentence, byName, at, note }) => (
          <li key={sentence} className="finding">
            <p>{sentence}</p>
            <p className="quiet">
              Attested by {byName ?? 'an attorney'}, <MomentText at={at} />: {note}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
