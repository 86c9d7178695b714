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
