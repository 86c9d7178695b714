import { z } from 'zod';
import { LetterId } from './ids.ts';

/** A word as it stands in a letter: letters, and apostrophes between them. Longer ones are not looked at. */
export const SpellingWord = z
  .string()
  .regex(/^[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*$/u)
  .max(64);

/** Words of a letter whose spelling is asked for. */
export const AskSpelling = z.object({ letterId: LetterId, words: z.array(SpellingWord).max(500) });
/** Which of them no dictionary, no list and no fact of the matter knows; none where a person switched it off. */
export const UnknownWords = z.object({ isOn: z.boolean(), unknown: z.array(z.string()) });

export const AskSpellingMends = z.object({ letterId: LetterId, word: SpellingWord });

export const SpellingSettings = z.object({
  isOn: z.boolean(),
  /** Kept by this person on this laptop, in the order of the alphabet. */
  words: z.array(z.string()),
});
export type SpellingSettings = z.infer<typeof SpellingSettings>;
