import type pg from 'pg';
import type { Store } from '../../src/main/store/store.ts';
import type { Desk } from './desk.ts';
import { outboxOf, rowsOf } from './laptop.ts';

/** How the promises of sync are broken for one desk whose outbox should be empty by now; nothing where all hold. `kept`: what was acknowledged. */
export async function brokenPromises(admin: pg.Client, desk: Desk, store: Store, kept: string[]): Promise<string[]> {
  const judged = await admin.query<{ id: string; verdict: string; entity: string }>(
    `select mutation_id as id, verdict ->> 'verdict' as verdict, entity from steno.mutation where device_id = $1`,
    [desk.deviceId],
  );
  const matters = await admin.query<{ title: string; revision: number }>('select title, revision from steno.matter where matter_id = $1', [
    desk.matterId,
  ]);
  const sentences = await admin.query<{ id: string }>('select update_id as id from steno.letter_update where letter_id = $1', [
    desk.letterId,
  ]);
  const matter = matters.rows[0] ?? { title: '', revision: 0 };
  const verdicts = new Map(judged.rows.map(({ id, verdict }) => [id, verdict]));
  const judgedOf = (entity: string): number => judged.rows.filter((row) => row.entity === entity).length;
  const lost = kept.filter((id) => !['applied', 'merged'].includes(verdicts.get(id) ?? ''));
  const here = [...rowsOf(store, 'letter_update').values()].filter((row) => row['letter_id'] === desk.letterId);
  const promises: [boolean, string][] = [
    [lost.length === 0, `${String(lost.length)} of ${String(kept.length)} acknowledged changes are lost`],
    // the insert leaves revision 1, each title raises it by one
    [matter.revision === judgedOf('matter'), 'titles were applied another number of times than they were judged'],
    [sentences.rows.length === judgedOf('letter_update'), 'sentences were applied another number of times than they were judged'],
    [outboxOf(store).length === 0, 'the outbox is not empty'],
    [rowsOf(store, 'matter').get(desk.matterId)?.['title'] === matter.title, 'the laptop shows another title than the firm'],
    [here.length === sentences.rows.length, 'the laptop has other sentences than the firm'],
    [store.raw.pragma('integrity_check', { simple: true }) === 'ok', 'the store is damaged'],
  ];
  return promises.filter(([holds]) => !holds).map(([, words]) => words);
}
