import { expect, test } from 'vitest';
import type { CollaborationId, LetterId } from '../../src/shared/ids.ts';
import { ok } from '../../src/shared/result.ts';
import { createCollaboration, type Collaboration } from '../../src/main/collaboration/collaboration.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createInbox } from '../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../src/main/sync/letter-doc.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { copyInto } from '../support/copying.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { placeOfWords } from '../support/letter-place.ts';
import { patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

interface Desk {
  laptop: TestLaptop;
  remote: Remote;
  collaboration: Collaboration;
}
async function aDesk(role: 'Attorney' | 'Paralegal'): Promise<Desk> {
  const laptop = makeLaptop();
  const remote = await world.connect('one', role, laptop.deviceId);
  const me = await remote.whoami();
  const account = { ...me, firmName: 'Marsh LLP', firmSlug: 'one', email: 'x@marsh.example', firstName: role, lastName: 'Marsh', role };
  const noAmounts = { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 };
  const values = { variables: {}, specials: { providers: [], totals: noAmounts }, exhibits: [] };
  const collaboration = createCollaboration({
    store: laptop.store,
    write: laptop.write,
    letters: {
      body: (letterId) => ok({ matterId: 'x', state: bodyOf(laptop, letterId), blocks: [], values, isOpen: true }),
      edit: (letterId, update, also) =>
        laptop.write((change) => {
          change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(update) });
          return also?.(change) ?? ok({});
        }),
    },
    facts: { list: () => [], ledger: () => ({ lines: [], providers: [], totals: noAmounts, stated: [], ...({} as object) }) as never },
    account: account,
  });
  return { laptop, remote, collaboration };
}
function bodyOf({ store }: TestLaptop, letterId: string): Uint8Array {
  const rows = [...rowsOf(store, 'letter_update').values()].filter((row) => row['letter_id'] === letterId);
  return mergeLetterUpdates(rows.map((row) => Buffer.from(String(row['payload']).slice(2), 'hex')));
}
const textOf = ({ laptop }: Desk, letterId: string): string => JSON.stringify(blocksFromLetterBody(bodyOf(laptop, letterId)));
async function sync(...desks: Desk[]): Promise<void> {
  for (const { laptop, remote } of [...desks, ...desks]) {
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
  }
}
const words = 'We ask for payment within thirty days.';

/** Two people, a letter on both laptops, and a suggestion of the first. */
async function suggested(): Promise<{ hers: Desk; his: Desk; letterId: LetterId; id: CollaborationId }> {
  const [hers, his] = [await aDesk('Attorney'), await aDesk('Paralegal')];
  const [matterId, letterId] = [freshId(), freshId() as LetterId];
  must(
    hers.laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      change.insert('letter', { letterId, matterId, title: 'x', letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      const payload = Buffer.from(letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: words }] }]));
      change.insert('letter_update', { updateId: freshId(), letterId, payload });
      return ok({});
    }),
  );
  await sync(hers, his);
  const anchor = { place: placeOfWords(bodyOf(his.laptop, letterId), 'thirty'), quote: 'thirty' };
  const id = must(his.collaboration.suggest({ letterId, anchor, becomes: 'twenty', why: 'We said so.' })).collaborationId;
  await sync(his, hers);
  return { hers, his, letterId, id };
}
const decide = (desk: Desk, collaborationId: CollaborationId, outcome: 'accepted' | 'rejected'): void =>
  void must(desk.collaboration.decide({ collaborationId, outcome, seen: true }));

test('comments and suggestions reach every laptop, by the feed and in a copy, with who said them', async () => {
  const { hers, his, letterId, id } = await suggested();
  const { collaborationId } = must(
    hers.collaboration.comment({ letterId, parentId: id, anchor: null, text: 'Why not ten?', mentions: [] }),
  );
  await sync(hers, his);
  const fresh = makeLaptop();
  await copyInto(fresh.store, his.remote);
  for (const { store } of [hers.laptop, his.laptop, fresh]) {
    expect(rowsOf(store, 'collaboration').get(id)).toMatchObject({
      change_type: 'Suggestion',
      user_id: (await his.remote.whoami()).userId,
      outcome: null,
    });
    expect(rowsOf(store, 'collaboration').get(collaborationId)).toMatchObject({
      parent_id: id,
      user_id: (await hers.remote.whoami()).userId,
    });
  }
  expect(must(his.collaboration.list(letterId)).suggestions).toMatchObject([
    { isMine: true, was: 'thirty', becomes: 'twenty', replies: [{ text: 'Why not ten?' }] },
  ]);
});

test('both accept it while apart: the letter has it once', async () => {
  const { hers, his, letterId, id } = await suggested();
  decide(hers, id, 'accepted');
  decide(his, id, 'accepted');
  await sync(hers, his);
  expect([outboxOf(hers.laptop.store), outboxOf(his.laptop.store)]).toEqual([[], []]);
  expect(textOf(hers, letterId)).toContain('within twenty days');
  expect(textOf(hers, letterId)).toBe(textOf(his, letterId));
});

test('one accepts, one rejects: both are shown to a person, who keeps one', async () => {
  const { hers, his, letterId, id } = await suggested();
  decide(his, id, 'rejected');
  await sync(his);
  decide(hers, id, 'accepted');
  await sync(hers, his);
  expect(textOf(his, letterId)).toContain('within twenty days'); // what was written stays written
  const inbox = createInbox({
    store: hers.laptop.store,
    write: hers.laptop.write,
    userId: (await hers.remote.whoami()).userId,
    onDecided: () => undefined,
  });
  const [conflict, ...others] = inbox.conflicts();
  expect(others).toEqual([]);
  must(inbox.resolve(conflict?.conflictId ?? '', 'mine'));
  await sync(hers, his);
  for (const { laptop } of [hers, his])
    expect(rowsOf(laptop.store, 'collaboration').get(id)).toMatchObject({ outcome: 'accepted', is_resolved: true });
});

test('what was decided is not opened again, nobody speaks for another, and no comment is accepted', async () => {
  const { hers, his, letterId, id } = await suggested();
  const { collaborationId } = must(his.collaboration.comment({ letterId, parentId: null, anchor: null, text: 'x', mentions: [] }));
  decide(hers, id, 'rejected');
  await sync(hers, his);
  const mine = must(
    hers.collaboration.suggest({
      letterId,
      anchor: { place: placeOfWords(bodyOf(hers.laptop, letterId), 'payment'), quote: '' },
      becomes: 'full payment',
      why: '',
    }),
  ).collaborationId;
  await sync(hers);
  const { revision } = rowsOf(hers.laptop.store, 'collaboration').get(id) ?? {};
  const refused = await hers.remote.push([
    patching('collaboration', id, Number(revision), { is_resolved: false, outcome: null }),
    patching('collaboration', collaborationId, 1, { change_data: { text: 'y', mentions: [] } }),
    patching('collaboration', mine, 1, { change_data: { becomes: 'something else' } }),
    patching('collaboration', collaborationId, 1, { is_resolved: true, outcome: 'accepted' }),
  ]);
  expect(refused.map(({ verdict }) => verdict)).not.toContain('applied');
  expect(refused[0]).toMatchObject({ reason: 'suggestion_decided' });
  expect(refused[1]).toMatchObject({ reason: 'not_author' });
  expect(refused[2]).toMatchObject({ reason: 'append_only' }); // also her own
});
