import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LetterId } from '../../src/shared/ids.ts';
import { idFromHash, newId } from '../../src/shared/new-id.ts';

const random = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('every id is a UUID, and ids of later milliseconds sort later', () => {
  fc.assert(
    fc.property(random, random, fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 1_000_000 }), (a, b, now, later) => {
      const [first, second] = [newId(now, a), newId(now + later, b)];
      expect(LetterId.safeParse(first).success && LetterId.safeParse(second).success).toBe(true);
      expect(first < second).toBe(true);
    }),
  );
});

test('the same hash gives the same id, another hash another', () => {
  fc.assert(
    fc.property(random, (hash) => {
      expect(idFromHash(hash)).toBe(idFromHash(Uint8Array.from(hash)));
      const other = Uint8Array.from(hash);
      other[0] = ((other[0] ?? 0) + 1) % 256;
      expect(idFromHash(other)).not.toBe(idFromHash(hash));
    }),
  );
});
