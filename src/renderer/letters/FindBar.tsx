import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLetterCase, IconSearch, IconTextWrapDisabled, IconX } from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { LetterValues } from '../../shared/letters.ts';
import { tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';
import { hitsIn, holdHit, lookFor } from './hit-marks.ts';
import { createHitFinder, hitFrom, type Hit } from './hits.ts';
import { replaceHits } from './replace-hits.ts';
import type { Asked } from './use-find-bar.ts';

interface FindBarProps {
  editor: Editor;
  values: LetterValues;
  mayEdit: boolean;
  asked: Asked;
  onWords: (words: string) => void;
  /** Shows where a chip's words come from. */
  onOpenSource: (variable: string) => void;
  onClose: () => void;
}

/** Words in the letter: how often, on to the next, others in their stead. */
export function FindBar({ editor, values, mayEdit, asked, onWords, onOpenSource, onClose }: FindBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const { words, replaces, times } = asked;
  const [others, setOthers] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [wholeWords, setWholeWords] = useState(false);
  const { hits, at } = useEditorState({ editor, selector: ({ editor: now }) => hitsIn(now) });
  const held = hits[at];
  const showsReplace = replaces && mayEdit;
  /** Where the next look begins: at the hit in hand, else at the caret. */
  const start = useRef(editor.state.selection.from);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [times]);
  useEffect(() => {
    const finder = words === '' ? null : createHitFinder({ words, matchCase, wholeWords }, values);
    lookFor(editor, finder, (found) => hitFrom(found, start.current, 1));
    const now = hitsIn(editor);
    if (now.at >= 0) holdHit(editor, now.at);
  }, [editor, values, words, matchCase, wholeWords]);
  useEffect(
    () => () => {
      lookFor(editor, null);
    },
    [editor],
  );

  const step = (by: 1 | -1): void => {
    if (hits.length === 0) return;
    const next = (at + by + hits.length) % hits.length;
    start.current = hits[next]?.from ?? 0;
    holdHit(editor, next);
  };
  const replace = (): void => {
    if (!held || held.variable !== null) {
      step(1);
      return;
    }
    replaceHits(editor, [held], others);
    start.current = held.from + others.length;
    const next = hitFrom(hitsIn(editor).hits, start.current, 1);
    holdHit(editor, next);
  };
  const replaceAll = (): void => {
    const done = replaceHits(editor, hits, others);
    const left = hitsIn(editor).hits.filter(({ variable }) => variable !== null).length;
    tell(`${count(done, 'place')} replaced.${left > 0 ? ` ${computedLeft(left)}` : ''}`, () => {
      editor.commands.undo();
    });
  };
  const close = (): void => {
    onClose();
    if (held) editor.commands.setTextSelection({ from: held.from, to: held.to });
    editor.commands.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const inReplace = event.target instanceof HTMLInputElement && event.target !== input.current;
    const act =
      event.key === 'Escape'
        ? close
        : !(event.target instanceof HTMLInputElement) || event.key !== 'Enter'
          ? null
          : inReplace
            ? event.ctrlKey || event.metaKey
              ? replaceAll
              : replace
            : () => {
                step(event.shiftKey ? -1 : 1);
              };
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return (
    <div className="find-bar" role="search" aria-label="Find in the letter" onKeyDown={onKeyDown}>
      <div className="row wrap">
        <TextInput
          ref={input}
          className="find-words"
          aria-label="Words to find"
          placeholder="Find in the letter"
          leftSection={<IconSearch size={14} />}
          maxLength={500}
          value={words}
          onChange={(event) => {
            onWords(event.currentTarget.value);
          }}
        />
        <Toggle label="Match case" on={matchCase} onToggle={setMatchCase}>
          <IconLetterCase size={16} />
        </Toggle>
        <Toggle label="Whole words" on={wholeWords} onToggle={setWholeWords}>
          <IconTextWrapDisabled size={16} />
        </Toggle>
        <span className="find-count nowrap" role="status">
          {words === '' ? '' : hits.length === 0 ? 'Not in this letter' : `${String(at + 1)} of ${String(hits.length)}`}
        </span>
        <Step label="Previous place (Shift+Enter)" isOff={hits.length === 0} onStep={() => step(-1)}>
          <IconChevronUp size={16} />
        </Step>
        <Step label="Next place (Enter)" isOff={hits.length === 0} onStep={() => step(1)}>
          <IconChevronDown size={16} />
        </Step>
        <Step label="Close (Esc)" className="push" onStep={close}>
          <IconX size={16} />
        </Step>
      </div>
      {showsReplace && (
        <div className="row wrap">
          <TextInput
            className="find-words"
            aria-label="Words to write instead"
            placeholder="Write instead"
            maxLength={500}
            value={others}
            onChange={(event) => {
              setOthers(event.currentTarget.value);
            }}
          />
          <Button variant="default" disabled={!held || held.variable !== null} onClick={replace}>
            Replace
          </Button>
          <Button variant="default" disabled={!hits.some(({ variable }) => variable === null)} onClick={replaceAll}>
            Replace all
          </Button>
        </div>
      )}
      {held && held.variable !== null && <Computed hit={held} values={values} replaces={showsReplace} onOpenSource={onOpenSource} />}
    </div>
  );
}

const computedLeft = (left: number): string => `${count(left, 'place is', 'places are')} computed and stayed.`;

interface ComputedProps extends Pick<FindBarProps, 'values' | 'onOpenSource'> {
  hit: Hit;
  replaces: boolean;
}

/** The hit in hand stands in a chip: its words are changed where they come from. */
function Computed({ hit: { variable }, values, replaces, onOpenSource }: ComputedProps) {
  if (variable === null) return null;
  return (
    <p className="find-computed" role="status">
      Computed from {values.variables[variable]?.label ?? variable}
      {replaces ? ', so it is not replaced here' : ''}.{' '}
      <button
        type="button"
        className="link"
        onClick={() => {
          onOpenSource(variable);
        }}
      >
        Open its source
      </button>
    </p>
  );
}

function Toggle({ label, on, onToggle, children }: { label: string; on: boolean; onToggle: (on: boolean) => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={label}
        aria-pressed={on}
        variant={on ? 'light' : 'subtle'}
        color={on ? 'ink' : 'gray'}
        onClick={() => {
          onToggle(!on);
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface StepProps {
  label: string;
  isOff?: boolean;
  className?: string;
  onStep: () => void;
  children: ReactNode;
}

function Step({ label, isOff = false, className, onStep, children }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label.replace(/ \(.*/, '')} {...(className && { className })} disabled={isOff} onClick={onStep}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
