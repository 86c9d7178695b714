import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { FoundPlace } from '../../shared/documents.ts';
import type { AppError } from '../../shared/errors.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';

/** As soon as a person stops for a breath. */
const debounceMs = 120;
const none: readonly FoundPlace[] = [];

export interface FindInDocument {
  isOpen: boolean;
  /** Grows each time it is asked for. */
  wanted: number;
  words: string;
  places: readonly FoundPlace[];
  /** Index of the place in front; -1 where there is none. */
  at: number;
  current: FoundPlace | null;
  hasMore: boolean;
  isAsking: boolean;
  error: AppError | null;
  open: () => void;
  close: () => void;
  setWords: (words: string) => void;
  step: (by: 1 | -1) => void;
}

/** The places of a document that say the same words, and the one in front: at first the next one from the page being read. */
export function useFind(documentId: DocumentId, page: number, goTo: (page: number, range: FoundPlace) => void): FindInDocument {
  const [isOpen, setIsOpen] = useState(false);
  const [wanted, setWanted] = useState(0);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(words, debounceMs);
  const isAsking = isOpen && words.trim() !== '';
  const answer = useCall(
    'documents.findPlaces',
    { documentId, words: asked },
    { enabled: isOpen && asked.trim() !== '', keepPrevious: true },
  );
  const places = isAsking && answer.data ? answer.data.places : none;
  const current = places[Math.min(at, places.length - 1)] ?? null;

  // the answer to other words begins at the page being read
  const began = useRef({ words: '', page });
  const answered = answer.isPlaceholderData || !answer.data ? null : asked;
  useEffect(() => {
    if (answered === null || began.current.words === answered || places.length === 0) return;
    began.current.words = answered;
    const next = places.findIndex((place) => place.page >= began.current.page);
    const first = Math.max(next, 0);
    setAt(first);
    const place = places[first];
    if (place) goTo(place.page, place);
  }, [answered, places, goTo]);

  return {
    isOpen,
    wanted,
    words,
    places,
    at: current ? Math.min(at, places.length - 1) : -1,
    current,
    hasMore: answer.data?.hasMore ?? false,
    isAsking: isAsking && (asked !== words || answered === null) && !answer.error,
    error: isAsking ? (answer.error?.error ?? null) : null,
    open() {
      if (!isOpen) began.current = { words: '', page };
      setIsOpen(true);
      setWanted((times) => times + 1);
    },
    close() {
      setIsOpen(false);
    },
    setWords(next) {
      setWords(next);
    },
    step(by) {
      if (places.length === 0) return;
      const next = (Math.min(at, places.length - 1) + by + places.length) % places.length;
      setAt(next);
      const place = places[next];
      if (place) goTo(place.page, place);
    },
  };
}
