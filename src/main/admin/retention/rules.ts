/** One line of document 000's retention table, as a rule over the firm's rows. Days; the firm's own setting stands in for the default. */
export interface RetentionRule {
  name: string;
  /** What happens to the rows, for a person. */
  does: string;
  /** steno.setting that changes how long, and what one of its units is in days. */
  setting: { key: string; days: number } | null;
  /** In the setting's unit. */
  keep: number;
  source: string;
  /** How many rows are due: $1 firm, $2 the moment before which they are. */
  count: string;
  /** Does it for at most $3 of them; returns one row, `done`. Nothing in a matter on legal hold is ever due. */
  act: string;
}

const notHeld = (letter: string): string =>
  `exists (select from steno.demand_letter l join steno.matter m using (firm_id, matter_id) where l.firm_id = ${letter}.firm_id and l.letter_id = ${letter}.letter_id and not m.legal_hold)`;

const oldLetters = `from steno.demand_letter l join steno.matter m using (firm_id, matter_id)
  where l.firm_id = $1 and l.status in ('Finalized', 'Exported', 'Archived') and l.finalized_at < $2 and not m.legal_hold`;
// only the newest, the major ones and those that people named are kept, and the database insists on it
const oldVersions = `from steno.letter_version v where v.firm_id = $1 and v.created_at < $2 and not v.is_major and v.version_name is null and ${notHeld('v')}
  and exists (select from steno.letter_version n where n.firm_id = v.firm_id and n.letter_id = v.letter_id and n.version_number > v.version_number)`;
const oldThreads = `from steno.collaboration c where c.firm_id = $1 and c.parent_id is null and c.is_resolved and c.resolved_at < $2 and ${notHeld('c')}`;
const oldRefinements = `from steno.ai_refinement r where r.firm_id = $1 and r.completed_at < $2 and r.details_removed_at is null and ${notHeld('r')}`;
// evidence goes with the letters it was for: the matter is closed, none is left, and all were archived long enough ago
const oldDocuments = `from steno.source_document d join steno.matter m using (firm_id, matter_id)
  where d.firm_id = $1 and m.status = 'Closed' and not m.legal_hold and d.updated_at < $2
  and not exists (select from steno.demand_letter l where l.firm_id = m.firm_id and l.matter_id = m.matter_id)
  and exists (select from steno.demand_letter_archive a where a.firm_id = m.firm_id and a.matter_id = m.matter_id)
  and not exists (select from steno.demand_letter_archive a where a.firm_id = m.firm_id and a.matter_id = m.matter_id and coalesce(a.finalized_at, a.updated_at) >= $2)`;
const orphanBlobs = `from steno.blob b where b.firm_id = $1 and b.created_at < $2
  and not exists (select from steno.source_document d where d.firm_id = b.firm_id and d.content_hash = b.content_hash)
  and not exists (select from steno.message_attachment a where a.firm_id = b.firm_id and b.content_hash in (a.content_hash, a.thumbnail_hash))
  and not exists (select from steno.user_presence p where p.firm_id = b.firm_id and p.avatar_hash = b.content_hash)
  and not exists (select from steno.upload u where u.firm_id = b.firm_id and u.content_hash = b.content_hash)`;

const done = (sql: string): string => `with gone as (${sql}) select count(*)::integer as done from gone`;

export const retentionRules: RetentionRule[] = [
  {
    name: 'letters',
    does: 'moved to the archive table, with the body and values of their last version; comments, edits and exports of them go',
    setting: { key: 'retention.letter_years', days: 365.25 },
    keep: 7,
    source: 'document 000: DemandLetter, 7 years (configurable), move to archive table',
    count: `select count(*)::integer as due ${oldLetters}`,
    act: `with due as (select l.firm_id, l.letter_id ${oldLetters} order by l.finalized_at limit $3 for update of l),
      kept as (
        insert into steno.demand_letter_archive
        select l.*, now(), 'retention', v.content, v.letter_values from due join steno.demand_letter l using (firm_id, letter_id)
        left join lateral (select content, letter_values from steno.letter_version v where v.firm_id = l.firm_id and v.letter_id = l.letter_id order by v.is_major desc, v.version_number desc limit 1) v on true
        returning firm_id, letter_id
      ),
      gone as (delete from steno.demand_letter l using kept k where l.firm_id = k.firm_id and l.letter_id = k.letter_id returning 1)
      select count(*)::integer as done from gone`,
  },
  {
    name: 'versions',
    does: 'deleted; major versions (each finalized one), those with a name and the newest stay',
    setting: { key: 'retention.version_days', days: 1 },
    keep: 365,
    source: 'document 000: LetterVersion, 1 year, delete old versions (keep major)',
    count: `select count(*)::integer as due ${oldVersions}`,
    act: done(
      `delete from steno.letter_version where (firm_id, version_id) in (select v.firm_id, v.version_id ${oldVersions} limit $3) returning 1`,
    ),
  },
  {
    name: 'comments',
    does: 'resolved threads are deleted',
    setting: { key: 'retention.collaboration_days', days: 1 },
    keep: 90,
    source: 'document 000: Collaboration, 90 days, delete after resolution',
    count: `select count(*)::integer as due ${oldThreads}`,
    act: done(
      `delete from steno.collaboration where (firm_id, collaboration_id) in (select c.firm_id, c.collaboration_id ${oldThreads} limit $3) returning 1`,
    ),
  },
  {
    name: 'refinements',
    does: 'instruction, input and output are removed; model, cost, time and outcome stay, and their hashes in the audit',
    setting: { key: 'retention.refinement_days', days: 1 },
    keep: 90,
    source: 'document 000: AIRefinement, 90 days, keep summary, delete details',
    count: `select count(*)::integer as due ${oldRefinements}`,
    act: done(`update steno.ai_refinement set instruction = null, input_content = null, output_content = null, details_removed_at = now()
      where (firm_id, refinement_id) in (select r.firm_id, r.refinement_id ${oldRefinements} limit $3) returning 1`),
  },
  {
    name: 'documents',
    does: 'documents of closed matters go with the last of their letters',
    setting: { key: 'retention.letter_years', days: 365.25 },
    keep: 7,
    source: 'document 000: SourceDocument, match letter retention',
    count: `select count(*)::integer as due ${oldDocuments}`,
    act: done(
      `delete from steno.source_document where (firm_id, document_id) in (select d.firm_id, d.document_id ${oldDocuments} limit $3) returning 1`,
    ),
  },
  {
    name: 'files',
    does: 'files that no document, message, picture of a person or upload names any more are deleted',
    setting: null,
    keep: 30,
    source: 'document 000: Export, 30 days; files follow their documents',
    count: `select count(*)::integer as due ${orphanBlobs}`,
    act: done(
      `delete from steno.blob where (firm_id, content_hash) in (select b.firm_id, b.content_hash ${orphanBlobs} limit $3) returning 1`,
    ),
  },
];
