import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ReviewState } from '../../shared/facts.ts';
import { reviewTones, reviewWords } from './rows.ts';

/** What a row can be told; the same three things the keys a, e and x do. */
export interface Decisions {
  onApprove: () => void;
  onEdit: () => void;
  onReject: () => void;
}

export function DecideCell({ state, onApprove, onEdit, onReject }: Decisions & { state: ReviewState }) {
  return (
    <td className="decide">
      <Decide label="Approve (a)" disabled={state === 'approved' || state === 'corrected'} onClick={onApprove}>
        <IconCheck size={15} />
      </Decide>
      <Decide label="Correct (e)" onClick={onEdit}>
        <IconPencil size={15} />
      </Decide>
      <Decide label="Reject (x)" disabled={state === 'rejected'} onClick={onReject}>
        <IconX size={15} />
      </Decide>
    </td>
  );
}

function Decide({
  label,
  disabled = false,
  onClick,
  children,
}: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={24}
        aria-label={label}
        disabled={disabled}
        onClick={(event) => {
          event.stopPropagation();
          onClick();
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

export function ReviewTag({ state, by = null }: { state: ReviewState; by?: string | null }) {
  return (
    <span className={`tag ${reviewTones[state]}`} title={by === null ? reviewWords[state] : `${reviewWords[state]} by ${by}`}>
      <span className="tag-text">{reviewWords[state]}</span>
    </span>
  );
}
