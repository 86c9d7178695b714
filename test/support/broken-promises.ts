import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { Store } from '../../src/main/store/store.ts';
import type { Desk } from './desk.ts';
import { outboxOf, rowsOf } from './laptop.ts';

interface Judged {
  id: string;
  verdict: string;
  entity: string;
  entityId: string;
}

/** How the promises of sync are broken for one desk whose outbox should be empty by now; nothing where all hold. `kept`: what was acknowledged. */
export async function brokenPromises(admin: pg.Client, desk: Desk, store: Store, kept: string[]): Promise<string[]> {
  const { rows: judged } = await admin.query<Judged>(
    `select mutation_id as id, verdict ->> 'verdict' as verdict, entity, entity_id as "entityId" from steno.mutation where device_id = $1`,
    [desk.deviceId],
  );
  const { rows: matters } = await admin.query<{ title: string; revision: number }>(
    'select title, revision from steno.matter where matter_id = $1',
    [desk.matterId],
  );
  const { rows: sentences } = await admin.query<{ id: string }>('select update_id as id from steno.letter_update where letter_id = $1', [
    desk.letterId,
  ]);
  // Many updates of a letter are joined into one; what it stands for is kept in the archive. In whatever letter: a laptop that sees text go from a colleague's letter, because it does not see the joined update yet, sends it again (S14)
  const { rows: found } = await admin.query<{ id: string }>(
    `select update_id as id from steno.letter_update where update_id = any($1::uuid[])
     union all select update_id from steno.letter_update_archive where update_id = any($1::uuid[])`,
    [judged.map(({ entityId }) => entityId)],
  );
  const [matter] = matters; // none where the laptop was killed before its first change was kept
  const verdicts = new Map(judged.map(({ id, verdict }) => [id, verdict]));
  const lost = kept.filter((id) => !['applied', 'merged'].includes(verdicts.get(id) ?? ''));
  const titles = judged.filter(({ entityId }) => entityId === desk.matterId);
  const atTheFirm = new Set(found.map(({ id }) => id));
  const current = new Set(sentences.map(({ id }) => id));
  const here = new Set([...rowsOf(store, 'letter_update')].flatMap(([id, row]) => (row['letter_id'] === desk.letterId ? [id] : [])));
  const promises: [boolean, string][] = [
    [lost.length === 0, `${String(lost.length)} of ${String(kept.length)} acknowledged changes are lost`],
    // the insert leaves revision 1, each title raises it by one
    [
      (matter?.revision ?? 0) === titles.length,
      `${String(titles.length)} titles were judged and left revision ${String(matter?.revision)}`,
    ],
    [judged.every(({ entity, entityId }) => entity !== 'letter_update' || atTheFirm.has(entityId)), 'accepted sentences are gone'],
    [outboxOf(store).length === 0, 'the outbox is not empty'],
    [rowsOf(store, 'matter').get(desk.matterId)?.['title'] === matter?.title, 'the laptop shows another title than the firm'],
    [isDeepStrictEqual(here, current), 'the laptop has other sentences than the firm'],
    [store.raw.pragma('integrity_check', { simple: true }) === 'ok', 'the store is damaged'],
  ];
  return promises.filter(([holds]) => !holds).map(([, words]) => words);
}
