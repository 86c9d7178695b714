import type { AnswerParagraph, AnswerView } from '../../shared/drafting.ts';
import type { LetterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';

interface AnswerProps {
  letterId: LetterId;
  answer: AnswerView;
  refinementId: string | null;
  caretBlock: (() => number | null) | null;
  onSuggestions: () => void;
}

/** An answer, sentence by sentence with its pages; what no page says is marked and not linked. */
export function Answer({ letterId, answer, refinementId, caretBlock, onSuggestions }: AnswerProps) {
  const suggest = useCommand('drafting.suggestAnswer');
  const put = async (paragraph: number) => {
    if (refinementId === null || !caretBlock) return;
    const outcome = await suggest.run({ letterId, refinementId, paragraph, after: caretBlock() });
    if (outcome.ok) onSuggestions();
  };
  return (
    <div className="stack">
      {answer.note !== null && <p className="quiet">{answer.note}</p>}
      {answer.paragraphs.map((paragraph, nth) => (
        <div key={nth} className="assistant-answer">
          <Sentences paragraph={paragraph} isExtract={answer.isExtract} />
          {caretBlock !== null && refinementId !== null && (
            <button
              type="button"
              className="link"
              disabled={suggest.busy}
              onClick={() => {
                void put(nth);
              }}
            >
              Insert into the letter as a suggestion
            </button>
          )}
        </div>
      ))}
      {suggest.error && <ErrorNotice error={suggest.error} />}
    </div>
  );
}

function Sentences({ paragraph: { sentences, doubts }, isExtract }: { paragraph: AnswerParagraph; isExtract: boolean }) {
  return (
    <>
      {sentences.map(({ text, sources, doubts: its }, nth) => (
        <p key={nth} className={its.length > 0 ? 'said-cautions' : undefined}>
          {isExtract ? <q>{text}</q> : text}{' '}
          {sources.map((source) => (
            <SourceLink key={`${source.documentId}:${String(source.page)}:${String(source.start)}`} source={source} />
          ))}
          {its.map((doubt) => (
            <span key={doubt} className="assistant-doubt">
              {' '}
              {doubt}
            </span>
          ))}
        </p>
      ))}
      {doubts.length > 0 && (
        <ul className="said-cautions assistant-doubts">
          {doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      )}
    </>
  );
}
