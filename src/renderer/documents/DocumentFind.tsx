import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconQuote, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { ErrorNotice } from '../ui/Notice.tsx';
import { count } from '../ui/values.tsx';
import type { FindInDocument } from './use-find.ts';

interface DocumentFindProps {
  find: FindInDocument;
  /** Pages without text, in which nothing can be found. */
  unread: number;
  onCopy: () => void;
  onClose: () => void;
}

/** Words in the document in front: how often, where, and on to the next. */
export function DocumentFind({ find, unread, onCopy, onClose }: DocumentFindProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [find.wanted]);
  const onKeyDown = (event: KeyboardEvent) => {
    const action = {
      Enter: () => find.step(event.shiftKey ? -1 : 1),
      ArrowDown: () => find.step(1),
      ArrowUp: () => find.step(-1),
      Escape: onClose,
    }[event.key];
    if (!action || event.nativeEvent.isComposing) return;
    if (event.key !== 'Escape' && event.target !== input.current) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const hasPlaces = find.places.length > 0;
  return (
    <div className="document-find" role="search" aria-label="Find in this document" onKeyDown={onKeyDown}>
      <TextInput
        ref={input}
        className="document-find-words"
        aria-label="Words to find in this document"
        placeholder="Find in this document"
        leftSection={<IconSearch size={14} />}
        maxLength={500}
        value={find.words}
        onChange={(event) => {
          find.setWords(event.currentTarget.value);
        }}
      />
      <span className="document-find-count nowrap" role="status">
        {countText(find)}
      </span>
      <Tooltip label="Previous place (Shift Enter)">
        <ActionIcon aria-label="Previous place" disabled={!hasPlaces} onClick={() => find.step(-1)}>
          <IconChevronUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next place (Enter)">
        <ActionIcon aria-label="Next place" disabled={!hasPlaces} onClick={() => find.step(1)}>
          <IconChevronDown size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Copy this place with its citation">
        <ActionIcon
          className="viewer-minor"
          aria-label="Copy this place with its citation"
          disabled={!hasPlaces || find.isAsking}
          onClick={onCopy}
        >
          <IconQuote size={16} />
        </ActionIcon>
      </Tooltip>
      {unread > 0 && <span className="quiet document-find-unread">{count(unread, 'page has', 'pages have')} no text yet.</span>}
      <Tooltip label="Close (Esc)">
        <ActionIcon className="push" aria-label="Close the search" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
      {find.error && <ErrorNotice error={find.error} />}
    </div>
  );
}

function countText({ words, places, at, hasMore, isAsking }: FindInDocument): string {
  if (words.trim() === '') return '';
  if (places.length === 0) return isAsking ? '' : 'Not in this document';
  return `${String(at + 1)} of ${String(places.length)}${hasMore ? ' and more' : ''}`;
}
