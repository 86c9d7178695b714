import { and, asc, count, eq, gt } from 'drizzle-orm';
import type { LostWords } from '../../shared/letters.ts';
import { letterUpdate, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { isValidLetterUpdate } from '../sync/letter-check.ts';
import { swallowedWords, type Swallowed } from '../sync/letter-swallowed.ts';

interface Found extends LostWords {
  index: number;
}

/** Letters whose answer is remembered: of one that people write in it is asked at every pause. */
const mostRemembered = 8;

/** Words that a colleague's deletion took along unseen (sync/letter-swallowed.ts), by whom and when; asked of the letter anew once something came from the firm. */
export function createLostWords({ db }: Store): (letterId: string, state: Uint8Array) => Found[] {
  /** Whether an update is sound, by its id: it never changes. */
  const checked = new Map<string, boolean>();
  const isSound = ({ updateId, payload }: { updateId: string; payload: Uint8Array }): boolean => {
    const is = checked.get(updateId) ?? isValidLetterUpdate(payload);
    checked.set(updateId, is);
    return is;
  };
  const remembered = new Map<string, { confirmed: number; found: Found[] }>();

  function read(letterId: string, state: Uint8Array): Found[] {
    const rows = db
      .select({
        updateId: letterUpdate.updateId,
        payload: letterUpdate.payload,
        at: letterUpdate.createdAt,
        first: user.firstName,
        last: user.lastName,
      })
      .from(letterUpdate)
      .leftJoin(user, eq(user.userId, letterUpdate.createdBy))
      .where(eq(letterUpdate.letterId, letterId))
      .orderBy(asc(letterUpdate.updateId))
      .all()
      .filter(isSound);
    const byId = new Map(rows.map((row) => [row.updateId, row]));
    return swallowedWords(rows, state).map(({ key, text, updateIds, index }: Swallowed): Found => {
      const row = byId.get(updateIds[0] ?? '');
      const byName = row === undefined || row.first === null || row.last === null ? null : `${row.first} ${row.last}`;
      return { key, text, index, byName, at: row?.at ?? null };
    });
  }

  return (letterId, state) => {
    const [{ confirmed } = { confirmed: 0 }] = db
      .select({ confirmed: count() })
      .from(letterUpdate)
      .where(and(eq(letterUpdate.letterId, letterId), gt(letterUpdate.revision, 0)))
      .all();
    const known = remembered.get(letterId);
    if (known?.confirmed === confirmed) return known.found;
    const found = read(letterId, state);
    remembered.delete(letterId);
    remembered.set(letterId, { confirmed, found });
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return found;
  };
}
