import type { FirmEntity } from './source.ts';

/** What every list shows beside matters. */
const besideAll = ['firm', 'user', 'template'];
/** What is of a matter, but for pages, whose text is most of what a firm has; and what is of its letters. */
const ofMatter = ['document', 'fact', 'bill_line', 'stated_total', 'letter'];
const ofLetter = ['letter_update', 'letter_version', 'export'];
export const inFirstLook: readonly string[] = [...besideAll, ...ofMatter, ...ofLetter, 'matter'];

/** Letters looked at for one matter wanted: several of a matter may have been worked on last. */
const lettersEach = 4;

/**
 * The query of SnapshotSource.latest: (entity, id, row as JSON). A matter was worked on when it or a letter of it was changed; of each kind only the newest are looked at, so that the
 * size of the firm does not matter. Its text is made of names that FirmEntity has checked, and of ids that the caller has.
 */
export function selectLatest(entities: readonly FirmEntity[], most: number, also: readonly string[]): string {
  const byName = new Map(entities.map((entity) => [entity.entity, entity]));
  const tableOf = (name: string): string => `steno."${byName.get(name)?.table ?? ''}"`;
  const row = `(to_jsonb(t) - 'firm_id' - 'field_revision')::text`;
  const part = (name: string, rank: string, order: number, from: string): string =>
    `select ${rank} as rank, ${String(order)} as part, '${name}'::text as entity, t."${byName.get(name)?.id ?? ''}"::text as id, ${row} as row from ${from}`;
  const known = (names: readonly string[]): string[] => names.filter((name) => byName.has(name));
  const newest = (table: string, limit: number): string =>
    `(select n.matter_id, n.updated_at as at from ${table} n where n.deleted_at is null order by n.updated_at desc limit ${String(limit)})`;
  const parts = [
    ...known(besideAll).map((name) => part(name, '0', 0, `${tableOf(name)} t`)),
    ...known(ofMatter).map((name) => part(name, 'c.rank', 1, `chosen c join ${tableOf(name)} t on t.matter_id = c.matter_id`)),
    ...known(ofLetter).map((name) =>
      part(
        name,
        'c.rank',
        2,
        `chosen c join ${tableOf('letter')} l on l.matter_id = c.matter_id join ${tableOf(name)} t on t.letter_id = l.letter_id`,
      ),
    ),
    part('matter', 'c.rank', 3, `chosen c join ${tableOf('matter')} t on t.matter_id = c.matter_id`),
  ];
  return `with worked_on as (select matter_id, max(at) as at from (
      ${newest(tableOf('matter'), most)} union all ${newest(tableOf('letter'), most * lettersEach)}) one group by matter_id order by max(at) desc limit ${String(most)}),
    chosen as materialized (select matter_id, row_number() over (order by max(at) desc nulls last, matter_id) as rank from (
      select matter_id, at from worked_on union all select i, null from unnest('{${also.join(',')}}'::uuid[]) i) each group by matter_id)
    select entity, id, row from (${parts.join(' union all ')}) found order by rank, part`;
}
