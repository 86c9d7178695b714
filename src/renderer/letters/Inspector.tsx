import { Comments } from '../collaboration/Comments.tsx';
import { AnsweredReviews } from '../collaboration/Reviews.tsx';
import { Suggestions } from '../collaboration/Suggestions.tsx';
import type { Desk } from '../collaboration/desk.ts';
import { Assistant } from '../drafting/Assistant.tsx';
import type { LetterId } from '../../shared/ids.ts';
import type { LetterOnDesk, LetterView } from '../../shared/letters.ts';
import { addressOf } from '../../shared/template-content.ts';
import { useCall } from '../client.ts';
import { PageCrop } from '../documents/PageCrop.tsx';
import { SourceLink } from '../facts/source.tsx';
import { Loaded } from '../ui/states.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { MomentText } from '../ui/values.tsx';
import { EnterValue } from './EnterValue.tsx';
import { Findings } from './Findings.tsx';
import type { useFindings } from './use-findings.ts';
import type { UpdateQueue } from './update-queue.ts';
import { variableStateWords } from './values.ts';
import type { Compared } from './version-words.ts';
import { Versions } from './Versions.tsx';

export type InspectorView = 'findings' | 'sources' | 'comments' | 'suggestions' | 'assistant' | 'versions' | 'authors';

interface InspectorProps {
  letter: LetterOnDesk;
  view: InspectorView;
  onView: (view: InspectorView) => void;
  /** The variable of the chip in hand. */
  inHand: string | null;
  onGoTo: (variable: string) => void;
  desk: Desk;
  linted: ReturnType<typeof useFindings>;
  mayEdit: boolean;
  saving: UpdateQueue;
  compared: Compared | null;
  onCompare: (compared: Compared) => void;
}

const labels: Record<InspectorView, string> = {
  findings: 'Findings',
  sources: 'Sources',
  comments: 'Comments',
  suggestions: 'Suggestions',
  assistant: 'Assistant',
  versions: 'Versions',
  authors: 'Authors',
};

export function Inspector({ letter, view, onView, inHand, onGoTo, desk, linted, mayEdit, saving, compared, onCompare }: InspectorProps) {
  const counts: Partial<Record<InspectorView, number>> = {
    findings: letter.blockers.length + linted.findings.filter(({ muted }) => muted === null).length,
    comments: desk.openThreads,
    suggestions: desk.openSuggestions,
  };
  return (
    <aside className="inspector" aria-label="Inspector">
      <Tabs label="Inspector" labels={labels} current={view} counts={counts} onPick={onView} />
      <div className="inspector-body scroll" role="tabpanel" aria-label={labels[view]}>
        {view === 'findings' && (
          <Findings
            {...{ letter, mayEdit, onGoTo }}
            onPick={desk.pick}
            findings={linted.findings}
            onShow={linted.show}
            onMend={linted.mend}
          />
        )}
        {view === 'sources' && <Sources letter={letter} inHand={inHand} mayEdit={mayEdit} />}
        {view === 'comments' && (
          <Loaded answer={desk.answer} text="Reading the comments">
            {(said) => (
              <div className="stack">
                <Comments {...desk.panel('comment')} view={said} />
                <AnsweredReviews letter={letter} />
              </div>
            )}
          </Loaded>
        )}
        {view === 'suggestions' && (
          <Loaded answer={desk.answer} text="Reading the suggestions">
            {(said) => <Suggestions {...desk.panel('suggestion')} view={said} />}
          </Loaded>
        )}
        {view === 'assistant' && <Assistant {...desk.assistant} />}
        {view === 'authors' && <Authors letterId={letter.letterId} />}
        {view === 'versions' && letter.origin && (
          <p className="quiet">
            Drafted from “{letter.origin.name}”{letter.origin.number === null ? '' : `, version ${String(letter.origin.number)}`}.
          </p>
        )}
        {view === 'versions' && <Versions letterId={letter.letterId} saving={saving} compared={compared} onCompare={onCompare} />}
      </div>
    </aside>
  );
}

function Sources({ letter, inHand, mayEdit }: { letter: LetterOnDesk; inHand: string | null; mayEdit: boolean }) {
  const variable = inHand === null ? undefined : letter.values.variables[inHand];
  if (!variable) return <p className="quiet">Click a value or a citation in the letter to see the page it comes from.</p>;
  const asked = letter.asked.find(({ name }) => name === inHand || addressOf(name) === inHand);
  return (
    <div className="stack">
      <div>
        <h2>{variable.label}</h2>
        <p className="source-value">{variable.state === 'missing' ? '—' : variable.text}</p>
        <p className="quiet">{variable.working === null ? capital(variableStateWords[variable.state]) : capital(variable.working)}</p>
      </div>
      {asked && mayEdit && <EnterValue key={asked.name} letter={letter} variable={asked} />}
      {variable.sources.length === 0 && (
        <p className="quiet">
          {variable.state === 'entered' ? 'Entered by a person, not read from a document.' : 'No document supports this yet.'}
        </p>
      )}
      {variable.sources.slice(0, 12).map((source) => (
        <figure key={`${source.documentId}:${String(source.page)}:${String(source.start)}`} className="source">
          <PageCrop source={source} />
          <figcaption>
            <SourceLink source={source} />
          </figcaption>
        </figure>
      ))}
      {variable.sources.length > 12 && <p className="quiet">and {variable.sources.length - 12} more, in the bill ledger.</p>}
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const authorsOf = ({ authors }: LetterView) => authors;

function Authors({ letterId }: { letterId: LetterId }) {
  const { data: authors } = useCall('letters.open', { letterId }, { select: authorsOf });
  if (!authors) return null;
  if (authors.length === 0) return <p className="quiet">Nobody has edited this letter yet.</p>;
  return (
    <ul className="authors">
      {authors.map((author) => (
        <li key={author.name}>
          {author.name}
          <span className="quiet push">
            last edit <MomentText at={author.lastEditAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
