import { z } from 'zod';
import { Day } from './days.ts';
import { MatterId, LetterId } from './ids.ts';
import { LetterStatus } from './letters.ts';
import { Cents } from './money.ts';

export const MatterStatus = z.enum(['Open', 'Closed']);

export const MatterRow = z.object({
  matterId: MatterId,
  title: z.string(),
  clientName: z.string().nullable(),
  defendantName: z.string().nullable(),
  dateOfLoss: Day.nullable(),
  status: MatterStatus,
  /** The case folder on this laptop; null where a colleague watches it. */
  folderPath: z.string().nullable(),
  documentCount: z.number().int(),
  unreadCount: z.number().int(),
  letterId: LetterId.nullable(),
  letterStatus: LetterStatus.nullable(),
  demandCents: Cents.nullable(),
  updatedAt: z.number().int(),
  /** Changes made on this laptop that the firm does not have yet. */
  waitingChanges: z.number().int(),
});
export type MatterRow = z.infer<typeof MatterRow>;

export const CreateMatter = z.object({ folder: z.string().min(1).max(4096), title: z.string().trim().min(1).max(255).optional() });
