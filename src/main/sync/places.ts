import type { MatterId } from '../../shared/ids.ts';
import type { Store } from '../store/store.ts';

/** Where something belongs, as far as this laptop knows. */
export interface Place {
  matterId: MatterId | null;
  matter: string | null;
  letterId: string | null;
  letter: string | null;
}
interface Named {
  matterId: string | null;
  letterId: string | null;
}

/** Finds the matter and letter of rows, of rows that are gone too where a patch names them. Remembers what it has found: make one per answer. */
export function createPlaces(store: Store): { of(entity: string, entityId: string, patch?: Record<string, unknown>): Place } {
  const ofTable = (table: string, idColumn: string, wanted: string) => {
    const sql = `select ${wanted} as found from "${table}" where ${idColumn} = ?`;
    return { get: (id: unknown): unknown => (store.compiled(sql).get(id) as { found: unknown } | undefined)?.found };
  };
  const matterOfDocument = ofTable('document', 'document_id', 'matter_id');
  const fromOfLink = ofTable('document_link', 'link_id', 'from_document_id');
  const documentOfFeedback = ofTable('feedback', 'feedback_id', 'document_id');
  const matterOfLetter = ofTable('letter', 'letter_id', 'matter_id');
  const lookups: Record<string, (id: string) => Partial<Named>> = {
    matter: (id) => ({ matterId: id }),
    document: (id) => ({ matterId: text(matterOfDocument.get(id)) }),
    letter: (id) => ({ letterId: id }),
    document_link: (id) => ({ matterId: text(matterOfDocument.get(fromOfLink.get(id))) }),
    feedback: (id) => ({ matterId: text(matterOfDocument.get(documentOfFeedback.get(id))) }),
    ...fromMatterTable('fact', 'fact_id'),
    ...fromMatterTable('bill_line', 'bill_line_id'),
    ...fromMatterTable('stated_total', 'stated_total_id'),
    ...fromMatterTable('question', 'question_id'),
    ...fromMatterTable('assistant_policy', 'policy_id'),
    ...fromMatterTable('assistant_call', 'call_id'),
    ...fromLetterTable('letter_update', 'update_id'),
    ...fromLetterTable('letter_version', 'version_id'),
    ...fromLetterTable('export', 'export_id'),
    ...fromLetterTable('collaboration', 'collaboration_id'),
    ...fromLetterTable('review', 'review_id'),
    ...fromLetterTable('ai_refinement', 'refinement_id'),
  };
  function fromMatterTable(table: string, idColumn: string) {
    const find = ofTable(table, idColumn, 'matter_id');
    return { [table]: (id: string) => ({ matterId: text(find.get(id)) }) };
  }
  function fromLetterTable(table: string, idColumn: string) {
    const find = ofTable(table, idColumn, 'letter_id');
    return { [table]: (id: string) => ({ letterId: text(find.get(id)) }) };
  }
  const behind = {
    conflict: 'select entity, entity_id as entityId from conflict where conflict_id = ?',
    proposal: 'select entity, entity_id as entityId, matter_id as matterId, letter_id as letterId from proposal where proposal_id = ?',
    page: `select 'document' as entity, document_id as entityId from page where page_id = ?`,
  };
  const titles = { matter: ofTable('matter', 'matter_id', 'title'), letter: ofTable('letter', 'letter_id', 'title') };
  const known = new Map<string, string | null>();
  function titleOf(table: 'matter' | 'letter', id: string | null): string | null {
    if (id === null) return null;
    const key = `${table} ${id}`;
    if (!known.has(key)) known.set(key, text(titles[table].get(id)));
    return known.get(key) ?? null;
  }

  function of(entity: string, entityId: string, patch: Record<string, unknown> = {}): Place {
    if (entity === 'conflict' || entity === 'proposal' || entity === 'page') {
      const row = store.compiled(behind[entity]).get(entityId) as ({ entity: string; entityId: string } & Partial<Named>) | undefined;
      if (row) return of(row.entity, row.entityId, { matter_id: row.matterId, letter_id: row.letterId });
    }
    const found = lookups[entity]?.(entityId) ?? {};
    const letterId = found.letterId ?? text(patch['letter_id']);
    const named = found.matterId ?? (letterId === null ? null : text(matterOfLetter.get(letterId))) ?? text(patch['matter_id']);
    const documentId = text(patch['document_id']) ?? text(patch['from_document_id']);
    const matterId = named ?? (documentId === null ? null : text(matterOfDocument.get(documentId)));
    return {
      matterId: matterId as MatterId | null,
      matter: titleOf('matter', matterId),
      letterId,
      letter: titleOf('letter', letterId),
    };
  }
  return { of };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
