import type { Editor } from '@tiptap/core';
import { useEffect, useState } from 'react';
import type { CollaborationView } from '../../shared/collaboration.ts';
import type { CollaborationId, LetterId } from '../../shared/ids.ts';
import type { LetterOnDesk } from '../../shared/letters.ts';
import { useCall } from '../client.ts';
import type { Mark, Marks } from './marks.ts';
import { remarkId } from './Said.tsx';
import { blockAtCaret, selectedBlocks, selectedIn, showIn, type Selected } from './selected.ts';

type Tab = 'comments' | 'suggestions' | 'assistant';
type Kind = 'comment' | 'suggestion';

interface DeskInput {
  letter: LetterOnDesk;
  editor: Editor;
  marks: Marks;
  mayEdit: boolean;
  onView: (tab: Tab) => void;
}

/** What a panel needs of the desk. */
interface PanelProps {
  letterId: LetterId;
  held: CollaborationId | null;
  about: Selected | null | undefined;
  onHold: (id: CollaborationId) => void;
  onShow: (place: string) => void;
  onDone: () => void;
  onBegin: () => void;
}

/** What is said about the open letter, what of it is in hand, and what is being written about which words. */
export function useDesk({ letter, editor, marks, mayEdit, onView }: DeskInput) {
  const { letterId } = letter;
  const answer = useCall('collaboration.list', { letterId });
  const [held, setHeld] = useState<CollaborationId | null>(null);
  const [writing, setWriting] = useState<{ kind: Kind; about: Selected | null } | null>(null);
  const view = answer.data;
  const openThreads = (view?.threads ?? []).filter(({ resolved }) => resolved === null);
  const openSuggestions = (view?.suggestions ?? []).filter(({ outcome }) => outcome === null);

  useEffect(() => {
    marks.set(view ? marksIn(view) : [], held);
  }, [marks, view, held]);

  const begin = (kind: Kind): void => {
    setWriting({ kind, about: selectedIn(editor, letter.values) });
    setHeld(null);
    onView(kind === 'comment' ? 'comments' : 'suggestions');
  };
  const comment = (): void => {
    begin('comment');
  };
  const suggest = (): void => {
    begin('suggestion');
  };
  const pick = (id: CollaborationId): void => {
    setHeld(id);
    setWriting(null);
    onView(openSuggestions.some(({ collaborationId }) => collaborationId === id) ? 'suggestions' : 'comments');
  };
  useEffect(() => {
    if (held !== null) document.getElementById(remarkId(held))?.scrollIntoView({ block: 'nearest' });
  }, [held]);

  useEffect(() => marks.onPick(pick));

  const mayComment = view?.locked === null;
  const maySuggest = mayComment && mayEdit;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || !event.altKey) return;
      if (event.code === 'KeyA') {
        event.preventDefault();
        onView('assistant');
        return;
      }
      const kind = event.code === 'KeyM' && mayComment ? 'comment' : event.code === 'KeyS' && maySuggest ? 'suggestion' : null;
      if (kind === null) return;
      event.preventDefault();
      begin(kind);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  });

  const panel = (kind: Kind): PanelProps => ({
    letterId,
    held,
    about: writing?.kind === kind ? writing.about : undefined,
    onHold: setHeld,
    onShow: (place) => {
      showIn(editor, place);
    },
    onDone: () => {
      setWriting(null);
    },
    onBegin: kind === 'comment' ? comment : suggest,
  });
  return {
    answer,
    panel,
    pick,
    comment,
    suggest,
    mayComment,
    maySuggest,
    /** What the assistant's view needs; no blocks: nothing may be suggested now. */
    assistant: {
      letterId,
      matterId: letter.matterId,
      selectedBlocks: maySuggest ? () => selectedBlocks(editor) : null,
      caretBlock: () => blockAtCaret(editor),
      onSuggestions: () => {
        onView('suggestions');
      },
    },
    openThreads: openThreads.length,
    openSuggestions: openSuggestions.length,
  };
}
export type Desk = ReturnType<typeof useDesk>;

function marksIn({ threads, suggestions }: CollaborationView): Mark[] {
  return [
    ...threads.flatMap(({ collaborationId, anchor, resolved }) =>
      resolved === null && anchor !== null ? [{ collaborationId, place: anchor.place, becomes: null, isBlock: false }] : [],
    ),
    ...suggestions.flatMap(({ collaborationId, anchor, outcome, becomes, isBlock }) =>
      outcome === null && anchor !== null ? [{ collaborationId, place: anchor.place, becomes, isBlock }] : [],
    ),
  ];
}
