import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { TemplateId, VersionId } from '../../shared/ids.ts';
import type { Block } from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { mayFinalize, type AccountView } from '../../shared/session.ts';
import { TemplateContent, type WholeTemplate } from '../../shared/template-content.ts';
import type {
  CompareTemplates,
  CreateTemplate,
  DescribeTemplate,
  PublishTemplate,
  SaveDraft,
  TemplateComparison,
} from '../../shared/templates.ts';
import type { ImportedDocx, ImportTemplate, ReadDocx } from '../../shared/template-import.ts';
import type { ComparedLetters } from '../../shared/versions.ts';
import { freshId, idOf } from '../host/ids.ts';
import { template } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Change, Write } from '../sync/outbox.ts';
import type { Documents } from '../documents/documents.ts';
import { applyChoices, importDocx } from './import-docx.ts';
import { createLibrary, readOnly, type Library, type TemplateRow } from './library.ts';
import { templateLines } from './lines.ts';

export { checkTemplate } from './check.ts';
export { templateToBlocks } from './blocks.ts';
export type { DraftWorld, Item } from './expand.ts';
export type { CurrentTemplate } from './library.ts';

export interface Templates extends Pick<Library, 'choices' | 'current' | 'library' | 'open'> {
  /** A new template, of which colleagues see nothing but the name until it is published. Errors: forbidden, conflict (the name is taken). */
  create(input: z.output<typeof CreateTemplate>): Outcome<{ templateId: TemplateId }>;
  /** A letter of the firm as sections, and the words in it that a person has to decide about; nothing is kept. Errors: forbidden, unsupported, corrupt. */
  readDocx(input: z.output<typeof ReadDocx>): Promise<Outcome<ImportedDocx>>;
  /** A new template, not published yet, of what was read and decided. Errors: as `create`. */
  import(input: z.output<typeof ImportTemplate>): Outcome<{ templateId: TemplateId }>;
  describe(input: z.output<typeof DescribeTemplate>): Outcome<Nothing>;
  /** The default of its category, in the place of the one before; or none any more. Errors: forbidden, conflict. */
  setDefault(templateId: string, isDefault: boolean): Outcome<Nothing>;
  /** Takes it out of what one may draft from, or brings it back. */
  setActive(templateId: string, isActive: boolean): Outcome<Nothing>;
  /** Keeps this person's words, for her alone; null gives them up. */
  saveDraft(input: z.output<typeof SaveDraft>): Outcome<Nothing>;
  /** Makes a new version of which colleagues draft from now on. */
  publish(input: z.output<typeof PublishTemplate>): Outcome<{ versionId: VersionId }>;
  /** Publishes an old version as a new one. False: that is what it says already. */
  restore(templateId: string, versionId: string): Outcome<{ isRestored: boolean }>;
  compare(request: z.output<typeof CompareTemplates>): Outcome<TemplateComparison>;
}

interface TemplatesInput {
  store: Store;
  write: Write;
  account: Pick<AccountView, 'userId' | 'role'>;
  documents: Pick<Documents, 'structureOf'>;
  /** Lays two texts side by side, word by word. */
  compare(before: readonly Block[], after: readonly Block[]): ComparedLetters;
}

