import { IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import type { FindHit } from '../../shared/find.ts';
import type { Command } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

interface HitVoteProps {
  hit: FindHit;
  vote: Command<'find.vote'>;
  onVote: (isHelpful: boolean) => void;
}

/** Whether the chosen page was what was looked for. The firm's laptops put it higher or lower from then on. */
export function HitVote({ hit, vote, onVote }: HitVoteProps) {
  return (
    <div className="find-vote" role="group" aria-label="Was this what you looked for?">
      <span className="cut">
        Was {hit.fileName}, p. {hit.page}, what you looked for?
      </span>
      <button type="button" className="find-chip" aria-pressed={hit.mine === true} title="Alt Y" onClick={() => onVote(true)}>
        <IconThumbUp size={14} aria-hidden /> Yes
      </button>
      <button type="button" className="find-chip" aria-pressed={hit.mine === false} title="Alt N" onClick={() => onVote(false)}>
        <IconThumbDown size={14} aria-hidden /> No
      </button>
      {vote.error && <ErrorNotice error={vote.error} />}
    </div>
  );
}
