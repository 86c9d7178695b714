import type { FirmEntity } from './source.ts';

/** What every list shows beside matters. */
const besideAll = ['firm', 'user', 'template', 'template_version', 'assistant_policy'];
/** What is of a matter, but for pages, whose text is most of what a firm has, and for its letters; and what is of those. */
const ofMatter = ['document', 'fact', 'bill_line', 'stated_total', 'question'];
const ofLetter = ['letter_update', 'letter_version', 'export'];
export const inFirstLook: readonly string[] = [...besideAll, ...ofLetter, ...ofMatter, 'letter'];

/** Letters looked at for one matter wanted: several of a matter may have been worked on last. */
const lettersEach = 4;

/*
 * The queries of SnapshotSource.latest: (entity, id, row as JSON). Their text is made of names that FirmEntity has checked, and of ids that the caller has checked.
 */
const row = `(to_jsonb(t) - 'firm_id' - 'field_revision')::text`;
const namesOf = (entities: readonly FirmEntity[]): Map<string, FirmEntity> => new Map(entities.map((entity) => [entity.entity, entity]));
const tableOf = (name: string, byName: Map<string, FirmEntity>): string => `steno."${byName.get(name)?.table ?? ''}"`;

/**
 * The matters alone, the last worked on first. One was worked on when it or a letter of it was changed; of each kind only the newest are looked at, by index, so that the
 * size of the firm does not matter.
 */
export function selectLatest(entities: readonly FirmEntity[], most: number, also: readonly string[]): string {
  const byName = namesOf(entities);
  const [matter, letter] = [tableOf('matter', byName), tableOf('letter', byName)];
  const newest = (table: string, limit: number): string =>
    `(select n.matter_id, n.updated_at as at from ${table} n where n.deleted_at is null order by n.updated_at desc limit ${String(limit)})`;
  return `with worked_on as (select matter_id, max(at) as at from (
      ${newest(matter, most)} union all ${newest(letter, most * lettersEach)}) one group by matter_id order by max(at) desc limit ${String(most)}),
    chosen as materialized (select matter_id, max(at) as at from (
      select matter_id, at from worked_on union all select i, null from unnest('{${also.join(',')}}'::uuid[]) i) each group by matter_id)
    select 'matter'::text as entity, t.matter_id::text as id, ${row} as row from chosen c join ${matter} t on t.matter_id = c.matter_id
    order by c.at desc nulls last, t.matter_id`;
}

/** What lies in these matters, one after the other: of each its letters last, each after what is of it, so that none is seen without its text. */
export function selectWithin(entities: readonly FirmEntity[], matterIds: readonly string[]): string {
  const byName = namesOf(entities);
  const part = (name: string, rank: string, order: number, from: string): string =>
    `select ${rank} as rank, ${String(order)} as part, '${name}'::text as entity, t."${byName.get(name)?.id ?? ''}"::text as id, ${row} as row from ${from}`;
  const known = (names: readonly string[]): string[] => names.filter((name) => byName.has(name));
  const inMatter = (name: string, order: number): string =>
    part(name, 'c.rank', order, `chosen c join ${tableOf(name, byName)} t on t.matter_id = c.matter_id`);
  const letters = `chosen c join ${tableOf('letter', byName)} l on l.matter_id = c.matter_id`;
  const parts = [
    ...known(besideAll).map((name) => part(name, '0', 0, `${tableOf(name, byName)} t`)),
    ...known(ofLetter).map((name) => part(name, 'c.rank', 1, `${letters} join ${tableOf(name, byName)} t on t.letter_id = l.letter_id`)),
    ...known(ofMatter).map((name) => inMatter(name, 2)),
    ...known(['letter']).map((name) => inMatter(name, 3)),
  ];
  return `with chosen as materialized (select i as matter_id, rank from unnest('{${matterIds.join(',')}}'::uuid[]) with ordinality o (i, rank))
    select entity, id, row from (${parts.join(' union all ')}) found order by rank, part`;
}
