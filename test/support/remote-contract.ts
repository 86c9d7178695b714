import { expect, test } from 'vitest';
import type { Role } from '../../src/shared/session.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import { sendFile } from './files.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from './mutations.ts';

/** A server with two firms and a person of each role in both. */
export interface RemoteWorld {
  /** Another device of that person each time, unless one is named. */
  connect(firm: 'one' | 'two', role: Role, deviceId?: string): Promise<Remote>;
}

type Change = FeedPage['changes'][number];

async function headOf(remote: Remote): Promise<number> {
  return (await remote.pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
}

/** Everything after a position, page by page. */
export async function pullAll(remote: Remote, after: number, most = 1000): Promise<Change[]> {
  const changes: Change[] = [];
  for (let position = after, more = true; more;) {
    const page = await remote.pull(position, most);
    expect(page.position).toBeGreaterThanOrEqual(position);
    changes.push(...page.changes);
    ({ position, more } = page);
  }
  return changes;
}

async function rowOf(remote: Remote, after: number, entityId: string): Promise<Record<string, unknown>> {
  const row = (await pullAll(remote, after)).findLast((change) => change.entityId === entityId)?.row;
  if (!row) throw new Error(`no row ${entityId} in the feed`);
  return row;
}

const verdictsOf = (verdicts: { verdict: string; reason?: string | undefined }[]): string[] =>
  verdicts.map(({ verdict, reason }) => (reason === undefined ? verdict : `${verdict}: ${reason}`));

async function pushed(remote: Remote, ...batch: Mutation[]): Promise<string[]> {
  return verdictsOf(await remote.push(batch));
}

/** What every server a laptop talks to keeps; run over the fake and over Postgres. */
export function remoteContract(world: RemoteWorld): void {
  const pair = async () => [await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal')] as const;

  test('a change nobody else touched is applied, and a colleague pulls it', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter();
    expect(await a.push([matter])).toMatchObject([{ mutationId: matter.mutationId, verdict: 'applied', revision: 1 }]);
    expect(await pushed(a, patching('matter', matter.entityId, 1, { title: 'Rivera v. BestValue' }))).toEqual(['applied']);
    expect(await rowOf(b, before, matter.entityId)).toMatchObject({
      title: 'Rivera v. BestValue',
      revision: 2,
      case_reference: null,
      deleted_at: null,
    });
  });

  test('[S8] different fields of one row changed apart are merged', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter();
    await a.push([matter]);
    expect(await pushed(a, patching('matter', matter.entityId, 1, { title: 'From A' }))).toEqual(['applied']);
    expect(await pushed(b, patching('matter', matter.entityId, 1, { case_reference: 'From B' }))).toEqual(['merged']);
    expect(await rowOf(a, before, matter.entityId)).toMatchObject({ title: 'From A', case_reference: 'From B', revision: 3 });
  });

  test('[S8] one field changed apart is a conflict that keeps both values; the other fields of the patch go through', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter();
    await a.push([matter]);
    await a.push([patching('matter', matter.entityId, 1, { title: 'From A' })]);
    expect(await pushed(b, patching('matter', matter.entityId, 1, { title: 'From B', case_reference: 'B-1' }))).toEqual(['conflict']);
    const changes = await pullAll(a, before);
    expect(changes.find(({ entityId }) => entityId === matter.entityId)?.row).toMatchObject({ title: 'From A', case_reference: 'B-1' });
    const conflict = changes.find(({ entity }) => entity === 'conflict')?.row;
    expect(conflict).toMatchObject({
      entity_id: matter.entityId,
      merge_group: 'title',
      proposed: { title: 'From B' },
      current: { title: 'From A' },
      state: 'open',
    });
  });

  test('[S8] the same value from two sides is no conflict, nor is one’s own earlier change', async () => {
    const [a, b] = await pair();
    const matter = aMatter();
    await a.push([matter, patching('matter', matter.entityId, 1, { title: 'Same' })]);
    expect(await pushed(b, patching('matter', matter.entityId, 1, { title: 'Same' }))).toEqual(['merged']);
    expect(await pushed(b, patching('matter', matter.entityId, 1, { title: 'Mine again' }))).toEqual(['merged']);
  });

  test('[S8] fields that belong together are set aside together, with who decided', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const [matter, line] = await someFact(a);
    await a.push([patching('fact', line.entityId, 1, { value: 'March 1, 2024', normal: '2024-03-01', state: 'corrected' })]);
    const reply = await pushed(b, patching('fact', line.entityId, 1, { state: 'approved', decision_reason: 'seen', confidence: 55 }));
    expect(reply).toEqual(['conflict']);
    const changes = await pullAll(a, before);
    expect(changes.find(({ entityId }) => entityId === line.entityId)?.row).toMatchObject({
      state: 'corrected',
      decision_reason: null,
      confidence: 55,
      matter_id: matter.entityId,
    });
    const conflict = changes.find(({ entity }) => entity === 'conflict')?.row;
    expect(conflict).toMatchObject({
      merge_group: 'decision',
      proposed: { state: 'approved', decision_reason: 'seen' },
      current: { state: 'corrected', decision_reason: null },
    });
  });

  test('[S8] a second clash from the same device grows the open conflict; it is resolved once, by a patch', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter();
    await a.push([matter, patching('matter', matter.entityId, 1, { title: 'From A' })]);
    await b.push([patching('matter', matter.entityId, 1, { title: 'B one' }), patching('matter', matter.entityId, 1, { title: 'B two' })]);
    const conflicts = (await pullAll(a, before)).filter(({ entity }) => entity === 'conflict');
    expect(conflicts.map(({ row }) => row)).toMatchObject([{ proposed: { title: 'B two' }, current: { title: 'From A' } }]);
    const conflictId = conflicts[0]?.entityId ?? '';
    const take = patching('matter', matter.entityId, 2, { title: 'B two' });
    expect(
      await pushed(a, take, patching('conflict', conflictId, Number(conflicts[0]?.row?.['revision']), { state: 'kept_proposed' })),
    ).toEqual(['applied', 'applied']);
    expect(await rowOf(b, before, conflictId)).toMatchObject({ state: 'kept_proposed' });
    expect(await rowOf(b, before, matter.entityId)).toMatchObject({ title: 'B two' });
    expect(await pushed(a, inserting('conflict', { state: 'open' }))).toEqual(['rejected: forbidden']);
  });

  test('[S4] a refused change fences the later ones of its row in the batch, and only those', async () => {
    const [a] = await pair();
    const [matter, other] = [aMatter(), aMatter()];
    const bad = patching('matter', matter.entityId, 1, { title: '' });
    const later = patching('matter', matter.entityId, 1, { title: 'Later' });
    const batch = [matter, other, bad, later, patching('matter', other.entityId, 1, { title: 'Other' })];
    const first = await a.push(batch);
    expect(verdictsOf(first)).toEqual(['applied', 'applied', 'rejected: invalid', 'fenced', 'applied']);
    expect(verdictsOf(await a.push(batch))).toEqual(verdictsOf(first));
    expect(await pushed(a, later)).toEqual(['applied']);
  });

  test('[S3] a repeated mutation gets its first verdict and applies nothing twice', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter();
    const patch = patching('matter', matter.entityId, 1, { title: 'From A' });
    const first = await a.push([matter, patch]);
    await b.push([patching('matter', matter.entityId, 2, { title: 'From B' })]);
    const head = await headOf(a);
    expect(await a.push([matter, patch])).toEqual(first);
    expect(await headOf(a)).toBe(head);
    expect(await rowOf(a, before, matter.entityId)).toMatchObject({ title: 'From B', revision: 3 });
  });

  test('a row made on two laptops is merged: the first stands', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matter = aMatter('First');
    await a.push([matter]);
    expect(await pushed(b, inserting('matter', { title: 'Second' }, matter.entityId))).toEqual(['merged']);
    expect(await rowOf(b, before, matter.entityId)).toMatchObject({ title: 'First', revision: 1 });
  });

  test('what the firm does not know, or refuses, is rejected with a reason', async () => {
    const [a] = await pair();
    const matter = aMatter();
    await a.push([matter]);
    expect(await pushed(a, patching('matter', matter.entityId, 1, { colour: 'red' }))).toEqual(['rejected: unknown_field']);
    expect(await pushed(a, patching('matter', matter.entityId, 1, { firm_id: freshId() }))).toEqual(['rejected: unknown_field']);
    expect(await pushed(a, inserting('deposition', { title: 'x' }))).toEqual(['rejected: unknown_entity']);
    expect(await pushed(a, patching('matter', freshId(), 1, { title: 'x' }))).toEqual(['rejected: not_found']);
    expect(await pushed(a, aLetter(freshId()))).toEqual(['rejected: missing_parent']);
    expect(await pushed(a, anEdit(freshId()))).toEqual(['rejected: missing_parent']);
    expect(await pushed(a, inserting('user', { email: 'x@y.example' }))).toEqual(['rejected: forbidden']);
  });

  test('a Viewer changes nothing', async () => {
    const viewer = await world.connect('one', 'Viewer');
    expect(await pushed(viewer, aMatter())).toEqual(['rejected: forbidden']);
    await expect(sendFile(viewer.files, Buffer.from('x'))).rejects.toMatchObject({ error: { code: 'forbidden' } });
  });

  test('a paralegal cannot finalize, an attorney can; a finalized letter takes no more edits and no new figures', async () => {
    const [attorney, paralegal] = await pair();
    const before = await headOf(attorney);
    const matter = aMatter();
    const letter = aLetter(matter.entityId);
    const edit = anEdit(letter.entityId);
    expect(await pushed(paralegal, matter, letter, edit)).toEqual(['applied', 'applied', 'applied']);
    expect(await pushed(paralegal, patching('letter', letter.entityId, 1, { status: 'Finalized' }))).toEqual([
      'rejected: finalize_needs_attorney',
    ]);
    expect(await pushed(attorney, patching('letter', letter.entityId, 1, { status: 'Exported' }))).toEqual(['rejected: status_transition']);
    expect(await pushed(attorney, patching('letter', letter.entityId, 1, { status: 'Finalized' }))).toEqual(['applied']);
    expect(await pushed(paralegal, anEdit(letter.entityId))).toEqual(['rejected: letter_finalized']);
    expect(await pushed(attorney, patching('letter', letter.entityId, 2, { demand_cents: 1 }))).toEqual(['rejected: letter_finalized']);
    expect(await pushed(attorney, patching('letter_update', edit.entityId, 1, { payload: '\\x03' }))).toEqual(['rejected: append_only']);
    const row = await rowOf(paralegal, before, letter.entityId);
    expect(row).toMatchObject({ status: 'Finalized', finalized_by: (await attorney.whoami()).userId });
    expect(Date.parse(String(row['finalized_at']))).toBeGreaterThan(0);
    expect(await rowOf(paralegal, before, edit.entityId)).toMatchObject({ payload: '\\x0102' });
  });

  test('a letter is born a draft', async () => {
    const [a] = await pair();
    const matter = aMatter();
    const letter = inserting('letter', { matter_id: matter.entityId, title: 'x', letter_date: '2024-06-01', status: 'Finalized' });
    expect(await pushed(a, matter, letter)).toEqual(['applied', 'rejected: status_transition']);
  });

  test('[S9] pages come in order, say whether more is there, and end at the head', async () => {
    const [a, b] = await pair();
    const before = await headOf(a);
    const matters = Array.from({ length: 7 }, (_, n) => aMatter(`Matter ${String(n)}`));
    await a.push(matters);
    const pages: FeedPage[] = [];
    for (let after = before, more = true; more;) {
      const page = await b.pull(after, 3);
      pages.push(page);
      ({ position: after, more } = page);
    }
    const full = pages.filter(({ changes }) => changes.length > 0);
    expect(full.map(({ position }) => position - before)).toEqual([3, 6, 7]);
    expect(pages.slice(0, 2).map(({ more }) => more)).toEqual([true, true]);
    // where a replica brought the last rows an empty page follows: that there is nothing more only the primary says
    expect(pages.at(-1)).toMatchObject({ position: before + 7, more: false });
    expect(full.map(({ changes }) => changes.map(({ entityId }) => entityId).sort())).toEqual(
      [matters.slice(0, 3), matters.slice(3, 6), matters.slice(6)].map((some) => some.map(({ entityId }) => entityId).sort()),
    );
    const empty = await b.pull(before + 7, 3);
    expect(empty).toMatchObject({ position: before + 7, head: before + 7, more: false, changes: [] });
    expect((await b.pull(before + 1000, 3)).head).toBe(before + 7);
  });

  test('another firm sees nothing of it, and its ids mean nothing there', async () => {
    const [a] = await pair();
    const foreign = await world.connect('two', 'Admin');
    const before = await headOf(foreign);
    const matter = aMatter();
    await a.push([matter]);
    expect(await headOf(foreign)).toBe(before);
    expect(await pushed(foreign, patching('matter', matter.entityId, 1, { title: 'Taken' }))).toEqual(['rejected: not_found']);
    expect(await pushed(foreign, aLetter(matter.entityId))).toEqual(['rejected: missing_parent']);
    expect(await pushed(foreign, inserting('matter', { title: 'Own' }, matter.entityId))).toEqual(['applied']);
    // a mutation id is one firm's, too
    expect(await pushed(foreign, { ...aMatter(), mutationId: matter.mutationId })).toEqual(['applied']);
  });

  test('signing out ends the session at the firm, and only that one', async () => {
    const [a, b] = await pair();
    await a.signOut();
    const refused = { error: { code: 'unauthenticated' } };
    await expect(a.push([aMatter()])).rejects.toMatchObject(refused);
    await expect(a.pull(0, 1)).rejects.toMatchObject(refused);
    await expect(a.whoami()).rejects.toMatchObject(refused);
    await expect(a.files.find('0'.repeat(64))).rejects.toMatchObject(refused);
    expect(await pushed(b, aMatter())).toEqual(['applied']);
  });
}

async function someFact(remote: Remote): Promise<[Mutation, Mutation]> {
  const matter = aMatter();
  const document = inserting('document', {
    matter_id: matter.entityId,
    file_name: 'er.pdf',
    relative_path: 'Medical/er.pdf',
    file_type: 'application/pdf',
    file_size: 10,
    content_hash: 'a'.repeat(64),
  });
  const fact = inserting('fact', {
    matter_id: matter.entityId,
    document_id: document.entityId,
    kind: 'date_of_loss',
    value: 'February 15, 2024',
    normal: '2024-02-15',
    confidence: 90,
    page: 1,
    start_offset: 0,
    end_offset: 17,
    quote: 'February 15, 2024',
    method: 'rule',
  });
  expect(await pushed(remote, matter, document, fact)).toEqual(['applied', 'applied', 'applied']);
  return [matter, fact];
}
