import { createHash, randomBytes } from 'node:crypto';
import { idFromHash, newId } from '../../shared/new-id.ts';

/** A fresh id (UUID v7). */
export function freshId(): string {
  return newId(Date.now(), randomBytes(16));
}

/** Fresh ids that sort in the order they are given, a millisecond apart. */
export function freshIdsInOrder(count: number): string[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => newId(now + index, randomBytes(16)));
}

/** The id of something that is known by its parts (a file in a matter, a fact at a place): equal parts, equal id, on every laptop. */
export function idOf(...parts: (string | number)[]): string {
  return idFromHash(createHash('sha256').update(JSON.stringify(parts)).digest());
}
