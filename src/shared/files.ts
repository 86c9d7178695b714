import { z } from 'zod';
import { AppError } from './errors.ts';

/** A document's file on this laptop. */
export const FileView = z.object({
  /** fetching: on its way from the firm. away: only at the firm; `problem` says why it does not come, null where nobody asked or it was cancelled. */
  state: z.enum(['here', 'fetching', 'away']),
  doneBytes: z.number().int(),
  sizeBytes: z.number().int(),
  problem: AppError.nullable(),
});
export type FileView = z.infer<typeof FileView>;

/** The files of a matter on this laptop. */
export const MatterFilesView = z.object({
  isPinned: z.boolean(),
  hereCount: z.number().int(),
  totalCount: z.number().int(),
  /** What is not here. */
  awayBytes: z.number().int(),
});
export type MatterFilesView = z.infer<typeof MatterFilesView>;

export const budgetGbLimits = { least: 1, most: 2000 } as const;
export const BudgetGb = z.number().int().min(budgetGbLimits.least).max(budgetGbLimits.most);

/** What files take up on this laptop, and what is on its way. */
export const StorageView = z.object({
  usedBytes: z.number().int(),
  budgetGb: BudgetGb,
  /** The firm's file decides the budget; it cannot be changed here. */
  isLocked: z.boolean(),
  pinnedMatters: z.number().int(),
  pinnedBytes: z.number().int(),
  /** Files that are nowhere but here: the firm has not confirmed them, and they are never given back. */
  unconfirmedCount: z.number().int(),
  unconfirmedBytes: z.number().int(),
  transfers: z.array(
    z.object({
      fileName: z.string(),
      direction: z.enum(['up', 'down']),
      doneBytes: z.number().int(),
      sizeBytes: z.number().int(),
      problem: AppError.nullable(),
    }),
  ),
  /** Why files that should be here are not: no room, or the budget is used up by what may not go. */
  problem: AppError.nullable(),
});
export type StorageView = z.infer<typeof StorageView>;
