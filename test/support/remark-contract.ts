import { expect, test } from 'vitest';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';
import { proposalSteps, type ProposalWorld } from './proposal-contract.ts';

/** What becomes of a comment or suggestion that came too late, or from somebody who may no longer make it; run over the fake and over Postgres. */
export function remarkContract(world: ProposalWorld): void {
  const { pair, headOf, rowsAfter, pushed, proposalsAfter, decide, finalized } = proposalSteps(world);
  const aRemark = (letterId: string, type: 'Comment' | 'Suggestion', parentId: string | null = null): Mutation =>
    inserting('collaboration', { letter_id: letterId, change_type: type, change_data: { text: 'Too low' }, parent_id: parentId });
  const acceptAll = async (remote: Remote, after: number): Promise<string[]> =>
    pushed(
      remote,
      ...(await proposalsAfter(remote, after)).filter(({ state }) => state === 'open').map((each) => decide(each, 'accepted')),
    );

  test('a suggestion for a letter that was finalized meanwhile waits as an edit does; a comment does not, and neither opens the letter by itself', async () => {
    const [attorney, paralegal] = await pair();
    const { letter, matter } = await finalized(attorney);
    const before = await headOf(attorney);
    const [comment, suggestion] = [aRemark(letter.entityId, 'Comment'), aRemark(letter.entityId, 'Suggestion')];
    const reply = aRemark(letter.entityId, 'Comment', suggestion.entityId);
    const refused = ['rejected letter_finalized proposed', 'rejected missing_parent proposed'];
    expect(await pushed(paralegal, comment, suggestion, reply)).toEqual(['applied', ...refused]);
    const [proposal, onTop] = await proposalsAfter(attorney, before);
    expect(onTop).toMatchObject({ entity_id: reply.entityId, reason: 'parent_proposed' });
    expect(proposal).toMatchObject({
      ...{ entity: 'collaboration', entity_id: suggestion.entityId, patch: suggestion.patch, reason: 'letter_finalized' },
      ...{ letter_id: letter.entityId, matter_id: matter.entityId },
    });
    expect((await rowsAfter(attorney, before, 'collaboration')).has(suggestion.entityId)).toBe(false);
    expect(await pushed(paralegal, decide(proposal, 'accepted'))).toEqual(['rejected reopen_needs_attorney']);
    expect((await rowsAfter(attorney, 0, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Finalized' });
    expect(await pushed(attorney, decide(onTop, 'accepted'))).toEqual(['rejected missing_parent']);
    expect(await pushed(attorney, decide(proposal, 'accepted'), decide(onTop, 'accepted'))).toEqual(['applied', 'applied']);
    const { userId } = await paralegal.whoami();
    expect((await rowsAfter(paralegal, before, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Draft' });
    expect((await rowsAfter(attorney, before, 'collaboration')).get(suggestion.entityId)).toMatchObject({
      ...{ letter_id: letter.entityId, user_id: userId, created_by: userId, is_resolved: false, outcome: null },
    });
  });

  test('a suggestion accepted in a letter that was finalized meanwhile: the words and the decision wait together, and go in together', async () => {
    const [attorney, paralegal] = await pair();
    const [matter, suggestion] = [aMatter(), aRemark('', 'Suggestion')];
    const letter = aLetter(matter.entityId);
    suggestion.patch['letter_id'] = letter.entityId;
    const seal = patching('letter', letter.entityId, 1, { status: 'Finalized' });
    await attorney.push([matter, letter, suggestion, seal]);
    const before = await headOf(attorney);
    const taken = patching('collaboration', suggestion.entityId, 1, { is_resolved: true, outcome: 'accepted' });
    const words = anEdit(letter.entityId);
    expect(await pushed(paralegal, words, taken)).toEqual(Array.from({ length: 2 }, () => 'rejected letter_finalized proposed'));
    expect(await proposalsAfter(attorney, before)).toMatchObject([{ letter_id: letter.entityId }, { letter_id: letter.entityId }]);
    expect(await acceptAll(attorney, before)).toEqual(['applied', 'applied']);
    expect((await rowsAfter(paralegal, before, 'letter_update')).has(words.entityId)).toBe(true);
    expect((await rowsAfter(paralegal, before, 'collaboration')).get(suggestion.entityId)).toMatchObject({
      ...{ is_resolved: true, outcome: 'accepted' },
    });
  });

  test('in a letter that was deleted meanwhile nothing is said unseen: what was said brings it back where somebody takes it in', async () => {
    const [attorney, paralegal] = await pair();
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    const first = aRemark(letter.entityId, 'Comment');
    await attorney.push([matter, letter, first]);
    await world.remove(attorney, 'letter', letter.entityId, false);
    const before = await headOf(attorney);
    const reply = aRemark(letter.entityId, 'Comment', first.entityId);
    expect(await pushed(paralegal, reply)).toEqual(['rejected letter_deleted proposed']);
    expect(await acceptAll(attorney, before)).toEqual(['applied']);
    const { userId } = await paralegal.whoami();
    expect((await rowsAfter(attorney, before, 'letter')).get(letter.entityId)).toMatchObject({ deleted_at: null });
    expect((await rowsAfter(attorney, before, 'collaboration')).get(reply.entityId)).toMatchObject({
      ...{ parent_id: first.entityId, letter_id: letter.entityId, user_id: userId },
    });
  });

  test('what was suggested for an archived letter goes into the one that follows it; its own decisions stay as they were', async () => {
    const [attorney, paralegal] = await pair();
    const [matter, old] = [aMatter(), aRemark('', 'Suggestion')];
    const letter = aLetter(matter.entityId);
    old.patch['letter_id'] = letter.entityId;
    await attorney.push([matter, letter, old]);
    for (const status of ['Finalized', 'Archived']) await attorney.push([patching('letter', letter.entityId, 1_000, { status })]);
    const before = await headOf(attorney);
    const fresh = aRemark(letter.entityId, 'Suggestion', old.entityId);
    const taken = patching('collaboration', old.entityId, 1, { is_resolved: true, outcome: 'accepted' });
    expect(await pushed(paralegal, taken, fresh)).toEqual(Array.from({ length: 2 }, () => 'rejected letter_finalized proposed'));
    expect(await acceptAll(attorney, before)).toEqual(['applied', 'applied']);
    const [decision, suggestion] = await proposalsAfter(attorney, before);
    expect(decision).toMatchObject({ state: 'accepted', accepted_into: null });
    const follower = String(suggestion?.['accepted_into']);
    expect(follower).not.toBe(letter.entityId);
    const remarks = await rowsAfter(attorney, 0, 'collaboration');
    // the thread it hung on stays behind
    expect(remarks.get(fresh.entityId)).toMatchObject({ letter_id: follower, parent_id: null });
    expect(remarks.get(old.entityId)).toMatchObject({ letter_id: letter.entityId, is_resolved: false, outcome: null });
    expect((await rowsAfter(attorney, 0, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Archived' });
  });

  test('a role that ended: what she said and corrected of her own words is proposed, and taken in under her name beside a letter that stays closed', async () => {
    const [attorney, paralegal] = await pair();
    const { letter } = await finalized(attorney);
    const [hers, his] = [aRemark(letter.entityId, 'Comment'), aRemark(letter.entityId, 'Comment')];
    await paralegal.push([hers]);
    await attorney.push([his]);
    const before = await headOf(attorney);
    const said = aRemark(letter.entityId, 'Comment');
    const reply = aRemark(letter.entityId, 'Comment', said.entityId);
    const [own, others] = [hers, his].map(({ entityId }) => patching('collaboration', entityId, 1, { change_data: { text: 'Too high' } }));
    const { userId } = await paralegal.whoami();
    await world.withRole(paralegal, 'Viewer', async () => {
      expect(await pushed(paralegal, said, reply, own as Mutation, others as Mutation)).toEqual(
        Array.from({ length: 4 }, () => 'rejected forbidden proposed'),
      );
    });
    const proposals = await proposalsAfter(attorney, before);
    expect(await pushed(attorney, ...proposals.map((each) => decide(each, 'accepted')))).toEqual([
      ...['applied', 'applied', 'applied', 'rejected not_author'],
    ]);
    const remarks = await rowsAfter(attorney, before, 'collaboration');
    expect(remarks.get(said.entityId)).toMatchObject({ user_id: userId, created_by: userId });
    expect(remarks.get(reply.entityId)).toMatchObject({ user_id: userId, parent_id: said.entityId });
    expect(remarks.get(hers.entityId)).toMatchObject({ user_id: userId, change_data: { text: 'Too high' } });
    expect((await rowsAfter(attorney, 0, 'collaboration')).get(his.entityId)).toMatchObject({ change_data: { text: 'Too low' } });
    expect((await rowsAfter(attorney, 0, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Finalized' });
  });

  test('nobody’s words are changed by somebody else’s proposal, also where they wait themselves: a correction stands in the same letter and matter', async () => {
    const [attorney, paralegal] = await pair();
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    await attorney.push([matter, letter]);
    await world.remove(attorney, 'letter', letter.entityId, false);
    const before = await headOf(attorney);
    const comment = aRemark(letter.entityId, 'Comment');
    const change = (text: string): Mutation => patching('collaboration', comment.entityId, 1, { change_data: { text } });
    expect(await pushed(attorney, comment)).toEqual(['rejected letter_deleted proposed']);
    expect(await pushed(attorney, change('Mine, later'))).toEqual(['rejected not_found proposed']);
    expect(await pushed(paralegal, change('Forged'))).toEqual(['rejected not_found proposed']);
    const all = await proposalsAfter(paralegal, before);
    const byText = (text: string) => all.find(({ patch }) => JSON.stringify(patch).includes(text));
    for (const each of all) expect(each).toMatchObject({ letter_id: letter.entityId, matter_id: matter.entityId });
    expect(await pushed(paralegal, decide(byText('Too low'), 'accepted'), decide(byText('Forged'), 'accepted'))).toEqual([
      ...['applied', 'rejected not_author'],
    ]);
    expect(await pushed(paralegal, decide(byText('Mine, later'), 'accepted'))).toEqual(['applied']);
    expect((await rowsAfter(attorney, before, 'collaboration')).get(comment.entityId)).toMatchObject({
      ...{ user_id: (await attorney.whoami()).userId, change_data: { text: 'Mine, later' } },
    });
  });

  test('in a deleted letter no remark is changed unseen either, and a decision goes nowhere without its words', async () => {
    const [attorney, paralegal] = await pair();
    const [matter, suggestion, comment] = [aMatter(), aRemark('', 'Suggestion'), aRemark('', 'Comment')];
    const letter = aLetter(matter.entityId);
    suggestion.patch['letter_id'] = comment.patch['letter_id'] = letter.entityId;
    await attorney.push([matter, letter, suggestion]);
    await paralegal.push([comment]);
    await world.remove(attorney, 'letter', letter.entityId, false);
    const before = await headOf(attorney);
    const late = [
      patching('collaboration', comment.entityId, 1, { change_data: { text: 'Wait' } }),
      anEdit(letter.entityId),
      patching('collaboration', suggestion.entityId, 1, { is_resolved: true, outcome: 'accepted' }),
    ];
    expect(await pushed(paralegal, ...late)).toEqual(Array.from({ length: 3 }, () => 'rejected letter_deleted proposed'));
    const [words, text, decision] = await proposalsAfter(attorney, before);
    expect(await pushed(attorney, decide(decision, 'accepted'))).toEqual(['rejected leans_on_missing']);
    expect(await pushed(attorney, decide(text, 'dismissed'), decide(decision, 'accepted'))).toEqual(['applied', 'applied']);
    expect((await rowsAfter(attorney, 0, 'collaboration')).get(suggestion.entityId)).toMatchObject({ is_resolved: false, outcome: null });
    expect(await pushed(attorney, decide(words, 'accepted'))).toEqual(['applied']);
    expect((await rowsAfter(attorney, 0, 'letter')).get(letter.entityId)).toMatchObject({ deleted_at: null });
    expect((await rowsAfter(attorney, 0, 'collaboration')).get(comment.entityId)).toMatchObject({ change_data: { text: 'Wait' } });
  });

  test('a reply goes where what it answers went, and by itself where that is gone for good; words under somebody else’s id are not taken for theirs', async () => {
    const [attorney, paralegal] = await pair();
    const { letter } = await finalized(attorney);
    await attorney.push([patching('letter', letter.entityId, 1_000, { status: 'Archived' })]);
    const before = await headOf(attorney);
    const suggestion = aRemark(letter.entityId, 'Suggestion');
    const reply = aRemark(letter.entityId, 'Comment', suggestion.entityId);
    const orphan = aRemark(letter.entityId, 'Comment', aMatter().entityId);
    expect(await pushed(paralegal, suggestion, reply, orphan)).toEqual([
      ...['rejected letter_finalized proposed', 'rejected missing_parent proposed', 'rejected missing_parent proposed'],
    ]);
    // the attorney's own, under an id that is the paralegal's
    const forged = { ...aRemark(letter.entityId, 'Suggestion'), entityId: suggestion.entityId };
    expect(await pushed(attorney, forged)).toEqual(['rejected letter_finalized proposed']);
    const all = await proposalsAfter(attorney, before);
    const of = (mutation: Mutation) => all.find((each) => each['mutation_id'] === mutation.mutationId);
    const decisions = [of(suggestion), of(reply), of(orphan), of(forged)].map((each) => decide(each, 'accepted'));
    expect(await pushed(attorney, ...decisions)).toEqual(['applied', 'applied', 'applied', 'rejected duplicate']);
    const remarks = await rowsAfter(attorney, before, 'collaboration');
    const follower = remarks.get(suggestion.entityId)?.['letter_id'];
    expect(follower).not.toBe(letter.entityId);
    expect(remarks.get(reply.entityId)).toMatchObject({ letter_id: follower, parent_id: suggestion.entityId });
    expect(remarks.get(orphan.entityId)).toMatchObject({ letter_id: letter.entityId, parent_id: null });
  });

  test('what names ids that no laptop reads stays with who sent it', async () => {
    const [, paralegal] = await pair();
    const strange = '11111111-1111-0111-0111-111111111111';
    const [remark, edit] = [aRemark(strange, 'Comment'), anEdit(strange)];
    const renamed = patching('matter', strange, 1, { title: 'x' });
    expect(await pushed(paralegal, remark, edit, renamed)).toEqual([
      'rejected missing_parent',
      'rejected missing_parent',
      'rejected not_found',
    ]);
  });
}
