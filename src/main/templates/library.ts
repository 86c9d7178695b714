import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { TemplateId, VersionId } from '../../shared/ids.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { mayFinalize, type AccountView } from '../../shared/session.ts';
import { TemplateContent, type WholeTemplate } from '../../shared/template-content.ts';
import type { LibraryRow, LibraryView, TemplateVersionView, TemplateView } from '../../shared/templates.ts';
import { idOf } from '../host/ids.ts';
import { letter, template, user } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { templateDraft, templateVersion } from '../store/template-schema.ts';

export type TemplateRow = typeof template.$inferSelect;
type VersionRow = typeof templateVersion.$inferSelect;
export const readOnly = 'An attorney or administrator changes templates; you may read them and draft from them.';

/** What a letter is drafted from. */
export interface CurrentTemplate {
  templateId: TemplateId;
  name: string;
  content: unknown;
  versionId: VersionId | null;
  number: number | null;
}

/** The firm's templates as they are read; changes nothing. */
export interface Library {
  /** What somebody may draft from: a category's default before its others; then in the order in which the firm got them, which ids keep. */
  choices(): { templateId: TemplateId; name: string; category: string | null; isDefault: boolean }[];
  /** What it says to colleagues now. Errors: not_found. */
  current(templateId: string): Outcome<CurrentTemplate>;
  library(): LibraryView;
  open(templateId: string): Outcome<TemplateView>;
  find(templateId: string): TemplateRow | undefined;
  /** The newest first: what the firm has not numbered yet was made after all that it has. */
  versionsOf(templateId: string): VersionRow[];
  /** Its newest version; one that this app cannot read leaves what the template's own row says. */
  contentOf(row: TemplateRow, versions: readonly VersionRow[]): { content: WholeTemplate; version: VersionRow | null };
  /** The one row that this person's draft of a template is, on all of her laptops. */
  draftIdOf(templateId: string): string;
}

