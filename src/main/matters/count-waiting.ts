import type { Store } from '../store/store.ts';

/** Of a long queue not all is looked at: that something waits is seen anyhow. */
const mostLookedAt = 5_000;

/** A change's matter, as its row here says: what a page says is not unpacked for it. */
const matterSql = `case o.entity
  when 'matter' then o.entity_id
  when 'letter' then (select matter_id from letter where letter_id = o.entity_id)
  when 'letter_update' then (select l.matter_id from letter_update u join letter l on l.letter_id = u.letter_id where u.update_id = o.entity_id)
  when 'letter_version' then (select l.matter_id from letter_version v join letter l on l.letter_id = v.letter_id where v.version_id = o.entity_id)
  when 'document' then (select matter_id from document where document_id = o.entity_id)
  when 'page' then (select d.matter_id from page p join document d on d.document_id = p.document_id where p.page_id = o.entity_id)
  when 'document_link' then (select d.matter_id from document_link k join document d on d.document_id = k.from_document_id where k.link_id = o.entity_id)
  when 'fact' then (select matter_id from fact where fact_id = o.entity_id)
  when 'bill_line' then (select matter_id from bill_line where bill_line_id = o.entity_id)
  when 'stated_total' then (select matter_id from stated_total where stated_total_id = o.entity_id)
  else coalesce(o.patch ->> 'matter_id', (select matter_id from letter where letter_id = o.patch ->> 'letter_id')) end`;

/** By matter, how many changes of this laptop wait for the firm. */
export function countWaiting(store: Store): Map<string, number> {
  const counted = store
    .compiled(
      `select ${matterSql} as matterId, count(*) as n from (select entity, entity_id, patch from outbox w where state = 'waiting' limit ${String(mostLookedAt)}) o group by 1`,
    )
    .all() as { matterId: string | null; n: number }[];
  return new Map(counted.flatMap(({ matterId, n }) => (matterId === null ? [] : [[matterId, n]])));
}
