import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Letterhead } from '../../shared/letterhead.ts';
import { isOpen, LetterValues, type Block, type LetterStatus } from '../../shared/letters.ts';
import { err, type Outcome } from '../../shared/result.ts';
import { mayWrite, type AccountView, type Role } from '../../shared/session.ts';
import type { Facts } from '../facts/facts.ts';
import { firm, letter, letterUpdate } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { letterVersion } from '../store/version-schema.ts';
import { holdsBareValues, isValidLetterUpdate, setsAnew } from '../sync/letter-check.ts';
import { blocksFromLetterBody, mergeLetterUpdates, readLetterBody } from '../sync/letter-doc.ts';
import { variablesUsed } from '../sync/letter-text.ts';
import { passageVariables } from './passages.ts';
import { draftedFrom } from './letter-metadata.ts';
import { computeLetterValues } from './values.ts';

export type LetterRow = typeof letter.$inferSelect;
/** A letter at one moment: its body as a Yjs state and as blocks, and what its chips and tables stand for. */
export interface LetterState {
  state: Uint8Array;
  blocks: Block[];
  values: LetterValues;
}

export interface LetterReader {
  find(letterId: string): LetterRow | undefined;
  /** The frozen version of a finalized letter, else the living body with values computed now. */
  current(row: LetterRow): LetterState;
  /** The living body with values computed now; without the updates that `without` names. */
  living(row: LetterRow, without?: (update: UpdateHead) => boolean): LetterState;
  /** The body as all its updates make it. */
  body(letterId: string): Uint8Array;
  letterhead(): Letterhead;
}
type UpdateHead = Pick<typeof letterUpdate.$inferSelect, 'updateId' | 'createdBy'>;

/** Why this person may only read a letter of this status; null where she may edit it. */
export function readOnlyReason(role: Role, status: LetterStatus): string | null {
  if (!isOpen(status)) return `This letter is ${status.toLowerCase()}; its text and figures no longer change.`;
  return mayWrite(role) ? null : 'Your role may read letters, not edit them.';
}
/** The error for an edit that this person may not make; null where she may. */
export function refuseEdit(role: Role, status: LetterStatus): Outcome<never> | null {
  if (!mayWrite(role)) return err({ code: 'forbidden', what: 'letters', reason: 'Your role may read letters, not edit them.' });
  if (isOpen(status)) return null;
  return err({ code: 'conflict', what: 'the letter', reason: 'It was finalized, so its text and figures no longer change.' });
}

/** The newest first: what the firm has not numbered yet was made after all that it has. */
export const newestFirst = [
  sql`${letterVersion.versionNumber} desc nulls first`,
  desc(letterVersion.createdAt),
  sql`letter_version.rowid desc`,
];

interface ReaderInput {
  store: Store;
  facts: Pick<Facts, 'list' | 'ledger' | 'chronology'>;
  account: Pick<AccountView, 'firmName'>;
}

/** Reads letters as they stand; changes nothing. */
export function createLetterReader({ store, facts, account }: ReaderInput): LetterReader {
  const { db } = store;

  /** Whether an update may be shown, by its id: the firm keeps what any laptop sent, and one bad laptop must not close a letter to all. */
  const checked = new Map<string, boolean>();
  const settingAnew = new Map<string, boolean>();

  /** The updates that a letter is shown from. */
  function standing(letterId: string, without: (update: UpdateHead) => boolean = () => false): Uint8Array[] {
    const updates = db
      .select({ updateId: letterUpdate.updateId, createdBy: letterUpdate.createdBy, payload: letterUpdate.payload })
      .from(letterUpdate)
      .where(eq(letterUpdate.letterId, letterId))
      .orderBy(asc(letterUpdate.updateId))
      .all();
    const sound = updates.filter((update) => {
      const { updateId, payload } = update;
      const isSound = checked.get(updateId) ?? isValidLetterUpdate(payload);
      checked.set(updateId, isSound);
      return isSound && !without(update);
    });
    const bytesOf = (rows: typeof sound): Uint8Array[] => rows.map((row) => new Uint8Array(row.payload));
    const isAnew = ({ updateId, payload }: (typeof sound)[number]): boolean => {
      const is = settingAnew.get(updateId) ?? setsAnew(payload);
      settingAnew.set(updateId, is);
      return is;
    };
    // whether what they set is an attribute is seen only now
    if (!sound.some(isAnew) || !holdsBareValues(mergeLetterUpdates(bytesOf(sound)))) return bytesOf(sound);
    // only those that bring one are left out: another may be a colleague's heading and a day of her words
    let kept = mergeLetterUpdates(bytesOf(sound.filter((row) => !isAnew(row))));
    for (const row of sound.filter(isAnew)) {
      const more = mergeLetterUpdates([kept, new Uint8Array(row.payload)]);
      if (!holdsBareValues(more)) kept = more;
    }
    return [kept];
  }

  function letterhead(): Letterhead {
    const row = db.select().from(firm).get();
    const addressLines = (row?.firmAddress ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    return { name: row?.firmName ?? account.firmName, addressLines, phone: row?.contactPhone ?? null, email: row?.contactEmail ?? null };
  }

  function living(row: LetterRow, without?: (update: UpdateHead) => boolean): LetterState {
    const { state, blocks } = readLetterBody(standing(row.letterId, without));
    const { title, demandCents, letterDate } = row;
    const { asked, entered } = draftedFrom(row.metadata);
    const values = computeLetterValues({
      firm: letterhead(),
      facts: facts.list(row.matterId),
      ledger: facts.ledger(row.matterId),
      letter: { title, demandCents, letterDate, asked, entered },
      chronology: () => facts.chronology(row.matterId),
      blocks,
      passages: passageVariables(store, row.matterId, variablesUsed(blocks).cited),
    });
    return { state, blocks, values };
  }

  return {
    find: (letterId) =>
      db
        .select()
        .from(letter)
        .where(and(eq(letter.letterId, letterId), isNull(letter.deletedAt)))
        .get(),
    living,
    body: (letterId) => mergeLetterUpdates(standing(letterId)),
    letterhead,

    current(row) {
      if (isOpen(row.status)) return living(row);
      const frozen = db
        .select()
        .from(letterVersion)
        .where(and(eq(letterVersion.letterId, row.letterId), eq(letterVersion.isMajor, true)))
        .orderBy(...newestFirst)
        .get();
      if (!frozen) return living(row);
      const state = new Uint8Array(frozen.content);
      return { state, blocks: blocksFromLetterBody(state), values: LetterValues.parse(frozen.letterValues) };
    },
  };
}
