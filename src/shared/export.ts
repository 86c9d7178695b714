import { z } from 'zod';
import { ExportId, LetterId, VersionId } from './ids.ts';

export const ExportFormat = z.enum(['docx', 'pdf']);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportView = z.object({
  exportId: ExportId,
  letterId: LetterId,
  format: ExportFormat,
  fileName: z.string(),
  /** Where the file lies on this laptop; null where a colleague made it on theirs. */
  path: z.string().nullable(),
  sizeBytes: z.number().int(),
  exportedByName: z.string().nullable(),
  exportedAt: z.number().int(),
});
export type ExportView = z.infer<typeof ExportView>;

/** The letter as it stands, or as one of its versions has it. */
export const CreateExport = z.object({ letterId: LetterId, format: ExportFormat, versionId: VersionId.optional() });
export const ExportFile = z.object({ fileName: z.string(), mediaType: z.string(), base64: z.string() });
