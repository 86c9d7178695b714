import { eq } from 'drizzle-orm';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Clock } from '../host/host.ts';
import { laptopPolicy } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** How long this laptop lets its user in without asking the firm, where neither the firm nor its file says anything. */
const defaultDays = 7;
const dayMs = 24 * 3_600_000;
export const offlineSignInMs = defaultDays * dayMs;
/** A clock that the network corrects goes back a little; that alone locks nobody out. */
const corrected = 5 * 60_000;

export interface OfflineQuestion {
  now: number;
  /** When the firm last answered this laptop, by its clock then. */
  answeredAt: number;
  /** The latest time it was seen to have reached since. */
  seenAt: number;
  /** The firm answered that the session is over. */
  isEnded: boolean;
  /** What the firm decided; null where it says nothing. */
  firmDays: number | null;
  /** What its file says. */
  fileDays: number | undefined;
}

/** The shorter of what firm and file say; seven where neither does. */
export function offlineDaysOf({ firmDays, fileDays }: Pick<OfflineQuestion, 'firmDays' | 'fileDays'>): number {
  return firmDays === null ? (fileDays ?? defaultDays) : Math.min(firmDays, fileDays ?? firmDays);
}

/**
 * Whether the firm need not be asked. The one decision by a laptop's clock (S11), so it never trusts it further than it must: time counts from when
 * the firm last answered to the latest moment this laptop was seen to have reached, and a clock behind that moment counts as used up.
 */
export function decideOffline(question: OfflineQuestion): Outcome<Nothing> {
  const { now, answeredAt, seenAt, isEnded } = question;
  const days = offlineDaysOf(question);
  const mend = 'Connect to the firm’s network and sign in once; your work here is kept.';
  if (isEnded) return refuse(`Your session at the firm has ended, so the firm has to be asked. ${mend}`);
  if (days === 0) return refuse(`Your firm does not let its laptops open without its server. ${mend}`);
  if (now < seenAt - corrected || now < answeredAt - corrected)
    return refuse(`The clock of this computer was set back, so Steno cannot tell how long you have been offline. Set it right. ${mend}`);
  if (Math.max(now, seenAt) - answeredAt > days * dayMs) return refuse(`You have been offline for more than ${dayWords(days)}. ${mend}`);
  return ok({});
}

function refuse(reason: string): Outcome<never> {
  return err({ code: 'unauthenticated', reason });
}

function dayWords(days: number): string {
  return days === 1 ? 'a day' : `${days === defaultDays ? 'seven' : String(days)} days`;
}

export interface ClockMark {
  /** Notes how far this laptop has come. */
  note(): void;
  /** The firm has answered: time counts from its clock of now. */
  restart(): void;
}

/**
 * Keeps the latest moment this laptop was seen to have reached: by its clock, and by how long it ran, so that a clock that stands still or goes
 * back while Steno runs gains nothing.
 */
export function createClockMark(store: Store, clock: Clock, runningMs: () => number = () => performance.now()): ClockMark {
  let since = runningMs();
  /** Where time began to be counted from; found at the first look into the store. */
  let begun: number | null = null;
  return {
    note() {
      store.transaction((db) => {
        const before = db.select({ seenAt: laptopPolicy.seenAt }).from(laptopPolicy).get()?.seenAt;
        begun ??= Math.max(clock.now() - (runningMs() - since), before ?? 0);
        const reached = Math.round(Math.max(clock.now(), begun + runningMs() - since));
        if (before === undefined) db.insert(laptopPolicy).values({ only: 1, seenAt: reached }).run();
        else if (reached > before) db.update(laptopPolicy).set({ seenAt: reached }).where(eq(laptopPolicy.only, 1)).run();
        return ok({});
      });
    },
    restart() {
      begun = clock.now();
      since = runningMs();
    },
  };
}
