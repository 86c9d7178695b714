import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import type { VersionComparison } from '../../shared/versions.ts';
import { useCall } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { ComparedText } from './ComparedText.tsx';
import { versionTitle, type Compared } from './version-words.ts';
import './versions.css';

interface ComparisonScreenProps {
  letterId: LetterId;
  compared: Compared;
  onClose: () => void;
}

/** Two versions of the letter as one text, in the letter's place: what came is underlined, what went is struck out. */
export function ComparisonScreen({ letterId, compared, onClose }: ComparisonScreenProps) {
  const comparison = useCall('letters.compareVersions', { letterId, ...compared });
  const screen = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    screen.current?.focus();
    return () => {
      // back to where it was asked for, unless the person went elsewhere meanwhile
      if (before instanceof HTMLElement && (document.activeElement === document.body || document.activeElement === null)) before.focus();
    };
  }, []);
  useKeys({ Escape: onClose });
  return (
    <section className="comparison" aria-label="Compared versions" ref={screen} tabIndex={-1}>
      <Loaded answer={comparison} text="Comparing the two">
        {(answer) => <Comparison answer={answer} onClose={onClose} />}
      </Loaded>
    </section>
  );
}

function Comparison({ answer, onClose }: { answer: VersionComparison; onClose: () => void }) {
  const text = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const changes = answer.lines.filter(({ kind }) => kind !== 'same').length;
  const goTo = (step: 1 | -1) => {
    if (changes === 0) return;
    const next = at < 0 && step < 0 ? changes - 1 : (at + step + changes) % changes;
    setAt(next);
    const line = text.current?.querySelectorAll('[data-change]')[next];
    line?.scrollIntoView({ block: 'center' });
    if (line instanceof HTMLElement) line.focus({ preventScroll: true });
  };
  useKeys({
    n: () => {
      goTo(1);
    },
    p: () => {
      goTo(-1);
    },
  });
  return (
    <>
      <header className="comparison-bar">
        <div>
          <h2>
            {versionTitle(answer.from)} <span aria-hidden>→</span>
            <span className="sr-only"> against </span> {answer.to === null ? 'the letter now' : versionTitle(answer.to)}
          </h2>
          <p className="quiet" role="status">
            {changes === 0
              ? 'Nothing changed between the two.'
              : `${count(changes, 'change')}: ${count(answer.added, 'word')} in, ${count(answer.removed, 'word')} out${at < 0 ? '' : `. Change ${String(at + 1)} of ${String(changes)}`}`}
          </p>
        </div>
        <div className="row push">
          <Button
            variant="default"
            leftSection={<IconArrowUp size={14} />}
            disabled={changes === 0}
            title="Previous change (p)"
            onClick={() => {
              goTo(-1);
            }}
          >
            Previous
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowDown size={14} />}
            disabled={changes === 0}
            title="Next change (n)"
            onClick={() => {
              goTo(1);
            }}
          >
            Next
          </Button>
          <Button variant="subtle" leftSection={<IconX size={14} />} title="Back to the letter (Escape)" onClick={onClose}>
            Close
          </Button>
        </div>
      </header>
      <div className="letter-scroll" tabIndex={0} role="region" aria-label="What changed">
        <div className="letter-page" ref={text}>
          <ComparedText lines={answer.lines} />
        </div>
      </div>
    </>
  );
}
