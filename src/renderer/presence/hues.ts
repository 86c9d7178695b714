import type { UserId } from '../../shared/ids.ts';
import { personHues } from '../ui/theme.ts';

const given = new Map<UserId, number>();

/** A person's colour in this window, the same for as long as it is open; two get the same one only when all are taken. */
export function hueOf(userId: UserId): number {
  const already = given.get(userId);
  if (already !== undefined) return already;
  // begins at a place of her own, so that she mostly has the same colour on every laptop
  const start = Number.parseInt(userId.slice(-6), 16) % personHues;
  const taken = new Set(given.values());
  const free = Array.from({ length: personHues }, (_, n) => (start + n) % personHues).find((hue) => !taken.has(hue));
  given.set(userId, free ?? start);
  return free ?? start;
}
