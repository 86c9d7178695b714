import { expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';
import { pullAll } from './remote-contract.ts';

export interface VersionWorld {
  connect(firm: 'one' | 'two', role: Role, deviceId?: string): Promise<Remote>;
}

/** Who may keep versions of a letter, and who opens it again; run over the fake and over Postgres. */
export function versionContract(world: VersionWorld): void {
  const aVersion = (letterId: string, patch: Mutation['patch'] = {}): Mutation =>
    inserting('letter_version', {
      ...{ letter_id: letterId, content: '\\x00', letter_values: {}, change_summary: 'x', is_major: false, version_name: null },
      ...patch,
    });
  const pushed = async (remote: Remote, ...batch: Mutation[]): Promise<string[]> =>
    (await remote.push(batch)).map(({ verdict, reason, proposal }) =>
      [verdict, reason, proposal ? 'proposed' : null].filter(Boolean).join(' '),
    );
  const headOf = async (remote: Remote): Promise<number> => (await remote.pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
  const rowsAfter = async (remote: Remote, after: number, entity: string): Promise<Map<string, Record<string, unknown>>> =>
    new Map(
      (await pullAll(remote, after)).flatMap((change) => (change.entity === entity && change.row ? [[change.entityId, change.row]] : [])),
    );
  const everybody = async () =>
    [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal'), await world.connect('one', 'Viewer')] as const;

  async function aLetterOf(remote: Remote): Promise<string> {
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    expect(await pushed(remote, matter, letter, anEdit(letter.entityId))).toEqual(['applied', 'applied', 'applied']);
    return letter.entityId;
  }

  test('who writes a letter keeps versions of it; a major one only who may finalize, said or left unsaid; a viewer none', async () => {
    const [attorney, paralegal, viewer] = await everybody();
    const letterId = await aLetterOf(paralegal);
    expect(await pushed(paralegal, aVersion(letterId), aVersion(letterId, { version_name: 'Before the call' }))).toEqual([
      'applied',
      'applied',
    ]);
    expect(await pushed(paralegal, aVersion(letterId, { is_major: true }))).toEqual(['rejected finalize_needs_attorney']);
    const { is_major: _, ...unsaid } = aVersion(letterId).patch;
    expect(await pushed(paralegal, inserting('letter_version', unsaid))).toEqual(['rejected finalize_needs_attorney']);
    expect(await pushed(viewer, aVersion(letterId))).toEqual(['rejected forbidden']);
    expect(await pushed(attorney, aVersion(letterId, { is_major: true }), aVersion(letterId))).toEqual(['applied', 'applied']);
  });

  test('they are numbered as they arrive, from whichever laptop, and never changed', async () => {
    const [attorney, paralegal] = await everybody();
    const letterId = await aLetterOf(attorney);
    const before = await headOf(attorney);
    // each was made while the laptop was away, and knew nothing of the other's
    const [hers, his] = [[aVersion(letterId), aVersion(letterId)], [aVersion(letterId)]];
    await pushed(paralegal, ...his);
    await pushed(attorney, ...hers);
    for (const laptop of [attorney, paralegal]) {
      const rows = await rowsAfter(laptop, before, 'letter_version');
      expect([...his, ...hers].map(({ entityId }) => rows.get(entityId)?.['version_number'])).toEqual([1, 2, 3]);
    }
    expect(await pushed(attorney, aVersion(letterId, { version_number: 1 }))).toEqual(['rejected unknown_field']);
    expect(await pushed(attorney, patching('letter_version', his[0]?.entityId ?? '', 1, { version_name: 'Mine' }))).toEqual([
      'rejected append_only',
    ]);
  });

  test('the same one kept by two laptops is one', async () => {
    const [attorney, paralegal] = await everybody();
    const letterId = await aLetterOf(attorney);
    const same = aVersion(letterId);
    expect(await pushed(attorney, same)).toEqual(['applied']);
    expect(await pushed(paralegal, inserting('letter_version', same.patch, same.entityId))).toEqual(['merged']);
  });

  test('another firm’s letter gets none, and nothing is said of it', async () => {
    const [attorney] = await everybody();
    const letterId = await aLetterOf(attorney);
    const stranger = await world.connect('two', 'Admin');
    const verdicts = await pushed(stranger, aVersion(letterId), patching('letter', letterId, 1, { status: 'Draft' }));
    expect(verdicts.map((verdict) => verdict.replace(' proposed', ''))).toEqual(['rejected missing_parent', 'rejected not_found']);
    expect(await rowsAfter(stranger, 0, 'letter_version')).toEqual(new Map());
  });

  test('one with a name that comes after Finalize waits as a proposal, and opens the letter only where an attorney takes it in; one kept by itself asks nobody', async () => {
    const [attorney, paralegal] = await everybody();
    const letterId = await aLetterOf(attorney);
    expect(
      await pushed(attorney, aVersion(letterId, { is_major: true }), patching('letter', letterId, 1, { status: 'Finalized' })),
    ).toEqual(['applied', 'applied']);
    const before = await headOf(attorney);
    expect(await pushed(paralegal, aVersion(letterId))).toEqual(['applied']);
    expect((await rowsAfter(attorney, before, 'proposal')).size).toBe(0);
    const named = aVersion(letterId, { version_name: 'Before the call' });
    expect(await pushed(paralegal, named)).toEqual(['rejected letter_finalized proposed']);
    const [proposalId] = (await rowsAfter(attorney, before, 'proposal')).keys();
    const accept = patching('proposal', proposalId ?? '', 1, { state: 'accepted' });
    expect(await pushed(paralegal, accept)).toEqual(['rejected reopen_needs_attorney']);
    expect(await pushed(attorney, { ...accept, mutationId: aVersion(letterId).mutationId })).toEqual(['applied']);
  });

  test('a finalized letter is a draft again for who may finalize, and what was frozen stays; for anybody else it is a proposal', async () => {
    const [attorney, paralegal, viewer] = await everybody();
    const letterId = await aLetterOf(attorney);
    const frozen = aVersion(letterId, { is_major: true, change_summary: 'Finalized' });
    const from = await headOf(attorney);
    await pushed(attorney, frozen, patching('letter', letterId, 1, { status: 'Finalized' }));
    const late = anEdit(letterId);
    expect(await pushed(paralegal, late)).toEqual(['rejected letter_finalized proposed']);
    expect(await pushed(paralegal, patching('letter', letterId, 2, { status: 'Draft' }))).toEqual(['rejected status_transition proposed']);
    expect(await pushed(viewer, patching('letter', letterId, 2, { status: 'Draft' }))).toEqual(['rejected forbidden']);
    expect((await rowsAfter(attorney, from, 'letter')).get(letterId)).toMatchObject({ status: 'Finalized' });

    expect(await pushed(attorney, patching('letter', letterId, 2, { status: 'Draft' }), aVersion(letterId), anEdit(letterId))).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
    expect((await rowsAfter(attorney, from, 'letter')).get(letterId)).toMatchObject({
      status: 'Draft',
      finalized_at: null,
      finalized_by: null,
    });
    const versions = await rowsAfter(paralegal, from, 'letter_version');
    expect(versions.get(frozen.entityId)).toMatchObject({ is_major: true, change_summary: 'Finalized', version_number: 1 });
    // an exported one as well, an archived one never
    await pushed(
      attorney,
      patching('letter', letterId, 3, { status: 'Finalized' }),
      patching('letter', letterId, 4, { status: 'Exported' }),
    );
    expect(await pushed(attorney, patching('letter', letterId, 5, { status: 'Draft' }))).toEqual(['applied']);
    await pushed(
      attorney,
      patching('letter', letterId, 6, { status: 'Finalized' }),
      patching('letter', letterId, 7, { status: 'Archived' }),
    );
    expect(await pushed(attorney, patching('letter', letterId, 8, { status: 'Draft' }))).toEqual(['rejected status_transition proposed']);
  });

  test('a step back to draft that was made before somebody finalized does not open the letter: it is a conflict', async () => {
    const [attorney] = await everybody();
    const other = await world.connect('one', 'Attorney');
    const letterId = await aLetterOf(attorney);
    expect(await pushed(attorney, patching('letter', letterId, 1, { status: 'In_Review' }))).toEqual(['applied']);
    expect(await pushed(attorney, patching('letter', letterId, 2, { status: 'Finalized' }))).toEqual(['applied']);
    expect(await pushed(other, patching('letter', letterId, 2, { status: 'Draft' }))).toEqual(['conflict']);
  });
}
