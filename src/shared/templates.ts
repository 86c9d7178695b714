import { z } from 'zod';
import { TemplateId, VersionId, MatterId } from './ids.ts';
import { TemplateContent, VariableType } from './template-content.ts';
import { ComparedLetters, ComparedLine } from './versions.ts';

const Name = z.string().trim().min(1).max(240);
const Category = z.string().trim().max(100);

/** One template of the firm's library. new: nothing of it was published yet, so that nobody drafts from it. */
export const LibraryRow = z.object({
  templateId: TemplateId,
  name: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  isDefault: z.boolean(),
  state: z.enum(['in_use', 'new', 'retired']),
  /** The newest version; null: none was published here, or the firm has not numbered it yet. */
  number: z.number().int().nullable(),
  changedAt: z.number().int().nullable(),
  changedByName: z.string().nullable(),
  /** Letters that were drafted from it. */
  letters: z.number().int(),
  /** Whether this person has words for it that are not published. */
  hasDraft: z.boolean(),
  /** Colleagues who have. */
  alsoDrafting: z.array(z.string()),
});
export type LibraryRow = z.infer<typeof LibraryRow>;

export const LibraryView = z.object({
  templates: z.array(LibraryRow),
  /** Why this person may only read; null where she may change the library. */
  readOnlyReason: z.string().nullable(),
});
export type LibraryView = z.infer<typeof LibraryView>;

export const TemplateVersionView = z.object({
  versionId: VersionId,
  number: z.number().int().nullable(),
  why: z.string(),
  at: z.number().int().nullable(),
  byName: z.string().nullable(),
  /** The version its writer began with; where it is not the one before, what that one changed is not in this one. */
  missed: z.number().int().nullable(),
});
export type TemplateVersionView = z.infer<typeof TemplateVersionView>;

export const TemplateView = z.object({
  row: LibraryRow,
  /** What this person writes, or else what is published. */
  content: TemplateContent,
  isDraft: z.boolean(),
  /** The version the words began with; null: there was none. */
  basedOn: VersionId.nullable(),
  /** What was published since this person began to write. */
  since: TemplateVersionView.nullable(),
  versions: z.array(TemplateVersionView),
  readOnlyReason: z.string().nullable(),
});
export type TemplateView = z.infer<typeof TemplateView>;

const OneVariable = z.object({ name: z.string(), label: z.string(), type: VariableType });
/** What a template may name: variables that Steno knows, and the lists a repeat goes through with what each item has. */
export const Vocabulary = z.object({
  variables: z.array(OneVariable),
  lists: z.array(z.object({ list: z.string(), label: z.string(), fields: z.array(OneVariable) })),
});
export type Vocabulary = z.infer<typeof Vocabulary>;

/** Something wrong with a template and where: `[at, at + length)` of the text of a section, or of its title. */
export const TemplateProblem = z.object({
  sectionId: z.string(),
  part: z.enum(['title', 'content']),
  at: z.number().int(),
  length: z.number().int(),
  text: z.string(),
});
export type TemplateProblem = z.infer<typeof TemplateProblem>;

export const CreateTemplate = z.object({
  name: Name,
  category: Category.nullable().default(null),
  /** Begins with what this one says. */
  from: TemplateId.optional(),
});
export const DescribeTemplate = z.object({
  templateId: TemplateId,
  name: Name.optional(),
  description: z.string().trim().max(10_000).optional(),
  category: Category.nullable().optional(),
});
export const SaveDraft = z.object({
  templateId: TemplateId,
  /** null: the draft is given up. */
  content: TemplateContent.nullable(),
  basedOn: VersionId.nullable(),
});
export const PublishTemplate = z.object({
  templateId: TemplateId,
  content: TemplateContent,
  basedOn: VersionId.nullable(),
  why: z.string().trim().max(2000).default(''),
});
export const CheckTemplate = z.object({ content: TemplateContent, matterId: MatterId.nullable() });
export const CheckedTemplate = z.object({
  problems: z.array(TemplateProblem),
  /** The letter it would be in that matter, as lines; null where no matter was named or it cannot be drafted. */
  lines: z.array(ComparedLine).nullable(),
  /** Why it cannot be drafted. */
  refused: z.string().nullable(),
});
export type CheckedTemplate = z.infer<typeof CheckedTemplate>;
/** Of two versions, or of one and what this person has before her (`to`: null). */
export const CompareTemplates = z.object({ templateId: TemplateId, from: VersionId, to: VersionId.nullable() });
export const TemplateComparison = ComparedLetters.extend({ from: TemplateVersionView, to: TemplateVersionView.nullable() });
export type TemplateComparison = z.infer<typeof TemplateComparison>;
