import { Button } from '@mantine/core';
import type { ProposalView, RedlinePiece } from '../../shared/sync.ts';
import { useCall, useCommand } from '../client.ts';
import { showMatter } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { doUnlessUndone, sentenceOf, tell } from '../ui/undo.tsx';
import { MomentText } from '../ui/values.tsx';
import { Redline } from './Redline.tsx';
import { proposalWords } from './words.ts';

/** One person's work that came too late: what it says against what is there, and the choice. */
export function ProposalDetail({ proposal, onHide }: { proposal: ProposalView; onHide: (isHidden: boolean) => void }) {
  const { letterId, matterId, state, isOnItsWay } = proposal;
  const isOpen = state === 'open';
  return (
    <>
      <header>
        <h2>{proposal.title}</h2>
        <p className="quiet">
          {proposal.where === null ? '' : `${proposal.where}. `}
          {proposalWords(proposal)}, <MomentText at={proposal.at} />. {proposal.why}
        </p>
        {matterId !== null && (
          <button
            type="button"
            className="link"
            onClick={() => {
              showMatter(matterId, letterId === null ? 'facts' : 'letter');
            }}
          >
            Open the matter
          </button>
        )}
      </header>
      {!isOpen && <Decided proposal={proposal} />}
      {isOpen && proposal.lastRefusal !== null && (
        <Notice tone="ask" title="The firm did not take your decision.">
          {proposal.lastRefusal}
        </Notice>
      )}
      {proposal.changes.length > 0 && (
        <table className="grid proposal-changes">
          <thead>
            <tr>
              <th>What</th>
              <th>Proposed</th>
              <th>Now</th>
            </tr>
          </thead>
          <tbody>
            {proposal.changes.map(({ proposalId, what, proposed, current }) => (
              <tr key={proposalId}>
                <td>{what}</td>
                <td>{proposed === '' ? <span className="quiet">as it was made</span> : proposed}</td>
                <td>{current === null || current === '' ? <span className="quiet">nothing</span> : current}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {letterId !== null && proposal.edits > 0 && <LetterText letterId={letterId} proposal={proposal} />}
      {isOpen && proposal.mayDismiss && <Choice proposal={proposal} onHide={onHide} />}
      {isOpen && !proposal.mayDismiss && <p className="quiet">It waits for {proposal.waitsFor}. Nothing of it is lost.</p>}
      {isOnItsWay && <p className="quiet">Your decision is saved here and goes to the firm with your other changes.</p>}
    </>
  );
}

function Choice({ proposal, onHide }: { proposal: ProposalView; onHide: (isHidden: boolean) => void }) {
  const decide = useCommand('sync.decideProposals');
  const { proposalIds, mayNotAccept, isMine } = proposal;
  const accept = async () => {
    if (decide.busy || mayNotAccept !== null) return;
    const outcome = await decide.run({ proposalIds, decision: 'accepted' });
    if (outcome.ok) tell('Accepted.');
  };
  const acceptNow = () => {
    void accept();
  };
  const dismiss = () => {
    onHide(true);
    doUnlessUndone(
      isMine ? 'Withdrawn. It stays in the list of what was decided.' : 'Dismissed. It stays in the list of what was decided.',
      () => {
        void decide.run({ proposalIds, decision: 'dismissed' }).then((outcome) => {
          if (!outcome.ok) tell(sentenceOf(outcome.error));
          onHide(false);
        });
      },
      () => {
        onHide(false);
      },
    );
  };
  useKeys({ a: acceptNow, x: dismiss });
  return (
    <>
      {decide.error && <ErrorNotice error={decide.error} />}
      <p className="quiet">{mayNotAccept === null ? proposal.accepting : `${mayNotAccept} It waits for ${proposal.waitsFor}.`}</p>
      <div className="row wrap">
        {mayNotAccept === null && (
          <Button loading={decide.busy} onClick={acceptNow}>
            Accept (a)
          </Button>
        )}
        <Button variant="default" disabled={decide.busy} onClick={dismiss}>
          {isMine ? 'Withdraw (x)' : 'Dismiss (x)'}
        </Button>
      </div>
    </>
  );
}

function Decided({ proposal: { state, decidedByName, decidedAt } }: { proposal: ProposalView }) {
  return (
    <p>
      <span className={`tag tag-${state === 'accepted' ? 'done' : 'plain'}`}>{state === 'accepted' ? 'Accepted' : 'Dismissed'}</span>{' '}
      <span className="quiet">
        {decidedByName === null ? '' : `by ${decidedByName}`}
        {decidedAt !== null && (
          <>
            , <MomentText at={decidedAt} />
          </>
        )}
      </span>
    </p>
  );
}

function LetterText({ letterId, proposal }: { letterId: NonNullable<ProposalView['letterId']>; proposal: ProposalView }) {
  const text = useCall('sync.proposalText', { letterId, proposalIds: proposal.proposalIds });
  return (
    <Loaded answer={text} text="Comparing the two texts">
      {({ paragraphs, loose }) => (
        <>
          {hasChange(paragraphs) ? (
            <Redline paragraphs={paragraphs} author={proposal.authorName} />
          ) : (
            <p className="quiet">{proposal.state === 'accepted' ? 'The letter has this text.' : 'The text is the same as the letter’s.'}</p>
          )}
          {loose !== null && (
            <Notice tone="ask" title="Some words no longer have a place in the letter.">
              {loose}
            </Notice>
          )}
        </>
      )}
    </Loaded>
  );
}

function hasChange(paragraphs: RedlinePiece[][]): boolean {
  return paragraphs.some((pieces) => pieces.some(({ kind }) => kind !== 'same'));
}
