import type { DocumentId, LetterId, MatterId } from '../shared/ids.ts';
import type { EventName, EventPayload } from '../shared/ipc/events.ts';
import type { Store } from './store/store.ts';
import { isValidLetterUpdate, setsAnew } from './sync/letter-check.ts';
import type { Touched } from './sync/outbox.ts';

interface AnnounceInput {
  store: Store;
  lettersOf(matterId: string): string[];
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
}

/** Which matter, or which other row, rows of an entity belong to; each asked once for all that changed, for an import changes thousands at once. */
const belonging = {
  page: 'select distinct document_id as id from page where page_id in (select value from json_each(@ids))',
  document: 'select distinct matter_id as id from document where document_id in (select value from json_each(@ids))',
  letter_version: 'select distinct letter_id as id from letter_version where version_id in (select value from json_each(@ids))',
  fact: 'select distinct matter_id as id from fact where fact_id in (select value from json_each(@ids))',
  bill_line: 'select distinct matter_id as id from bill_line where bill_line_id in (select value from json_each(@ids))',
  question: 'select distinct matter_id as id from question where question_id in (select value from json_each(@ids))',
  collaboration: 'select distinct letter_id as id from collaboration where collaboration_id in (select value from json_each(@ids))',
  review: 'select distinct letter_id as id from review where review_id in (select value from json_each(@ids))',
  ai_refinement: 'select distinct letter_id as id from ai_refinement where refinement_id in (select value from json_each(@ids))',
  document_link: `select from_document_id as id from document_link where link_id in (select value from json_each(@ids))
    union select to_document_id from document_link where link_id in (select value from json_each(@ids))`,
} as const;

/** So many are remembered; who is given one twice has lost nothing. */
const mostGiven = 5_000;

/**
 * Tells windows which rows changed, in the words they listen for. What an open editor lacks of its letter goes with it.
 * Returns a function that is called after each change was written, with the rows it touched.
 */
export function createAnnounce({ store, lettersOf, emit }: AnnounceInput): (touched: readonly Touched[]) => void {
  const of = (entity: keyof typeof belonging, ids: readonly string[]): string[] =>
    ids.length === 0
      ? []
      : store
          .compiled(belonging[entity])
          .all({ ids: JSON.stringify(ids) })
          .map((row) => (row as { id: string }).id);

  /** Updates that windows were given: they never change, and come again when the firm has confirmed them. */
  const given = new Set<string>();

  return (touched) => {
    const changed = (entity: string): string[] => touched.filter((one) => one.entity === entity).map(({ entityId }) => entityId);
    const documents = of('document', [...changed('document'), ...of('page', changed('page'))]);
    const facts = new Set([...of('fact', changed('fact')), ...of('bill_line', changed('bill_line'))]);
    const links = of('document_link', changed('document_link'));
    const letters = new Set([...changed('letter'), ...of('letter_version', changed('letter_version')), ...[...facts].flatMap(lettersOf)]);
    for (const updateId of changed('letter_update')) {
      const update = store.compiled('select letter_id as letterId, payload from letter_update where update_id = ?').get(updateId) as
        { letterId: string; payload: Buffer } | undefined;
      if (!update) continue;
      letters.add(update.letterId);
      if (given.has(updateId)) continue;
      if (given.size >= mostGiven) given.clear();
      given.add(updateId);
      // one that sets an attribute anew comes with the whole letter, which alone tells whether it does
      if (isValidLetterUpdate(update.payload) && !setsAnew(update.payload))
        emit('letters.update', { letterId: update.letterId as LetterId, update: update.payload.toString('base64') });
    }
    for (const matterId of documents) emit('documents.changed', { matterId: matterId as MatterId });
    for (const matterId of of('question', changed('question'))) emit('questions.changed', { matterId: matterId as MatterId });
    for (const documentId of links) emit('links.changed', { documentId: documentId as DocumentId });
    for (const letterId of of('collaboration', changed('collaboration'))) emit('collaboration.changed', { letterId: letterId as LetterId });
    for (const letterId of of('review', changed('review'))) emit('reviews.changed', { letterId: letterId as LetterId });
    for (const letterId of of('ai_refinement', changed('ai_refinement'))) emit('drafting.changed', { letterId: letterId as LetterId });
    if (links.length > 0 || changed('feedback').length > 0) emit('find.changed', {});
    if (changed('assistant_policy').length + changed('assistant_call').length > 0) emit('settings.changed', {});
    if (['template', 'template_version', 'template_draft'].some((entity) => changed(entity).length > 0)) emit('templates.changed', {});
    for (const matterId of facts) emit('facts.changed', { matterId: matterId as MatterId });
    for (const letterId of letters) emit('letters.changed', { letterId: letterId as LetterId });
    if (documents.length + facts.size + changed('matter').length + changed('letter').length > 0) emit('matters.changed', {});
  };
}