export function createLibrary({ store, account }: { store: Store; account: Pick<AccountView, 'userId' | 'role'> }): Library {
  const { db } = store;
  const mayEdit = mayFinalize(account.role);
  const notFound = err({ code: 'not_found' as const, what: 'the template' });
  const draftIdOf = (templateId: string): string => idOf('template draft', account.userId, templateId);

  const find = (templateId: string): TemplateRow | undefined =>
    db
      .select()
      .from(template)
      .where(and(eq(template.templateId, templateId), isNull(template.deletedAt)))
      .get();

  /** The newest first: what the firm has not numbered yet was made after all that it has. */
  const versionsOf = (templateId: string): VersionRow[] =>
    db
      .select()
      .from(templateVersion)
      .where(and(eq(templateVersion.templateId, templateId), isNull(templateVersion.deletedAt)))
      .orderBy(sql`${templateVersion.versionNumber} desc nulls first`, desc(templateVersion.createdAt), sql`template_version.rowid desc`)
      .all();

  /** Its newest version; one that this app cannot read leaves what the template's own row says. */
  function contentOf(row: TemplateRow, versions: readonly VersionRow[]): { content: WholeTemplate; version: VersionRow | null } {
    const [version] = versions;
    const newest = version && TemplateContent.safeParse(version.content);
    if (version && newest?.success) return { content: newest.data, version };
    const own = TemplateContent.safeParse(row.templateContent);
    return { content: own.success ? own.data : { sections: [], variables: [], authorities: [] }, version: null };
  }

  function draftOf(templateId: string): { content: WholeTemplate; basedOn: string | null } | null {
    const row = db
      .select()
      .from(templateDraft)
      .where(eq(templateDraft.draftId, draftIdOf(templateId)))
      .get();
    const content = TemplateContent.safeParse(row?.content);
    return row && content.success ? { content: content.data, basedOn: row.basedOn } : null;
  }

  function people(): Map<string, string> {
    const rows = db.select({ id: user.userId, first: user.firstName, last: user.lastName }).from(user).all();
    return new Map(rows.map(({ id, first, last }) => [id, `${first} ${last}`.trim()]));
  }

  function rows(only?: string): LibraryRow[] {
    const names = people();
    const all = db
      .select()
      .from(template)
      .where(and(isNull(template.deletedAt), only === undefined ? undefined : eq(template.templateId, only)))
      .orderBy(asc(template.category), desc(template.isDefault), asc(template.templateName))
      .all();
    const counted = db
      .select({ templateId: letter.templateId, letters: sql<number>`count(*)` })
      .from(letter)
      .where(isNull(letter.deletedAt))
      .groupBy(letter.templateId)
      .all();
    const drafts = db
      .select({ templateId: templateDraft.templateId, by: templateDraft.createdBy })
      .from(templateDraft)
      .where(and(sql`${templateDraft.content} is not null`, isNull(templateDraft.deletedAt)))
      .all();
    return all.map((row) => {
      const [newest] = versionsOf(row.templateId);
      const { sections } = contentOf(row, newest ? [newest] : []).content;
      const isNew = !newest && sections.length === 0;
      const own = drafts.filter(({ templateId }) => templateId === row.templateId);
      return {
        templateId: row.templateId as TemplateId,
        name: row.templateName,
        description: row.templateDescription ?? '',
        category: row.category,
        isDefault: row.isDefault && row.isActive,
        state: isNew ? 'new' : row.isActive ? 'in_use' : 'retired',
        number: newest?.versionNumber ?? null,
        changedAt: newest ? newest.createdAt : row.updatedAt,
        changedByName: names.get((newest ? newest.createdBy : row.updatedBy) ?? '') ?? null,
        letters: counted.find(({ templateId }) => templateId === row.templateId)?.letters ?? 0,
        hasDraft: own.some(({ by }) => by === account.userId),
        alsoDrafting: own.flatMap(({ by }) => (by === account.userId || by === null ? [] : (names.get(by) ?? []))),
      };
    });
  }

  function viewsOf(versions: readonly VersionRow[]): TemplateVersionView[] {
    const names = people();
    return versions.map((row, at) => {
      const before = versions[at + 1];
      return {
        versionId: row.versionId as VersionId,
        number: row.versionNumber,
        why: row.changeSummary,
        at: row.createdAt,
        byName: names.get(row.createdBy ?? '') ?? null,
        missed: before && row.basedOn !== before.versionId ? before.versionNumber : null,
      };
    });
  }

  function open(templateId: string): Outcome<TemplateView> {
    const row = find(templateId);
    const [listed] = rows(templateId);
    if (!row || !listed) return notFound;
    const versions = versionsOf(templateId);
    const published = contentOf(row, versions);
    const draft = mayEdit ? draftOf(templateId) : null;
    const views = viewsOf(versions);
    const newest = (published.version?.versionId ?? null) as VersionId | null;
    return ok({
      row: listed,
      content: draft?.content ?? published.content,
      isDraft: draft !== null,
      basedOn: draft ? (draft.basedOn as VersionId | null) : newest,
      since: draft && draft.basedOn !== newest ? (views[0] ?? null) : null,
      versions: views,
      readOnlyReason: mayEdit ? null : readOnly,
    });
  }

  return {
    find,
    versionsOf,
    contentOf,
    draftIdOf,
    open,
    library: () => ({ templates: rows(), readOnlyReason: mayEdit ? null : readOnly }),

    choices() {
      const inUse = db
        .select()
        .from(template)
        .where(and(isNull(template.deletedAt), eq(template.isActive, true)))
        .orderBy(desc(template.isDefault), asc(template.templateId))
        .all();
      return inUse.map((row) => ({
        templateId: row.templateId as TemplateId,
        name: row.templateName,
        category: row.category,
        isDefault: row.isDefault,
      }));
    },

    current(templateId) {
      const row = find(templateId);
      if (!row) return err({ code: 'not_found', what: 'a letter template' });
      const [newest] = versionsOf(templateId);
      return ok({
        templateId: row.templateId as TemplateId,
        name: row.templateName,
        content: newest ? newest.content : row.templateContent,
        versionId: (newest?.versionId ?? null) as VersionId | null,
        number: newest?.versionNumber ?? null,
      });
    },
  };
}
