/** What is known of the people at this laptop and in what it has open. */
export interface Activity {
  /** No window of the account can be seen. */
  isHidden: boolean;
  isOnBattery: boolean;
  /** A colleague is in what is open here. */
  isShared: boolean;
}

export const attended: Activity = { isHidden: false, isOnBattery: false, isShared: false };

/** Where no notices come. */
const [quickMs, calmMs, quietMs, slowMs] = [1_000, 5_000, 15_000, 60_000];
const lateMs = 30_000;
const longAgoMs = 300_000;
/** Under the notices, for one that never came. */
const netMs = 60_000;

/**
 * How long to rest before asking the firm again, in ms; every rest is jittered by a quarter either way.
 * Notices: 60 s. Without: 1 s while a colleague is in what is open or something came or went in the last 30 s, 5 s up to five minutes after,
 * then 15 s; one step slower on battery; 60 s where nobody looks.
 */
export function restMs({ isHidden, isOnBattery, isShared }: Activity, hasNotices: boolean, sinceNewsMs: number): number {
  if (hasNotices) return netMs;
  if (isHidden) return slowMs;
  if (isShared || sinceNewsMs < lateMs) return isOnBattery ? calmMs : quickMs;
  if (sinceNewsMs < longAgoMs) return isOnBattery ? quietMs : calmMs;
  return isOnBattery ? slowMs : quietMs;
}

/** `random` is 0..1: a hundred laptops that stopped at the same moment do not come back at the same moment. */
export const jittered = (ms: number, random: number): number => ms * (0.75 + random / 2);

/** How many rounds notices may drive: whoever may say NOTIFY would else keep every laptop of the firm, and its server, at work without rest. */
export interface NoticeBudget {
  /** How long a notice has to wait; 0 while there is something left. */
  waitMs(): number;
  /** A round was driven by a notice. */
  spend(hasNews: boolean): void;
}

/**
 * In hand for a burst, and refilled as time goes by: 30 rounds at once and then four a second, where they bring nothing, as in a storm of empty words. What brings or
 * sends something costs less, 25 a second for as long as you like: no colleague at work is ever held up (P4 has twenty), and who pushes without end drives no more than that.
 */
const inHandMs = 7_500;
const [costMs, costOfNewsMs] = [250, 40];

export function createNoticeBudget(now: () => number): NoticeBudget {
  let spentMs = 0;
  let at = now();
  /** Either way, as ever: a clock that was set back makes nothing wait for it. */
  const left = (): number => Math.max(0, spentMs - Math.abs(now() - at));
  return {
    waitMs: () => Math.max(0, left() - inHandMs),
    spend(hasNews) {
      spentMs = left() + (hasNews ? costOfNewsMs : costMs);
      at = now();
    },
  };
}
