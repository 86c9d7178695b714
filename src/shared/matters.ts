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

/** Folders in which each new sub-folder is a new matter. */
export const CasesView = z.object({
  folders: z.array(z.object({ folder: z.string(), isReachable: z.boolean() })),
  /** Sub-folders that may be a matter that is here already: a person says. */
  asked: z.array(z.object({ path: z.string(), name: z.string(), like: z.object({ matterId: MatterId, title: z.string() }).nullable() })),
});
export type CasesView = z.infer<typeof CasesView>;

const FolderPath = z.string().min(1).max(4096);
/** `withPresent`: the sub-folders that are there now become matters too. */
export const AddCasesFolder = z.object({ folder: FolderPath, withPresent: z.boolean() });
/** same: it is the case folder of `matterId`, which has none here. */
export const DecideCase = z.discriminatedUnion('decision', [
  z.object({ path: FolderPath, decision: z.literal('new') }),
  z.object({ path: FolderPath, decision: z.literal('leave') }),
  z.object({ path: FolderPath, decision: z.literal('same'), matterId: MatterId }),
]);
export type DecideCase = z.infer<typeof DecideCase>;

export const CreateMatter = z.object({ folder: FolderPath, title: z.string().trim().min(1).max(255).optional() });
