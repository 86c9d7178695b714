import type { ReactNode } from 'react';
import type { ChronologyEntry, ChronologyGap, ChronologyView } from '../../shared/chronology.ts';
import { formatDayShort } from '../../shared/days.ts';
import { Empty } from '../ui/states.tsx';
import { count, DayText, MoneyText } from '../ui/values.tsx';
import { SourceLink } from './source.tsx';
import { Timeline } from './Timeline.tsx';
import { useReview } from './use-review.ts';

interface ChronologyProps {
  chronology: ChronologyView;
  switcher: ReactNode;
}

const keyOf = ({ from, to, provider }: ChronologyEntry): string => [from, to, provider].join(' ');

/** Visits by provider: a time line with its gaps, and below it each visit with its page. */
export function Chronology({ chronology: { lossDay, entries, gaps, undated }, switcher }: ChronologyProps) {
  const rows = entries.flatMap((entry) => (entry.sources[0] ? [{ state: 'approved' as const, source: entry.sources[0] }] : []));
  const none = () => undefined;
  const { cursor, take } = useReview(rows, { canDecide: false, onApprove: none, onReject: none, onEdit: none });
  return (
    <div className="review">
      <header className="bar">
        {switcher}
        <span className="keys" aria-label="Keys" role="note">
          <span>
            <kbd>j</kbd> <kbd>k</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> show the page
          </span>
        </span>
      </header>
      {entries.length === 0 ? (
        <Empty title="No visits yet">
          <p>Visits appear here as bills and records are read, each with its page.</p>
        </Empty>
      ) : (
        <div className="scroll fill">
          <Timeline lossDay={lossDay} entries={entries} gaps={gaps} cursor={cursor} onTake={take} />
          <table className="grid chronology">
            <thead>
              <tr>
                <th>Date</th>
                <th>Provider</th>
                <th>What was done</th>
                <th className="number">Billed</th>
                <th>Found on</th>
              </tr>
            </thead>
            <tbody>
              {entries.flatMap((entry, index) => [
                ...gaps.filter((gap) => isAbove(gap, entry, entries[index - 1])).map((gap) => <GapRow key={`gap ${gap.from}`} gap={gap} />),
                <tr
                  key={keyOf(entry)}
                  aria-selected={index === cursor}
                  onClick={() => {
                    take(index);
                  }}
                >
                  <td className="nowrap">
                    <DayText day={entry.from} />
                    {entry.to !== entry.from && (
                      <>
                        {' – '}
                        <DayText day={entry.to} />
                      </>
                    )}
                  </td>
                  <td>{entry.provider}</td>
                  <td>{entry.done.length > 0 ? entry.done.join('; ') : <span className="quiet">Visit, by the record; no bill</span>}</td>
                  <td className="number">
                    <MoneyText cents={entry.done.length > 0 ? entry.billedCents : null} />
                  </td>
                  <td>
                    <span className="row wrap">
                      {entry.sources.map((source) => (
                        <SourceLink key={`${source.documentId} ${String(source.page)}`} source={source} />
                      ))}
                    </span>
                  </td>
                </tr>,
              ])}
            </tbody>
          </table>
          {undated > 0 && (
            <p className="quiet chronology-note">
              {count(undated, 'bill line')} without a day {undated === 1 ? 'is' : 'are'} not on the time line; see the bill ledger.
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** A gap stands before the first visit after it. */
const isAbove = (gap: ChronologyGap, entry: ChronologyEntry, before: ChronologyEntry | undefined): boolean =>
  entry.from === gap.to && before?.from !== gap.to;

function GapRow({ gap: { from, to, days, isDelay } }: { gap: ChronologyGap }) {
  return (
    <tr className="gap-row">
      <td colSpan={5}>
        <span className="tag tag-ask">
          {isDelay ? `${count(days, 'day')} from the loss to the first treatment` : `${count(days, 'day')} without treatment`}
        </span>{' '}
        <span className="quiet">
          {formatDayShort(from)} to {formatDayShort(to)}
        </span>
      </td>
    </tr>
  );
}
