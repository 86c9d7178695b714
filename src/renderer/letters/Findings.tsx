import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { CollaborationId } from '../../shared/ids.ts';
import type { FindingView } from '../../shared/linter.ts';
import { isOpen, type Attested, type LetterView } from '../../shared/letters.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { Folded } from '../ui/Folded.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';

interface FindingsProps {
  letter: LetterView;
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
  const open = findings.filter(({ muted }) => muted === null);
  const muted = findings.filter((finding) => finding.muted !== null);
  const attested = letter.values.attested ?? [];
  if (attested.length > 0 && !isOpen(letter.status)) return <AttestedSentences attested={attested} />;
  if (letter.blockers.length === 0 && findings.length === 0)
    return <p className="quiet">Nothing is wrong with this letter that Steno could find.</p>;
  return (
    <div className="stack">
      {open.length > 0 && (
        <section aria-label="In the text">
          <p className="quiet">In the text. F8 goes from one to the next, Alt+Enter mends.</p>
          <ul className="findings">
            {open.map((finding, index) => (
              <Finding key={`${finding.key}:${String(index)}`} {...{ letter, finding, mayEdit, onShow, onMend }} />
            ))}
          </ul>
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
        <ul className="findings">
          {muted.map((finding, index) => (
            <Finding key={`${finding.key}:${String(index)}`} {...{ letter, finding, mayEdit, onShow, onMend }} />
          ))}
        </ul>
      </Folded>
    </div>
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

interface FindingProps extends Pick<FindingsProps, 'mayEdit' | 'onShow' | 'onMend'> {
  letter: LetterView;
  finding: FindingView;
}

function Finding({ letter, finding, mayEdit, onShow, onMend }: FindingProps) {
  const { rule, severity, reason, evidence, mend, muted, key } = finding;
  // a sentence without a source stands on an attorney's word, which is no mute
  const isAttested = rule === 'unsupported_sentence';
  const mayMute = mayEdit && (!isAttested || letter.mayAttest);
  const [asks, setAsks] = useState(false);
  const [note, setNote] = useState('');
  const mute = useCommand('letters.mute');
  const run = async (isMuted: boolean) => {
    if ((await mute.run({ letterId: letter.letterId, key, isMuted, note })).ok) setAsks(false);
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
          {isAttested ? 'Attested by' : 'Muted by'} {muted.byName ?? 'you'}, <MomentText at={muted.at} />: {muted.note}
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
              {'variable' in mend
                ? 'Use the computed value'
                : mend.replace === ''
                  ? isAttested
                    ? 'Strike it'
                    : 'Take it out'
                  : `Write “${mend.replace.slice(0, 40)}”`}
            </Button>
          )}
          {mayMute && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                if (muted === null) setAsks(true);
                else void run(false);
              }}
            >
              {muted === null ? (isAttested ? 'Attest…' : 'It stays…') : isAttested ? 'Take it back' : 'Ask again'}
            </Button>
          )}
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
            aria-label={isAttested ? 'How you know it' : 'Why it stays'}
            placeholder={isAttested ? 'How you know it' : 'Why it stays'}
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
            {isAttested ? 'Attest' : 'Mute'}
          </Button>
        </form>
      )}
      {mute.error && <ErrorNotice error={mute.error} />}
    </li>
  );
}
