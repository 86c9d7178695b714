import { ActionIcon, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { DocumentKind } from '../../shared/documents.ts';
import type { FindHit } from '../../shared/find.ts';
import type { MatterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { kindWords } from '../documents/words.ts';
import { showHit } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Waiting } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { HitList, hitKey } from './HitList.tsx';
import { HitVote } from './HitVote.tsx';
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
  const [isLinked, setIsLinked] = useState(false);
  const [selected, setSelected] = useState(0);
  /** The hit that was judged: it stays chosen wherever it goes in the list. */
  const [judged, setJudged] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const [asked] = useDebouncedValue(words, debounceMs);
  const scope = isEverywhere ? null : matterId;
  const isAsking = isOpen && asked.trim() !== '';
  const filters = { matterId: scope, kinds };
  const said = useCall(
    'find.search',
    { words: asked, isTyping: true, most, filters },
    { enabled: isAsking && !isLinked, keepPrevious: true },
  );
  const answered = useCall('find.retrieve', { words: asked, most, filters }, { enabled: isAsking && isLinked, keepPrevious: true });
  const answer = isLinked ? answered : said;
  const vote = useCommand('find.vote');
  const hits = isAsking ? (answer.data?.hits ?? []) : [];
  const stayed = judged === null ? -1 : hits.findIndex((hit) => hitKey(hit) === judged);
  const at = stayed >= 0 ? stayed : Math.min(selected, hits.length - 1);
  const chosen = hits[Math.max(at, 0)];
  const choose = (n: number) => {
    setJudged(null);
    setSelected(n);
  };
  const judge = (isHelpful: boolean) => {
    if (!chosen?.passage || asked !== words || answer.isPlaceholderData) return;
    const { documentId, page, passage } = chosen;
    setJudged(hitKey(chosen));
    // pressed again it is taken back
    void vote.run({ words: asked, documentId, page, passage, isHelpful: chosen.mine === isHelpful ? null : isHelpful });
  };

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
        choose(Math.min(at + 1, hits.length - 1));
      },
      ArrowUp: () => {
        choose(Math.max(at - 1, 0));
      },
      Enter: () => {
        // the answer to words that are still on their way would be another page
        if (asked === words && !answer.isPlaceholderData) open(chosen);
      },
      Escape: onClose,
    };
    const votes: Record<string, () => void> = { KeyY: () => judge(true), KeyN: () => judge(false) };
    const action = event.altKey ? votes[event.code] : keys[event.key];
    if (!action || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const change = (text: string) => {
    setWords(text);
    choose(0);
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
        <Chip isOn={isLinked} label="Follow links" onClick={() => setIsLinked(!isLinked)} />
        <span className="find-divider" aria-hidden />
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
      {chosen?.passage && <HitVote hit={chosen} vote={vote} onVote={judge} />}
      <p className="find-foot quiet" role="status">
        {footText({
          isEverywhere: scope === null,
          isLinked,
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
  isLinked: boolean;
  isKnown: boolean;
  hits: number;
  hasMore: boolean;
  waiting: number;
}

function footText({ isAsking, isEverywhere, isLinked, isKnown, hits, hasMore, waiting }: Foot): string {
  const behind = waiting > 0 ? ` ${count(waiting, 'page is', 'pages are')} still being looked through.` : '';
  if (!isAsking && isLinked) return 'Ask a question: pages are found by its words, and in documents that are linked to those.';
  if (!isAsking) return 'Other spellings, other words for the same and other forms of a day or a sum are found as well.';
  if (!isKnown) return '';
  if (hits === 0)
    return `No page says that.${behind === '' ? (isEverywhere ? ' Try fewer words.' : ' Try fewer words, or look in all matters.') : behind}`;
  return `${hasMore ? 'The best ' : ''}${count(hits, 'place')}. Up and down to choose, Enter to open, Alt Y or Alt N to say whether it helped.${behind}`;
}
