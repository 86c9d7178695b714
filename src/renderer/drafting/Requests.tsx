import { useState } from 'react';
import type { RequestView } from '../../shared/drafting.ts';
import type { LetterId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';
import { costText, spentWords } from '../settings/words.ts';
import { Loaded } from '../ui/states.tsx';
import { count, MomentText } from '../ui/values.tsx';
import { Answer } from './Answer.tsx';

const kindWords: Record<string, string> = { refine: 'Rewrite', section: 'Draft', letter: 'Draft', question: 'Question' };
const mostAtFirst = 10;

/** What the assistant was asked about this letter, by whom, what became of it and what it cost. */
export function Requests({ letterId }: { letterId: LetterId }) {
  const answer = useCall('drafting.history', { letterId });
  const [showsAll, setShowsAll] = useState(false);
  return (
    <section aria-label="History" className="assistant-part">
      <h2>History</h2>
      <Loaded answer={answer} text="Reading the history">
        {(history) =>
          history.requests.length === 0 ? (
            <p className="quiet">Nothing was asked about this letter yet.</p>
          ) : (
            <>
              <p className="quiet">This letter so far: {spentWords(history)}.</p>
              <ul className="assistant-requests">
                {(showsAll ? history.requests : history.requests.slice(0, mostAtFirst)).map((request) => (
                  <Request key={request.refinementId} letterId={letterId} request={request} />
                ))}
              </ul>
              {history.requests.length > mostAtFirst && (
                <button
                  type="button"
                  className="link"
                  aria-expanded={showsAll}
                  onClick={() => {
                    setShowsAll(!showsAll);
                  }}
                >
                  {showsAll ? 'Show the last ten' : `Show all ${String(history.requests.length)}`}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Request({ letterId, request }: { letterId: LetterId; request: RequestView }) {
  const { kind, about, instruction, byName, at, model, promptVersion, answer } = request;
  return (
    <li>
      <p>
        <strong>{kindWords[kind] ?? 'Request'}</strong>
        {about !== null && ` of “${about}”`}
        {instruction !== null && <>: {instruction}</>}
      </p>
      <p className="quiet said-small">
        {byName}, <MomentText at={at} /> · {endWords(request)} · {costWords(request)}
        {model !== null && (
          <>
            {' '}
            · <span title={`Prompt ${promptVersion}`}>{model}</span>
          </>
        )}
      </p>
      {request.problem !== null && <p className="quiet said-small">{request.problem}</p>}
      {answer !== null && answer.paragraphs.length > 0 && (
        <details className="said-small">
          <summary>Its answer</summary>
          <Answer letterId={letterId} answer={answer} refinementId={null} caretBlock={null} onSuggestions={() => undefined} />
        </details>
      )}
    </li>
  );
}

function endWords({ state, kind, made, accepted, rejected, refused, answer }: RequestView): string {
  if (state === 'failed') return 'no answer was used';
  if (state === 'asking') return 'not ended, or being asked on another computer';
  if (kind === 'question') return answer === null ? 'answered' : answer.isExtract ? 'answered by passages' : 'answered';
  const open = made - accepted - rejected;
  const became = [
    ...(accepted > 0 ? [`${String(accepted)} accepted`] : []),
    ...(rejected > 0 ? [`${String(rejected)} rejected`] : []),
    ...(open > 0 && open < made ? [`${String(open)} open`] : []),
  ];
  const left = refused > 0 ? `, ${String(refused)} refused` : '';
  return `${made === 0 ? 'no suggestion' : count(made, 'suggestion')}${became.length > 0 ? ` (${became.join(', ')})` : ''}${left}`;
}

function costWords({ calls, costMicrodollars, tokens }: RequestView): string {
  if (calls === 0) return 'no cost';
  const cost = costMicrodollars === null ? 'cost not known' : costText(costMicrodollars);
  return `${cost}, ${tokens.toLocaleString('en-US')} tokens`;
}
