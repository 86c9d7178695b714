import { hash, randomFillSync } from 'node:crypto';
import { idFromHash, newId } from '../../shared/new-id.ts';

/** Random bytes are asked for many at once: asking takes longer than they do. */
const pool = { bytes: new Uint8Array(4096), used: 4096 };
function random(): Uint8Array {
  if (pool.used + 16 > pool.bytes.length) {
    randomFillSync(pool.bytes);
    pool.used = 0;
  }
  pool.used += 16;
  return pool.bytes.subarray(pool.used - 16, pool.used);
}

/** A fresh id (UUID v7). */
export function freshId(): string {
  return newId(Date.now(), random());
}

/** Fresh ids that sort in the order they are given, a millisecond apart. */
export function freshIdsInOrder(count: number): string[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => newId(now + index, random()));
}

/** The id of something that is known by its parts (a file in a matter, a fact at a place): equal parts, equal id, on every laptop. */
export function idOf(...parts: (string | number)[]): string {
  return idFromHash(hash('sha256', JSON.stringify(parts), 'buffer'));
}
