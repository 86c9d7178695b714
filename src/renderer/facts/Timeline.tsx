import type { ChronologyEntry, ChronologyGap, ChronologyView } from '../../shared/chronology.ts';
import { addDays, formatDayShort } from '../../shared/days.ts';
import { showSource } from '../route.ts';

interface TimelineProps extends Pick<ChronologyView, 'lossDay' | 'gaps'> {
  entries: ChronologyEntry[];
  cursor: number;
  onTake: (index: number) => void;
}

const dayMs = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A lane for each provider, a mark for each visit, which opens its page; gaps are shaded across all lanes. */
export function Timeline({ lossDay, entries, gaps, cursor, onTake }: TimelineProps) {
  const lanes = [
    ...Map.groupBy(
      entries.map((entry, index) => ({ entry, index })),
      ({ entry }) => entry.provider,
    ),
  ];
  const first = at(entries.reduce((least, { from }) => (from < least ? from : least), lossDay ?? entries[0]?.from ?? '2000-01-01'));
  const last = at(entries.reduce((most, { to }) => (to > most ? to : most), entries[0]?.to ?? '2000-01-01'));
  const span = Math.max(1, last - first + 1);
  const left = (day: string): string => `${(((at(day) - first) / span) * 100).toFixed(3)}%`;
  const width = (from: string, to: string): string => `${(((at(to) - at(from) + 1) / span) * 100).toFixed(3)}%`;
  return (
    <div className="timeline" role="group" aria-label="Time line of treatment">
      <div className="timeline-names" aria-hidden>
        <span className="timeline-head" />
        {lanes.map(([provider]) => (
          <span key={provider} className="cut" title={provider}>
            {provider}
          </span>
        ))}
      </div>
      <div className="timeline-lanes">
        <div className="timeline-head" aria-hidden>
          {months(first, span).map(({ day, label }) => (
            <span key={day} style={{ left: left(day) }}>
              {label}
            </span>
          ))}
        </div>
        {gaps.map((gap) => (
          <Gap key={gap.from} gap={gap} left={left(gap.from)} width={width(gap.from, gap.to)} />
        ))}
        {lossDay !== null && <i className="timeline-loss" style={{ left: left(lossDay) }} title={`Loss: ${formatDayShort(lossDay)}`} />}
        {lanes.map(([provider, visits]) => (
          <div key={provider} className="timeline-lane">
            {visits.map(({ entry, index }) => (
              <button
                key={`${entry.from} ${entry.to}`}
                type="button"
                tabIndex={-1} // the table below has each of them in the order of the keyboard
                className={entry.to === entry.from ? 'timeline-visit' : 'timeline-visit timeline-span'}
                aria-pressed={index === cursor}
                aria-label={`${provider}, ${formatDayShort(entry.from)}`}
                title={`${formatDayShort(entry.from)}${entry.to === entry.from ? '' : ` – ${formatDayShort(entry.to)}`}: ${entry.done.join('; ')}`}
                style={{ left: left(entry.from), ...(entry.to !== entry.from && { width: width(entry.from, entry.to) }) }}
                onClick={() => {
                  onTake(index);
                  const [source] = entry.sources;
                  if (source) showSource(source);
                }}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Gap({ gap: { days, isDelay }, left, width }: { gap: ChronologyGap; left: string; width: string }) {
  return (
    <i
      className="timeline-gap"
      style={{ left, width }}
      title={isDelay ? `${String(days)} days to the first treatment` : `${String(days)} days without treatment`}
    />
  );
}

/** The first of each month in view; of long times only some, so that their names do not touch. */
function months(first: number, span: number): { day: string; label: string }[] {
  const start = new Date(first * dayMs).toISOString().slice(0, 10);
  const end = addDays(start, span);
  const all: { day: string; label: string }[] = [];
  for (let day = `${start.slice(0, 7)}-01`; day < end; day = `${addDays(day, 32).slice(0, 7)}-01`) {
    const month = Number(day.slice(5, 7)) - 1;
    if (day >= start)
      all.push({
        day,
        label: month === 0 || all.length === 0 ? `${monthNames[month] ?? ''} ${day.slice(0, 4)}` : (monthNames[month] ?? ''),
      });
  }
  const step = Math.ceil(all.length / 14);
  return all.filter((_, n) => n % step === 0);
}
