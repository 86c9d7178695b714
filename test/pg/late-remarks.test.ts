import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const migration = (ending: string): string =>
  readFileSync(new URL(`../../migrations/server/0036_remark${ending}.sql`, import.meta.url), 'utf8');

/** A letter with a comment of the attorney's. */
async function aComment(attorney: Remote) {
  const matter = aMatter();
  const letter = aLetter(matter.entityId);
  const comment = inserting('collaboration', { letter_id: letter.entityId, change_type: 'Comment', change_data: { text: 'As I said' } });
  expect((await attorney.push([matter, letter, comment])).map(({ verdict }) => verdict)).toEqual(['applied', 'applied', 'applied']);
  return { letterId: letter.entityId, commentId: comment.entityId };
}
const rowOf = async (commentId: string) => {
  const { rows } = await admin.query<{ text: string; user_id: string }>(
    `select change_data ->> 'text' as text, user_id from steno.collaboration where collaboration_id = $1`,
    [commentId],
  );
  return rows[0];
};

test('whose words they are is no question of how deep triggers stand in each other, which a login can arrange with a table of its own', async () => {
  const attorney = await world.connect('one', 'Attorney');
  const { letterId, commentId } = await aComment(attorney);
  const token = await world.tokenFor('one', 'Paralegal');
  const line = await world.client();
  await line.query(`create temporary table answers (answer jsonb);
    create function pg_temp.inside() returns trigger language plpgsql as $$ begin new.answer := app.push('${token}', new.answer); return new; end $$;
    create trigger inside before insert on answers for each row execute function pg_temp.inside()`);
  const theirs = inserting('collaboration', { letter_id: letterId, change_type: 'Comment', change_data: { text: 'By her' } });
  const batch = [patching('collaboration', commentId, 1, { change_data: { text: 'I never said that' } }), theirs];
  const { rows } = await line.query<{ answer: { verdicts: { verdict: string; reason?: string }[] } }>(
    'insert into answers values ($1) returning answer',
    [JSON.stringify(batch)],
  );
  expect(rows[0]?.answer.verdicts.map(({ verdict, reason }) => reason ?? verdict)).toEqual(['not_author', 'applied']);
  expect(await rowOf(commentId)).toMatchObject({ text: 'As I said', user_id: (await attorney.whoami()).userId });
  expect(await rowOf(theirs.entityId)).toMatchObject({ user_id: world.firms.one.userIds.Paralegal });
});

test('a database that was taken back to the version before takes no late remark in under another’s name: it waits, and goes in once this one is back', async () => {
  const attorney = await world.connect('one', 'Attorney');
  const paralegal = await world.connect('one', 'Paralegal');
  const { letterId, commentId } = await aComment(attorney);
  await admin.query('update steno.demand_letter set deleted_at = now() where letter_id = $1', [letterId]);
  const reply = inserting('collaboration', {
    ...{ letter_id: letterId, parent_id: commentId, change_type: 'Comment', change_data: { text: 'And I said' } },
  });
  const [refused] = await paralegal.push([reply]);
  expect(refused).toMatchObject({ verdict: 'rejected', reason: 'letter_deleted', proposal: reply.mutationId });
  const accept = () => attorney.push([patching('proposal', reply.mutationId, 1, { state: 'accepted' })]);
  await admin.query(migration('.down'));
  expect(await accept()).toMatchObject([{ verdict: 'rejected', reason: 'forbidden' }]);
  await admin.query(migration(''));
  expect(await accept()).toMatchObject([{ verdict: 'applied' }]);
  expect(await rowOf(reply.entityId)).toMatchObject({ text: 'And I said', user_id: world.firms.one.userIds.Paralegal });
});

test.each([
  ['deleted', 'Comment', 'update steno.demand_letter set deleted_at = now() where letter_id = $1', 'letter_deleted'],
  ['closed', 'Suggestion', `update steno.demand_letter set status = 'Finalized' where letter_id = $1`, 'letter_finalized'],
])('[S9] what is said while its letter is being %s waits until that is done, and is judged after it', async (_how, type, sql, reason) => {
  const attorney = await world.connect('one', 'Attorney');
  const paralegal = await world.connect('one', 'Paralegal');
  const { letterId, commentId } = await aComment(attorney);
  const [said, resolved] = [
    inserting('collaboration', { letter_id: letterId, change_type: type, change_data: { text: 'Too low' } }),
    patching('collaboration', commentId, 1, { is_resolved: true }),
  ];
  const other = new pg.Client(world.database);
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('begin');
  await other.query(`select set_config('app.session_token', $1, true)`, [await world.tokenFor('one', 'Attorney')]);
  await other.query(sql, [letterId]);
  const pushes = [paralegal.push([said]), (await world.connect('one', 'Admin')).push([resolved])];
  await expect
    .poll(
      async () => (await admin.query(`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%push_lines%'`)).rowCount,
    )
    .toBe(2);
  await other.query('commit');
  const [first, second] = await Promise.all(pushes);
  expect(first).toMatchObject([{ verdict: 'rejected', reason }]);
  expect(second?.[0]?.verdict).toBe(type === 'Comment' ? 'rejected' : 'applied');
});
