import type { DayActivity } from '../../shared/activity.ts';
import { formatDayShort } from '../../shared/days.ts';

interface DayChartProps {
  days: DayActivity[];
  label: string;
  valueOf: (day: DayActivity) => number;
  textOf: (value: number, day: DayActivity) => string;
  totalOf?: (total: number) => string;
}

/** A bar for each day; what each says stands in its tooltip, the total beside the name, and the whole as one sentence for those who do not see it. */
export function DayChart({ days, label, valueOf, textOf, totalOf = (total) => total.toLocaleString('en-US') }: DayChartProps) {
  const values = days.map(valueOf);
  const most = Math.max(1, ...values);
  const total = totalOf(values.reduce((sum, value) => sum + value, 0));
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  return (
    <figure className="day-chart">
      <figcaption>
        {label}
        <strong>{total}</strong>
      </figcaption>
      <div
        className="day-bars"
        role="img"
        aria-label={`${label}, day by day: ${total} in all, at most ${totalOf(Math.max(0, ...values))} a day`}
      >
        {days.map((day, n) => (
          <i key={day.day} title={`${formatDayShort(day.day)}: ${textOf(values[n] ?? 0, day)}`}>
            <b style={{ height: `${String(((values[n] ?? 0) / most) * 100)}%` }} />
          </i>
        ))}
      </div>
      <p className="quiet day-ends" aria-hidden>
        <span>{first && formatDayShort(first)}</span>
        <span>{last && formatDayShort(last)}</span>
      </p>
    </figure>
  );
}
