import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import type { CallFailed } from '../client.ts';
import { ErrorNotice } from './Notice.tsx';

/** An empty list that says what to do next. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** The wait on screen: when it began, how many parts of the window show it, and when the last one left. One often follows another: a screen, then what it shows. */
const wait = { beganAt: 0, shownBy: 0, leftAt: -Infinity };
const sameWaitMs = 100;
const linesAfterMs = 300;
const wordsAfterMs = 1000;

/** How long a person has been waiting already, whatever she waited for first. */
function waitedMs(): number {
  const now = performance.now();
  return wait.shownBy > 0 || now - wait.leftAt < sameWaitMs ? now - wait.beganAt : 0;
}

/** Nothing for 300 ms, then grey lines, and after a second a sentence: most answers come before anyone could read one. */
export function Waiting({ text, lines = 6 }: { text: string; lines?: number }) {
  const [waited, setWaited] = useState(waitedMs);
  useEffect(() => {
    const already = waitedMs();
    wait.beganAt = performance.now() - already;
    wait.shownBy += 1;
    const steps = [linesAfterMs, wordsAfterMs].filter((step) => step > already);
    const timers = steps.map((step) =>
      setTimeout(() => {
        setWaited(step);
      }, step - already),
    );
    return () => {
      timers.forEach(clearTimeout);
      wait.shownBy -= 1;
      wait.leftAt = performance.now();
    };
  }, []);
  if (waited < linesAfterMs) return <div aria-busy="true" />;
  return (
    <div className="waiting" aria-busy="true">
      <p role="status" className="quiet">
        {waited >= wordsAfterMs ? text : '\u00a0'}
      </p>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} style={{ width: `${String(92 - ((line * 17) % 40))}%` }} />
      ))}
    </div>
  );
}

interface Answer<T> {
  data: T | undefined;
  error: CallFailed | null;
  refetch: () => Promise<unknown>;
}

/**
 * Shows an answer of core in each of its states. An older answer stays on screen under the error of a newer attempt:
 * a list that is a minute old is worth more than an empty page.
 */
export function Loaded<T>({ answer, text, children }: { answer: Answer<T>; text: string; children: (value: T) => ReactNode }) {
  const again = (
    <Button
      variant="default"
      onClick={() => {
        void answer.refetch();
      }}
    >
      Try again
    </Button>
  );
  const problem = answer.error && (
    <div style={{ padding: 12 }}>
      <ErrorNotice error={answer.error.error} actions={again} />
    </div>
  );
  if (answer.data === undefined) return problem ?? <Waiting text={text} />;
  return (
    <>
      {problem}
      {children(answer.data)}
    </>
  );
}
