import { formatDayShort } from '../../shared/days.ts';
import { formatCents } from '../../shared/money.ts';

/** A calendar day as a table shows it, its ISO form in the tooltip. */
export function DayText({ day }: { day: string | null }) {
  return day === null ? (
    <span className="quiet">—</span>
  ) : (
    <time dateTime={day} title={day} className="nowrap">
      {formatDayShort(day)}
    </time>
  );
}

export function MoneyText({ cents }: { cents: number | null }) {
  return cents === null ? <span className="quiet">—</span> : <>{formatCents(cents)}</>;
}

/** A moment as a status line shows it: the time today, the day before that. */
export function momentText(at: number, now = Date.now()): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString())
    return date.toLocaleTimeString('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return date.toLocaleDateString('en-US', { year: 'numeric', month: 'short', day: 'numeric' });
}

export function MomentText({ at }: { at: number }) {
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={iso} className="nowrap">
      {momentText(at)}
    </time>
  );
}

/** "1 change", "3 changes". */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? one : many}`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return count(bytes, 'byte');
  return bytes < 1024 * 1024 ? `${String(Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
