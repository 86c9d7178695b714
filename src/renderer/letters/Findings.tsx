import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterView } from '../../shared/letters.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';

interface FindingsProps {
  letter: LetterView;
  findings: readonly FindingView[];
  mayEdit: boolean;
  onGoTo: (variable: string) => void;
  onShow: (finding: FindingView) => void;
  onMend: (finding: FindingView) => void;
}

/** What keeps the letter from going out, what the linter found in it, and what was muted with a reason. */
export function Findings({ letter, findings, mayEdit, onGoTo, onShow, onMend }: FindingsProps) {
  const [showsMuted, setShowsMuted] = useState(false);
  const open = findings.filter(({ muted }) => muted === null);
  const muted = findings.filter((finding) => finding.muted !== null);
  if (letter.blockers.length === 0 && findings.length === 0)
    return <p className="quiet">Nothing is wrong with this letter that Steno could find.</p>;
  return (
    <div className="stack">
      {open.length > 0 && (
        <section aria-label="In the text">
          <p className="quiet">In the text. F8 goes from one to the next, Alt+Enter mends.</p>
          <ul className="findings">
            {open.map((finding, index) => (
              <Finding key={`${finding.key}:${String(index)}`} {...{ letterId: letter.letterId, finding, mayEdit, onShow, onMend }} />
            ))}
          </ul>
        </section>
      )}
      {letter.blockers.length > 0 && (
        <section aria-label="Before it is finalized">
          <p className="quiet">These keep the letter from being finalized.</p>
          <ul className="findings">
            {letter.blockers.map((blocker, index) => {
              const { variable } = blocker;
              const tone = blocker.kind === 'missing' || blocker.kind === 'unread_total' ? 'tag-block' : 'tag-ask';
              return (
                <li key={`${blocker.kind}:${variable ?? ''}:${String(index)}`} className={`tag ${tone}`}>
                  {variable === null ? (
                    <span className="finding-text">{blocker.text}</span>
                  ) : (
                    <button
                      type="button"
                      className="link finding-text"
                      onClick={() => {
                        onGoTo(variable);
                      }}
                    >
                      {blocker.text}
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {muted.length > 0 && (
        <section aria-label="Muted">
          <button
            type="button"
            className="link"
            aria-expanded={showsMuted}
            onClick={() => {
              setShowsMuted(!showsMuted);
            }}
          >
            {showsMuted ? 'Hide what is muted' : `${String(muted.length)} muted`}
          </button>
          {showsMuted && (
            <ul className="findings">
              {muted.map((finding, index) => (
                <Finding key={`${finding.key}:${String(index)}`} {...{ letterId: letter.letterId, finding, mayEdit, onShow, onMend }} />
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  );
}

interface FindingProps extends Pick<FindingsProps, 'mayEdit' | 'onShow' | 'onMend'> {
  letterId: LetterId;
  finding: FindingView;
}

function Finding({ letterId, finding, mayEdit, onShow, onMend }: FindingProps) {
  const { severity, reason, evidence, mend, muted, key } = finding;
  const [asks, setAsks] = useState(false);
  const [note, setNote] = useState('');
  const mute = useCommand('letters.mute');
  const run = async (isMuted: boolean) => {
    if ((await mute.run({ letterId, key, isMuted, note })).ok) setAsks(false);
  };
  return (
    <li className="finding">
      <p className={`tag ${severity === 'blocks' ? 'tag-block' : 'tag-ask'}`}>
        <button
          type="button"
          className="link finding-text"
          onClick={() => {
            onShow(finding);
          }}
        >
          {reason}
        </button>
      </p>
      {evidence.slice(0, 2).map((source) => (
        <SourceLink key={`${source.documentId}:${String(source.page)}`} source={source} />
      ))}
      {muted !== null && (
        <p className="quiet">
          Muted by {muted.byName ?? 'you'}, <MomentText at={muted.at} />: {muted.note}
        </p>
      )}
      {mayEdit && !asks && (
        <div className="row">
          {mend !== null && muted === null && (
            <Button
              variant="default"
              onClick={() => {
                onMend(finding);
              }}
            >
              {'variable' in mend ? 'Use the computed value' : mend.replace === '' ? 'Take it out' : `Write “${mend.replace.slice(0, 40)}”`}
            </Button>
          )}
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              if (muted === null) setAsks(true);
              else void run(false);
            }}
          >
            {muted === null ? 'It stays…' : 'Ask again'}
          </Button>
        </div>
      )}
      {asks && (
        <form
          className="row"
          onSubmit={(event: SubmitEvent) => {
            event.preventDefault();
            void run(true);
          }}
        >
          <TextInput
            aria-label="Why it stays"
            placeholder="Why it stays"
            autoFocus
            maxLength={1000}
            value={note}
            style={{ flex: 1 }}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setAsks(false);
            }}
          />
          <Button type="submit" variant="default" loading={mute.busy} disabled={note.trim() === ''}>
            Mute
          </Button>
        </form>
      )}
      {mute.error && <ErrorNotice error={mute.error} />}
    </li>
  );
}
