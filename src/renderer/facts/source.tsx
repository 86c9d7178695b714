import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SourceRef } from '../../shared/documents.ts';
import { showSource } from '../route.ts';

/** Where a value was read; opens that page with the words highlighted. */
export function SourceLink({ source }: { source: SourceRef }) {
  return (
    <button
      type="button"
      className="link source-link"
      title={`“${source.quote}”`}
      onClick={(event) => {
        event.stopPropagation();
        showSource(source);
      }}
    >
      <span className="cut">{source.documentName}</span>
      <span className="nowrap">, p. {source.page}</span>
    </button>
  );
}

export function ReviewKeysLine() {
  return (
    <span className="keys" aria-label="Keys">
      <span>
        <kbd>j</kbd> <kbd>k</kbd> move
      </span>
      <span>
        <kbd>a</kbd> approve
      </span>
      <span>
        <kbd>e</kbd> correct
      </span>
      <span>
        <kbd>x</kbd> reject
      </span>
      <span>
        <kbd>Enter</kbd> show the page
      </span>
    </span>
  );
}

export function Decide({
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
