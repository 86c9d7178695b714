import { ActionIcon, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { DocumentKind } from '../../shared/documents.ts';
import type { FindHit } from '../../shared/find.ts';
import type { MatterId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';
import { kindWords } from '../documents/words.ts';
import { showHit } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Waiting } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { HitList } from './HitList.tsx';
import './find.css';

interface FindPanelProps {
  isOpen: boolean;
  /** Grows each time it is asked for. */
  wanted: number;
  /** What was typed elsewhere already, to begin with. */
  typed: string;
  /** The matter in front, if one is. */
  matterId: MatterId | null;
  onClose: () => void;
}

/** As soon as a person stops for a breath. */
const debounceMs = 120;
const most = 20;

/** Words in the pages of one matter or of all; what was asked stays for the next time it is opened. */
export function FindPanel({ isOpen, wanted, typed, matterId, onClose }: FindPanelProps) {
  const [words, setWords] = useState(typed);
  const [isEverywhere, setIsEverywhere] = useState(false);
  const [kinds, setKinds] = useState<DocumentKind[]>([]);
  const [selected, setSelected] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const [asked] = useDebouncedValue(words, debounceMs);
  const scope = isEverywhere ? null : matterId;
  const isAsking = isOpen && asked.trim() !== '';
  const answer = useCall(
    'find.search',
    { words: asked, isTyping: true, most, filters: { matterId: scope, kinds } },
    { enabled: isAsking, keepPrevious: true },
  );
  const hits = isAsking ? (answer.data?.hits ?? []) : [];
  const at = Math.min(selected, hits.length - 1);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [wanted]);

  const open = (hit: FindHit | undefined) => {
    if (!hit) return;
    onClose();
    showHit(hit);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowDown: () => {
        setSelected(Math.min(at + 1, hits.length - 1));
      },
      ArrowUp: () => {
        setSelected(Math.max(at - 1, 0));
      },
      Enter: () => {
        // the answer to words that are still on their way would be another page
        if (asked === words && !answer.isPlaceholderData) open(hits[Math.max(at, 0)]);
      },
      Escape: onClose,
    };
    const action = keys[event.key];
    if (!action || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const change = (text: string) => {
    setWords(text);
    setSelected(0);
  };
  if (!isOpen) return null;
  const offered = [...new Set([...kinds, ...hits.map(({ kind }) => kind)])];

  return (
    <section className="find" role="dialog" aria-label="Find in pages">
      <div className="find-bar" onKeyDown={onKeyDown}>
        <TextInput
          ref={input}
          role="combobox"
          aria-label="Find in pages"
          aria-expanded={hits.length > 0}
          aria-controls="find-hits"
          aria-activedescendant={hits.length > 0 ? `find-hit-${String(Math.max(at, 0))}` : undefined}
          aria-autocomplete="list"
          placeholder='Words, "a phrase", -without, a day, a sum'
          leftSection={<IconFileSearch size={16} />}
          maxLength={500}
          value={words}
          data-autofocus
          onChange={(event) => {
            change(event.currentTarget.value);
          }}
        />
        <ActionIcon aria-label="Close" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className="find-chips" role="group" aria-label="Where to look">
        {matterId !== null && (
          <>
            <Chip isOn={!isEverywhere} label="This matter" onClick={() => setIsEverywhere(false)} />
            <Chip isOn={isEverywhere} label="All matters" onClick={() => setIsEverywhere(true)} />
            {offered.length > 0 && <span className="find-divider" aria-hidden />}
          </>
        )}
        {offered.map((kind) => (
          <Chip
            key={kind}
            isOn={kinds.includes(kind)}
            label={kindWords[kind]}
            onClick={() => setKinds(kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind])}
          />
        ))}
      </div>
      {answer.error && isAsking && (
        <div className="find-note">
          <ErrorNotice error={answer.error.error} />
        </div>
      )}
      {isAsking && !answer.data && !answer.error && <Waiting text="Looking through the pages" lines={4} />}
      <HitList hits={hits} selected={Math.max(at, 0)} isWide={scope === null} onOpen={open} />
      <p className="find-foot quiet" role="status">
        {footText({
          isEverywhere: scope === null,
          isAsking,
          hits: hits.length,
          hasMore: answer.data?.hasMore ?? false,
          waiting: answer.data?.waitingPages ?? 0,
          isKnown: Boolean(answer.data),
        })}
      </p>
    </section>
  );
}

function Chip({ label, isOn, onClick }: { label: string; isOn: boolean; onClick: () => void }) {
  return (
    <button type="button" className="find-chip" aria-pressed={isOn} onClick={onClick}>
      {label}
    </button>
  );
}

interface Foot {
  isAsking: boolean;
  isEverywhere: boolean;
  isKnown: boolean;
  hits: number;
  hasMore: boolean;
  waiting: number;
}

function footText({ isAsking, isEverywhere, isKnown, hits, hasMore, waiting }: Foot): string {
  const behind = waiting > 0 ? ` ${count(waiting, 'page is', 'pages are')} still being looked through.` : '';
  if (!isAsking) return 'Other spellings, other words for the same and other forms of a day or a sum are found as well.';
  if (!isKnown) return '';
  if (hits === 0)
    return `No page says that.${behind === '' ? (isEverywhere ? ' Try fewer words.' : ' Try fewer words, or look in all matters.') : behind}`;
  return `${hasMore ? 'The best ' : ''}${count(hits, 'place')}. Up and down to choose, Enter to open.${behind}`;
}
