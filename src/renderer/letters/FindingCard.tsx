import { Button, TextInput } from '@mantine/core';
import { memo, useState, type SubmitEvent } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import type { FindingView } from '../../shared/linter.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';

export interface FindingActions {
  letterId: LetterId;
  mayEdit: boolean;
  mayAttest: boolean;
  onShow: (finding: FindingView) => void;
  onMend: (finding: FindingView) => void;
}

/** One finding: its reason, what shows it, and what may be done about it. Drawn again only where it changed: while somebody types, findings are read again and again. */
export const FindingCard = memo(function FindingCard({
  letterId,
  finding,
  mayEdit,
  mayAttest,
  onShow,
  onMend,
}: FindingActions & { finding: FindingView }) {
  const { rule, severity, reason, evidence, mend, muted, key } = finding;
  // a sentence without a source stands on an attorney's word, which is no mute
  const isAttested = rule === 'unsupported_sentence';
  const mayMute = mayEdit && (!isAttested || mayAttest);
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
});
