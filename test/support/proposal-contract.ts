import { expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';
import { pullAll } from './remote-contract.ts';

export interface ProposalWorld {
  connect(firm: 'one' | 'two', role: Role, deviceId?: string): Promise<Remote>;
  /** The person behind this line has another role while that work is done. */
  withRole<T>(remote: Remote, role: Role, work: () => Promise<T>): Promise<T>;
  /** Marks a row as deleted, or deletes it for good, as an administrator does. */
  remove(remote: Remote, entity: 'matter' | 'letter', id: string, forGood: boolean): Promise<void>;
}

interface Proposal extends Record<string, unknown> {
  proposal_id: string;
  revision: number;
}

/** What the tests over proposals ask of a world. */
export function proposalSteps(world: ProposalWorld) {
  const pair = async () => [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')] as const;
  const headOf = async (remote: Remote): Promise<number> => (await remote.pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
  const rowsAfter = async (remote: Remote, after: number, entity: string) =>
    new Map(
      (await pullAll(remote, after)).filter((change) => change.entity === entity && change.row).map(({ entityId, row }) => [entityId, row]),
    );
  const pushed = async (remote: Remote, ...batch: Mutation[]): Promise<string[]> =>
    (await remote.push(batch)).map(({ verdict, reason, proposal }) =>
      [verdict, reason, proposal ? 'proposed' : null].filter(Boolean).join(' '),
    );
  const proposalsAfter = async (remote: Remote, after: number): Promise<Proposal[]> =>
    [...(await rowsAfter(remote, after, 'proposal')).values()]
      .map((row) => row as Proposal)
      .sort((a, b) => Number(a['ordinal']) - Number(b['ordinal']));
  const decide = (proposal: Proposal | undefined, state: string): Mutation =>
    patching('proposal', String(proposal?.proposal_id), Number(proposal?.revision), { state });

  /** A letter with one edit, finalized by the attorney. */
  async function finalized(attorney: Remote) {
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    const edit = anEdit(letter.entityId);
    const seal = patching('letter', letter.entityId, 1, { status: 'Finalized' });
    expect(await pushed(attorney, matter, letter, edit, seal)).toEqual(['applied', 'applied', 'applied', 'applied']);
    return { matter, letter, edit };
  }

  return { pair, headOf, rowsAfter, pushed, proposalsAfter, decide, finalized };
}

/** What becomes of a change that came too late, or from somebody who may no longer make it; run over the fake and over Postgres. */
export function proposalContract(world: ProposalWorld): void {
  const { pair, headOf, rowsAfter, pushed, proposalsAfter, decide, finalized } = proposalSteps(world);

  test('edits of a letter that was finalized meanwhile are refused, and wait as proposals for who decides', async () => {
    const [attorney, paralegal] = await pair();
    const { matter, letter } = await finalized(attorney);
    const before = await headOf(attorney);
    const late = [anEdit(letter.entityId), anEdit(letter.entityId), patching('letter', letter.entityId, 1, { title: 'Late title' })];
    expect(await pushed(paralegal, ...late)).toEqual(Array.from({ length: 3 }, () => 'rejected letter_finalized proposed'));
    const me = await paralegal.whoami();
    const proposals = await proposalsAfter(attorney, before);
    expect(proposals).toMatchObject(
      late.map(({ entity, entityId, mutationId, op, patch }) => ({
        ...{ entity, entity_id: entityId, mutation_id: mutationId, op, patch },
        ...{ letter_id: letter.entityId, matter_id: matter.entityId, reason: 'letter_finalized', state: 'open' },
        ...{ proposed_by: me.userId, decided_by: null, decided_at: null },
      })),
    );
    // its author sees it as well, another firm nothing
    expect(await proposalsAfter(paralegal, before)).toEqual(proposals);
    expect(await proposalsAfter(await world.connect('two', 'Admin'), 0)).toEqual([]);
    // S3: asked again, the same answer, and no second proposal
    expect(await pushed(paralegal, ...late)).toEqual(Array.from({ length: 3 }, () => 'rejected letter_finalized proposed'));
    expect(await proposalsAfter(attorney, before)).toHaveLength(3);
  });

  test('[S4] a proposal fences as every refusal does: what was made on top of it in the batch is not judged', async () => {
    const [attorney, paralegal] = await pair();
    const { letter } = await finalized(attorney);
    const [first, second] = [1, 2].map((n) => patching('letter', letter.entityId, 1, { title: `Title ${String(n)}` })) as [
      Mutation,
      Mutation,
    ];
    expect(await pushed(paralegal, first, second)).toEqual(['rejected letter_finalized proposed', 'fenced']);
    expect(await pushed(paralegal, second)).toEqual(['rejected letter_finalized proposed']);
  });

  test('accepting opens the letter again and takes the text in, under its author’s name', async () => {
    const [attorney, paralegal] = await pair();
    const { letter, edit } = await finalized(attorney);
    const before = await headOf(attorney);
    const late = anEdit(letter.entityId);
    const title = patching('letter', letter.entityId, 1, { title: 'Late title', status: 'In_Review' });
    await paralegal.push([late, title]);
    const [text, name] = await proposalsAfter(attorney, before);
    expect(await pushed(paralegal, patching('letter', letter.entityId, 1_000, { status: 'Draft' }))).toEqual([
      'rejected status_transition proposed',
    ]);
    // a paralegal may decide, but not open what an attorney closed
    expect(await pushed(paralegal, decide(text, 'accepted'))).toEqual(['rejected reopen_needs_attorney']);
    expect(await pushed(attorney, decide(text, 'accepted'), decide(name, 'accepted'))).toEqual(['applied', 'applied']);
    const me = await attorney.whoami();
    expect((await rowsAfter(paralegal, before, 'letter')).get(letter.entityId)).toMatchObject({
      ...{ status: 'Draft', finalized_at: null, finalized_by: null, title: 'Late title' },
    });
    expect((await rowsAfter(paralegal, before, 'letter_update')).get(late.entityId)).toMatchObject({
      ...{ letter_id: letter.entityId, payload: '\\x0102', created_by: (await paralegal.whoami()).userId, updated_by: me.userId },
    });
    expect((await rowsAfter(paralegal, 0, 'letter_update')).get(edit.entityId)).toBeDefined();
    const decided = await proposalsAfter(paralegal, before);
    expect(decided.filter(({ proposal_id: id }) => [text?.proposal_id, name?.proposal_id].includes(id))).toMatchObject(
      [1, 2].map(() => ({ state: 'accepted', decided_by: me.userId, accepted_into: letter.entityId })),
    );
    expect(await pushed(attorney, patching('letter', letter.entityId, 1_000, { status: 'Finalized' }))).toEqual(['applied']);
  });

  test('two people who decide at once: the first decision stands, and it is applied once', async () => {
    const [attorney, paralegal] = await pair();
    const admin = await world.connect('one', 'Admin');
    const { letter } = await finalized(attorney);
    const before = await headOf(attorney);
    await paralegal.push([anEdit(letter.entityId), anEdit(letter.entityId)]);
    const [one, two] = await proposalsAfter(attorney, before);
    expect(await pushed(attorney, decide(one, 'accepted'), decide(two, 'dismissed'))).toEqual(['applied', 'applied']);
    const after = await headOf(attorney);
    expect(await pushed(admin, decide(one, 'dismissed'))).toEqual(['rejected proposal_decided']);
    expect(await pushed(admin, decide(two, 'accepted'))).toEqual(['rejected proposal_decided']);
    expect(await pushed(admin, decide(one, 'accepted'))).toEqual(['merged']);
    expect([...(await rowsAfter(attorney, after, 'letter_update')).keys()]).toEqual([]);
    expect([...(await rowsAfter(attorney, before, 'letter_update')).keys()]).toEqual([one?.['entity_id']]);
    const me = await attorney.whoami();
    expect(await proposalsAfter(attorney, before)).toMatchObject([
      { state: 'accepted', decided_by: me.userId },
      { state: 'dismissed', decided_by: me.userId, accepted_into: null },
    ]);
  });

  test('an archived letter stays closed: what is accepted goes into a new one that begins with its text', async () => {
    const [attorney, paralegal] = await pair();
    const { letter, edit } = await finalized(attorney);
    expect(await pushed(attorney, patching('letter', letter.entityId, 2, { status: 'Archived' }))).toEqual(['applied']);
    const before = await headOf(attorney);
    const late = [anEdit(letter.entityId), anEdit(letter.entityId)];
    expect(await pushed(paralegal, ...late)).toEqual(Array.from({ length: 2 }, () => 'rejected letter_finalized proposed'));
    const proposals = await proposalsAfter(attorney, before);
    expect(proposals.map(({ reason }) => reason)).toEqual(['letter_archived', 'letter_archived']);
    expect(await pushed(attorney, ...proposals.map((proposal) => decide(proposal, 'accepted')))).toEqual(['applied', 'applied']);
    const [decided] = await proposalsAfter(attorney, before);
    const followerId = String(decided?.['accepted_into']);
    expect(followerId).not.toBe(letter.entityId);
    expect((await rowsAfter(paralegal, before, 'letter')).get(followerId)).toMatchObject({ status: 'Draft', title: 'Demand (continued)' });
    expect((await rowsAfter(paralegal, 0, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Archived' });
    const updates = [...(await rowsAfter(paralegal, before, 'letter_update')).values()].filter((row) => row?.['letter_id'] === followerId);
    expect(updates).toHaveLength(3);
    expect(updates.map((row) => row?.['update_id'])).toEqual(expect.arrayContaining(late.map(({ entityId }) => entityId)));
    expect(updates.map((row) => row?.['update_id'])).not.toContain(edit.entityId);
  });

  test('changes of what was deleted meanwhile: accepted, the row comes back with them', async () => {
    const [attorney, paralegal] = await pair();
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    await attorney.push([matter, letter]);
    await world.remove(attorney, 'letter', letter.entityId, false);
    const before = await headOf(attorney);
    expect(await pushed(paralegal, anEdit(letter.entityId))).toEqual(['rejected letter_deleted proposed']);
    expect(await pushed(paralegal, patching('letter', letter.entityId, 1, { title: 'Still mine' }))).toEqual([
      'rejected not_found proposed',
    ]);
    const proposals = await proposalsAfter(attorney, before);
    expect(proposals).toMatchObject([{ reason: 'deleted' }, { reason: 'deleted' }]);
    expect(await pushed(paralegal, ...proposals.map((proposal) => decide(proposal, 'accepted')))).toEqual(['applied', 'applied']);
    expect((await rowsAfter(attorney, before, 'letter')).get(letter.entityId)).toMatchObject({ deleted_at: null, title: 'Still mine' });
    expect(await rowsAfter(attorney, before, 'letter_update')).toHaveProperty('size', 1);
  });

  test('what is gone for good cannot take anything in: the proposal stays until it is dismissed', async () => {
    const [attorney, paralegal] = await pair();
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    await attorney.push([matter, letter]);
    await world.remove(attorney, 'letter', letter.entityId, true);
    const before = await headOf(attorney);
    expect(await pushed(paralegal, anEdit(letter.entityId))).toEqual(['rejected missing_parent proposed']);
    const [proposal] = await proposalsAfter(attorney, before);
    expect(proposal).toMatchObject({ reason: 'deleted', matter_id: null, letter_id: letter.entityId });
    expect(await pushed(attorney, decide(proposal, 'accepted'))).toEqual(['rejected letter_gone']);
    expect(await pushed(attorney, decide(proposal, 'dismissed'))).toEqual(['applied']);
  });

  test('a role that ended: what she made before is proposed, its children with it; accepting goes from the parent down', async () => {
    const [attorney, paralegal] = await pair();
    const known = aMatter();
    await attorney.push([known]);
    const before = await headOf(attorney);
    const matter = aMatter('Made offline');
    const letter = aLetter(matter.entityId);
    const edit = anEdit(letter.entityId);
    const renamed = patching('matter', known.entityId, 1, { title: 'Renamed offline' });
    await world.withRole(paralegal, 'Viewer', async () => {
      expect(await pushed(paralegal, matter, letter, edit, renamed)).toEqual(
        Array.from({ length: 4 }, () => 'rejected forbidden proposed'),
      );
    });
    const proposals = await proposalsAfter(attorney, before);
    expect(proposals.map(({ reason, entity }) => `${String(entity)} ${String(reason)}`)).toEqual([
      ...['matter role_ended', 'letter role_ended', 'letter_update role_ended', 'matter role_ended'],
    ]);
    const [first, second, third, fourth] = proposals;
    expect(await pushed(attorney, decide(third, 'accepted'))).toEqual(['rejected letter_gone']);
    expect(await pushed(attorney, ...[first, second, third, fourth].map((each) => decide(each, 'accepted')))).toEqual(
      Array.from({ length: 4 }, () => 'applied'),
    );
    const { userId } = await paralegal.whoami();
    expect((await rowsAfter(attorney, before, 'matter')).get(matter.entityId)).toMatchObject({ title: 'Made offline', created_by: userId });
    expect((await rowsAfter(attorney, before, 'matter')).get(known.entityId)).toMatchObject({ title: 'Renamed offline' });
    expect((await rowsAfter(attorney, before, 'letter')).get(letter.entityId)).toMatchObject({ status: 'Draft', created_by: userId });
    expect((await rowsAfter(attorney, before, 'letter_update')).get(edit.entityId)).toMatchObject({ created_by: userId });
  });

  test('accepting a value that somebody changed meanwhile is a merge like any other: a visible conflict', async () => {
    const [attorney, paralegal] = await pair();
    const matter = aMatter();
    await attorney.push([matter]);
    const before = await headOf(attorney);
    await world.withRole(paralegal, 'Viewer', () => paralegal.push([patching('matter', matter.entityId, 1, { title: 'Hers' })]));
    await attorney.push([patching('matter', matter.entityId, 1, { title: 'His' })]);
    const [proposal] = await proposalsAfter(attorney, before);
    const other = await world.connect('one', 'Admin');
    expect(await pushed(other, decide(proposal, 'accepted'))).toEqual(['applied']);
    expect((await rowsAfter(attorney, before, 'matter')).get(matter.entityId)).toMatchObject({ title: 'His' });
    expect([...(await rowsAfter(attorney, before, 'conflict')).values()]).toMatchObject([
      { entity_id: matter.entityId, proposed: { title: 'Hers' }, current: { title: 'His' } },
    ]);
  });

  test('what is its author’s own to mend stays with her: values, fields, what never was allowed, and what belongs to it', async () => {
    const [attorney] = await pair();
    const viewer = await world.connect('one', 'Viewer');
    expect(await pushed(viewer, aMatter())).toEqual(['rejected forbidden']);
    const guest = await world.connect('one', 'Guest');
    expect(await pushed(guest, aMatter())).toEqual(['rejected forbidden']);
    const nameless = aMatter('');
    expect(await pushed(attorney, nameless, aLetter(nameless.entityId))).toEqual(['rejected invalid', 'rejected missing_parent']);
    expect(await pushed(attorney, aLetter(nameless.entityId))).toEqual(['rejected missing_parent']);
    const matter = aMatter();
    await attorney.push([matter]);
    expect(await pushed(attorney, patching('matter', matter.entityId, 1, { colour: 'red' }))).toEqual(['rejected unknown_field']);
    expect(await pushed(attorney, inserting('user', { email: 'x@y.example' }))).toEqual(['rejected forbidden']);
  });

  test('an edit that builds on one that was not taken goes the same way, though the letter is open again', async () => {
    const [attorney, paralegal] = await pair();
    const { letter, edit } = await finalized(attorney);
    const other = await world.connect('one', 'Paralegal');
    const before = await headOf(attorney);
    const onTopOf = (below: Mutation): Mutation =>
      inserting('letter_update', { ...anEdit(letter.entityId).patch, leans_on: below.entityId });
    const first = anEdit(letter.entityId);
    await paralegal.push([first]);
    await other.push([anEdit(letter.entityId)]);
    const [mine, theirs] = await proposalsAfter(attorney, before);
    expect(await pushed(attorney, decide(theirs, 'accepted'))).toEqual(['applied']);
    // the letter is a draft now; what builds on the open proposal still cannot be shown in it
    const [second, third] = [onTopOf(first), onTopOf(edit)];
    const fourth = onTopOf(second);
    expect(await pushed(paralegal, second, third, onTopOf(third), fourth)).toEqual([
      ...['rejected leans_on_missing proposed', 'applied', 'applied', 'rejected leans_on_missing proposed'],
    ]);
    const byEntity = new Map((await proposalsAfter(attorney, before)).map((row) => [row['entity_id'], row]));
    expect([second, fourth].map(({ entityId }) => byEntity.get(entityId)?.['reason'])).toEqual(['parent_proposed', 'parent_proposed']);
    expect(await pushed(attorney, decide(byEntity.get(fourth.entityId), 'accepted'))).toEqual(['rejected leans_on_missing']);
    const all = [mine, byEntity.get(second.entityId), byEntity.get(fourth.entityId)];
    expect(await pushed(attorney, ...all.map((each) => decide(each, 'accepted')))).toEqual(['applied', 'applied', 'applied']);
    // what builds on an edit that its author has to mend stays with her
    expect(await pushed(paralegal, onTopOf(inserting('letter_update', {})))).toEqual(['rejected leans_on_missing']);
  });

  test('a proposal is nobody’s to make by hand, to change or to decide back', async () => {
    const [attorney, paralegal] = await pair();
    const { letter } = await finalized(attorney);
    const before = await headOf(attorney);
    await paralegal.push([anEdit(letter.entityId)]);
    const [proposal] = await proposalsAfter(attorney, before);
    const id = String(proposal?.proposal_id);
    expect(await pushed(attorney, inserting('proposal', { state: 'open' }, freshId()))).toEqual(['rejected forbidden']);
    expect(await pushed(attorney, patching('proposal', id, 1, { patch: {} }))).toEqual(['rejected unknown_field']);
    expect(await pushed(attorney, patching('proposal', id, 1, { state: 'lost' }))).toEqual(['rejected invalid']);
    expect(await pushed(await world.connect('one', 'Viewer'), decide(proposal, 'dismissed'))).toEqual(['rejected forbidden']);
    expect(await pushed(await world.connect('two', 'Admin'), decide(proposal, 'dismissed'))).toEqual(['rejected not_found']);
    expect(await pushed(attorney, decide(proposal, 'dismissed'))).toEqual(['applied']);
    expect(await pushed(attorney, decide(proposal, 'open'))).toEqual(['rejected proposal_decided']);
  });
}