export function createTemplates({ store, write, account, documents, compare }: TemplatesInput): Templates {
  const { db } = store;
  const mayEdit = mayFinalize(account.role);
  const notFound = err({ code: 'not_found' as const, what: 'the template' });
  const forbidden = err({ code: 'forbidden' as const, what: 'templates', reason: readOnly });

  const library = createLibrary({ store, account });
  const { find, versionsOf, contentOf, draftIdOf } = library;

  /** Errors: forbidden, not_found. */
  function changing<T>(templateId: string, change: (row: TemplateRow) => Outcome<T>): Outcome<T> {
    if (!mayEdit) return forbidden;
    const row = find(templateId);
    return row ? change(row) : notFound;
  }

  function taken(name: string, but?: string): Outcome<never> | null {
    const other = db.select({ id: template.templateId }).from(template).where(eq(template.templateName, name)).get();
    if (!other || other.id === but) return null;
    return err({ code: 'conflict', what: 'the template', reason: `Another template is called “${name}” already. Choose another name.` });
  }

  function keepDraft(change: Change, templateId: string, content: unknown, basedOn: string | null): void {
    const draftId = draftIdOf(templateId);
    if (change.patch('template_draft', draftId, { content, basedOn })) return;
    if (content === null) return;
    change.insert('template_draft', { draftId, templateId, content, basedOn });
    // her other laptop may have begun it, too: of two inserts the first stands, and these words would be gone without a word
    change.patch('template_draft', draftId, { content, basedOn });
  }

  /** Of a new template colleagues see the name; its words are its writer's until she publishes. */
  function make(
    name: string,
    category: string | null,
    description: string | null,
    content: WholeTemplate,
  ): Outcome<{ templateId: TemplateId }> {
    const refused = taken(name);
    if (refused) return refused;
    const templateId = freshId() as TemplateId;
    return write((change) => {
      change.insert('template', {
        templateId,
        templateName: name,
        templateDescription: description,
        templateContent: { sections: [] },
        category,
        version: 1,
        isDefault: false,
        isActive: false,
      });
      keepDraft(change, templateId, content, null);
      return ok({ templateId });
    });
  }

  function publish(row: TemplateRow, content: unknown, basedOn: string | null, why: string): Outcome<{ versionId: VersionId }> {
    const { templateId } = row;
    const versions = versionsOf(templateId);
    const versionId = freshId() as VersionId;
    const before = TemplateContent.safeParse(row.templateContent);
    const isFirst = versions.length === 0 && before.success && before.data.sections.length > 0;
    // two laptops that publish first keep the same text of before as one version
    const firstId = idOf('template version', templateId, 'first');
    return write((change) => {
      if (isFirst)
        change.insert('template_version', {
          versionId: firstId,
          templateId,
          content: row.templateContent,
          changeSummary: 'As it stood before it was first changed here',
          basedOn: null,
        });
      change.insert('template_version', { versionId, templateId, content, changeSummary: why, basedOn: isFirst ? firstId : basedOn });
      const isNew = versions.length === 0 && !isFirst;
      change.patch('template', templateId, {
        templateContent: content,
        version: Math.max(row.version, ...versions.map(({ versionNumber }) => versionNumber ?? 0)) + 1,
        ...(isNew && { isActive: true }),
      });
      keepDraft(change, templateId, null, null);
      return ok({ versionId });
    });
  }

  return {
    open: library.open,
    choices: library.choices,
    current: library.current,
    library: library.library,

    create({ name, category, from }) {
      if (!mayEdit) return forbidden;
      const source = from === undefined ? null : find(from);
      if (source === undefined) return notFound;
      const content = source ? contentOf(source, versionsOf(source.templateId)).content : emptyTemplate;
      return make(name, (category ?? source?.category) || null, source?.templateDescription ?? null, content);
    },

    async readDocx({ fileName, bytes }) {
      if (!mayEdit) return forbidden;
      const read = await documents.structureOf(new Uint8Array(Buffer.from(bytes, 'base64')), fileName);
      return read.ok ? ok(importDocx(read.value)) : read;
    },

    import({ name, category, sections, choices, style }) {
      return mayEdit ? make(name, category || null, null, applyChoices(sections, choices, style)) : forbidden;
    },

    describe({ templateId, name, description, category }) {
      return changing(templateId, (row) => {
        const refused = name === undefined ? null : taken(name, templateId);
        if (refused) return refused;
        return write((change) => {
          const patch = {
            ...(name !== undefined && name !== row.templateName && { templateName: name }),
            ...(description !== undefined &&
              description !== (row.templateDescription ?? '') && { templateDescription: description || null }),
            ...(category !== undefined && (category || null) !== row.category && { category: category || null }),
          };
          if (Object.keys(patch).length > 0) change.patch('template', templateId, patch);
          return ok({});
        });
      });
    },

    setDefault(templateId, isDefault) {
      return changing(templateId, (row) => {
        if (isDefault && (row.category === null || !row.isActive))
          return err({
            code: 'conflict',
            what: 'the default',
            reason:
              row.category === null
                ? 'Give the template a category first: each category has one default.'
                : 'Publish or restore the template first.',
          });
        const others = db
          .select({ id: template.templateId })
          .from(template)
          .where(and(eq(template.category, row.category ?? ''), eq(template.isDefault, true), isNull(template.deletedAt)))
          .all();
        return write((change) => {
          if (isDefault) for (const { id } of others) if (id !== templateId) change.patch('template', id, { isDefault: false });
          if (row.isDefault !== isDefault) change.patch('template', templateId, { isDefault });
          return ok({});
        });
      });
    },

    setActive(templateId, isActive) {
      return changing(templateId, (row) =>
        write((change) => {
          if (row.isActive !== isActive) change.patch('template', templateId, { isActive });
          return ok({});
        }),
      );
    },

    saveDraft({ templateId, content, basedOn }) {
      return changing(templateId, () =>
        write((change) => {
          keepDraft(change, templateId, content, content === null ? null : basedOn);
          return ok({});
        }),
      );
    },

    publish({ templateId, content, basedOn, why }) {
      return changing(templateId, (row) => publish(row, content, basedOn, why));
    },

    restore(templateId, versionId) {
      return changing<{ isRestored: boolean }>(templateId, (row) => {
        const versions = versionsOf(templateId);
        const old = versions.find((version) => version.versionId === versionId);
        if (!old) return err({ code: 'not_found', what: 'the version' });
        const [newest] = versions;
        if (JSON.stringify(newest?.content) === JSON.stringify(old.content)) return ok({ isRestored: false });
        const number = old.versionNumber === null ? 'an earlier version' : `version ${String(old.versionNumber)}`;
        const published = publish(row, old.content, newest?.versionId ?? null, `Restored: ${number}`);
        return published.ok ? ok({ isRestored: true }) : published;
      });
    },

    compare({ templateId, from, to }) {
      const opened = library.open(templateId);
      if (!opened.ok) return opened;
      const versions = versionsOf(templateId);
      const linesAt = (versionId: string): Block[] | null => {
        const content = TemplateContent.safeParse(versions.find((version) => version.versionId === versionId)?.content);
        return content.success ? templateLines(content.data) : null;
      };
      const views = opened.value.versions;
      const [before, after] = [linesAt(from), to === null ? templateLines(TemplateContent.parse(opened.value.content)) : linesAt(to)];
      const fromView = views.find(({ versionId }) => versionId === from);
      if (!before || !after || !fromView) return err({ code: 'not_found', what: 'the version' });
      return ok({ ...compare(before, after), from: fromView, to: views.find(({ versionId }) => versionId === to) ?? null });
    },
  };
}

const emptyTemplate: WholeTemplate = {
  sections: [
    {
      id: 'opening',
      title: 'Opening',
      content: '{{letter_date}}\n\nTo whom it may concern:\n\n',
      order: 1,
      heading: false,
      optional: false,
    },
  ],
  variables: [],
  authorities: [],
};
