import { z } from 'zod';

/** Every id is a UUID and carries its kind in its type, so that a matter cannot be opened with a letter's id. */
export const FirmId = z.uuid().brand<'FirmId'>();
export const UserId = z.uuid().brand<'UserId'>();
export const MatterId = z.uuid().brand<'MatterId'>();
export const DocumentId = z.uuid().brand<'DocumentId'>();
export const FactId = z.uuid().brand<'FactId'>();
export const BillLineId = z.uuid().brand<'BillLineId'>();
export const TemplateId = z.uuid().brand<'TemplateId'>();
export const LetterId = z.uuid().brand<'LetterId'>();
export const VersionId = z.uuid().brand<'VersionId'>();
export const ExportId = z.uuid().brand<'ExportId'>();
export const ConflictId = z.uuid().brand<'ConflictId'>();
export const ProposalId = z.uuid().brand<'ProposalId'>();
export const MutationId = z.uuid().brand<'MutationId'>();
export const LinkId = z.uuid().brand<'LinkId'>();
export const CollaborationId = z.uuid().brand<'CollaborationId'>();
export const ReviewId = z.uuid().brand<'ReviewId'>();
export const DeviceId = z.uuid().brand<'DeviceId'>();

export type FirmId = z.infer<typeof FirmId>;
export type UserId = z.infer<typeof UserId>;
export type MatterId = z.infer<typeof MatterId>;
export type DocumentId = z.infer<typeof DocumentId>;
export type FactId = z.infer<typeof FactId>;
export type BillLineId = z.infer<typeof BillLineId>;
export type TemplateId = z.infer<typeof TemplateId>;
export type LetterId = z.infer<typeof LetterId>;
export type VersionId = z.infer<typeof VersionId>;
export type ExportId = z.infer<typeof ExportId>;
export type ConflictId = z.infer<typeof ConflictId>;
export type ProposalId = z.infer<typeof ProposalId>;
export type MutationId = z.infer<typeof MutationId>;
export type LinkId = z.infer<typeof LinkId>;
export type CollaborationId = z.infer<typeof CollaborationId>;
export type ReviewId = z.infer<typeof ReviewId>;
export type DeviceId = z.infer<typeof DeviceId>;
