import { z } from 'zod';
import { LetterId, UserId } from './ids.ts';

/** editing: has just typed. near: in the letter's matter, on another tab. away: nobody has looked for a while. In this order the most counts. */
export const PresenceState = z.enum(['editing', 'reading', 'near', 'away']);
export type PresenceState = z.infer<typeof PresenceState>;

/** Anchor and head of a selection as Yjs relative positions, base64, a dot between. Somebody else wrote it: the editor takes it apart with care. */
export const Place = z.string().regex(/^[A-Za-z0-9+/=]{1,100}\.[A-Za-z0-9+/=]{1,100}$/);

export const PersonHere = z.object({
  userId: UserId,
  firstName: z.string().max(255),
  lastName: z.string().max(255),
  state: PresenceState,
  place: Place.nullable(),
});
export type PersonHere = z.infer<typeof PersonHere>;

/** Who else is in a letter, each person once; never oneself. */
export const PeopleHere = z.object({ letterId: LetterId, people: z.array(PersonHere) });

/** What a window tells core of itself whenever it changes: whether it can be seen, and where its user is. */
export const Attendance = z.object({
  isVisible: z.boolean(),
  isOnBattery: z.boolean(),
  at: z.object({ letterId: LetterId, state: PresenceState, place: Place.nullable() }).nullable(),
});
export type Attendance = z.infer<typeof Attendance>;
