import { expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import type { Role } from '../../../src/shared/session.ts';
import { ProposalLists } from '../../../src/shared/sync.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letter as letterTable, user } from '../../../src/main/store/schema.ts';
import { createInbox } from '../../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { listVerdicts, listWaiting } from '../../../src/main/sync/activity.ts';
import { createProposals, type Proposals } from '../../../src/main/sync/proposals.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../src/main/sync/push.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../support/laptop.ts';

interface Desk {
  laptop: TestLaptop;
  remote: Remote;
  proposals: Proposals;
  sync(): Promise<void>;
  /** The letter's text as this laptop shows it. */
  text(letterId: string): string;
}

const textOf = (updates: Uint8Array[]): string => JSON.stringify(blocksFromLetterBody(mergeLetterUpdates(updates)));

/** Two people of one firm, each at a laptop of her own. */
async function firmOfTwo(authorRole: Role = 'Paralegal') {
  const server = createFakeServer();
  const firm = server.addFirm();
  const people: [string, string, string, Role][] = [];
  async function sitDown(role: Role, first: string, last: string): Promise<Desk> {
    const laptop = makeLaptop();
    const remote = server.signIn(firm, role, laptop.deviceId);
    const { userId } = await remote.whoami();
    people.push([userId, first, last, role]);
    const payloads = (letterId: string): Uint8Array[] =>
      [...rowsOf(laptop.store, 'letter_update').values()]
        .filter((row) => row['letter_id'] === letterId)
        .map((row) => new Uint8Array(Buffer.from(String(row['payload']).slice(2), 'hex')));
    const letterWith = (letterId: string, updates: Uint8Array[]) => ({
      before: textOf(payloads(letterId)),
      after: textOf([...payloads(letterId), ...updates]),
      loose: null,
    });
    const proposals = createProposals({ store: laptop.store, write: laptop.write, userId, role, letterWith });
    return {
      ...{ laptop, remote, proposals },
      async sync() {
        while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
        while ((await pullOnce(laptop.store, remote, () => 0)).more);
        for (const [id, firstName, lastName, itsRole] of people)
          laptop.store.db
            .insert(user)
            .values({ userId: id, email: `${firstName}@x.example`, firstName, lastName, role: itsRole, isActive: true })
            .onConflictDoNothing()
            .run();
      },
      text: (letterId) => textOf(payloads(letterId)),
    };
  }
  const elena = await sitDown('Attorney', 'Elena', 'Pardo');
  const john = await sitDown(authorRole, 'John', 'Watson');
  const [matterId, letterId] = [freshId(), freshId()];
  must(
    elena.laptop.write((change) => {
      change.insert('matter', { matterId, title: 'Rivera', status: 'Open' });
      change.insert('letter', { letterId, matterId, title: 'Rivera demand', letterDate: '2024-06-01', status: 'Draft', metadata: {} });
      const body = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'Dear Counsel' }] }]);
      change.insert('letter_update', { updateId: freshId(), letterId, payload: Buffer.from(body) });
      return ok({});
    }),
  );
  for (const desk of [elena, john, elena]) await desk.sync();
  const write = ({ laptop }: Desk, text: string): void => {
    const updates = [...rowsOf(laptop.store, 'letter_update').values()].map((row) => Buffer.from(String(row['payload']).slice(2), 'hex'));
    const payload = Buffer.from(insertParagraph(mergeLetterUpdates(updates), 'Dear', text));
    must(laptop.write((change) => ok({ done: change.insert('letter_update', { updateId: freshId(), letterId, payload }) })));
  };
  const finalize = async (): Promise<void> => {
    must(elena.laptop.write((change) => ok({ done: change.patch('letter', letterId, { status: 'Finalized' }) })));
    await elena.sync();
  };
  return { server, firm, elena, john, matterId, letterId, write, finalize };
}

test('[S12] edits of a letter that was finalized meanwhile: the author is told where they went, the attorney sees them as one proposed version', async () => {
  const { elena, john, letterId, write, finalize } = await firmOfTwo();
  for (const text of ['John one.', 'John two.', 'John three.']) write(john, text);
  await finalize();
  await john.sync();
  // nothing of it is left behind here: no dead letter, no waiting change, and the letter reads as the firm has it
  expect(outboxOf(john.laptop.store)).toEqual([]);
  expect(john.text(letterId)).not.toContain('John');
  const mine = john.proposals.lists();
  expect(mine.toDecide).toEqual([]);
  const day = new Date(rowsOf(john.laptop.store, 'letter').get(letterId)?.['finalized_at'] as string).toLocaleDateString('en-US', {
    ...({ year: 'numeric', month: 'short', day: 'numeric' } as const),
  });
  expect(mine.mine).toMatchObject([{ title: 'Rivera demand', edits: 3, isMine: true, waitsFor: 'Elena Pardo' }]);
  expect(john.proposals.tidings(mine.mine[0]?.proposalIds ?? [])).toEqual([
    `Rivera demand was finalized on ${day}; your 3 edits wait for Elena Pardo in the inbox. Nothing is lost.`,
  ]);
  expect(listVerdicts(john.laptop.store).slice(0, 3)).toMatchObject([1, 2, 3].map(() => ({ verdict: 'proposed', where: 'Rivera demand' })));

  await elena.sync();
  const [item] = elena.proposals.lists().toDecide;
  expect(elena.proposals.count()).toBe(1);
  expect(item).toMatchObject({
    authorName: 'John Watson',
    edits: 3,
    why: `It was finalized on ${day}.`,
    where: 'Rivera',
    mayNotAccept: null,
  });
  const { paragraphs } = must(elena.proposals.text(letterId, item?.proposalIds ?? []));
  const added = paragraphs.flat().filter(({ kind }) => kind === 'added');
  for (const text of ['John one.', 'John two.', 'John three.'])
    expect(added.some((piece) => piece.text.includes(text.split(' ')[1] ?? ''))).toBe(true);

  must(elena.proposals.decide(item?.proposalIds ?? [], 'accepted'));
  expect(elena.proposals.lists().decided).toMatchObject([{ state: 'accepted', isOnItsWay: true, decidedByName: 'you' }]);
  await elena.sync();
  await john.sync();
  for (const desk of [elena, john]) {
    expect(rowsOf(desk.laptop.store, 'letter').get(letterId)).toMatchObject({ status: 'Draft' });
    for (const text of ['John one.', 'John two.', 'John three.']) expect(desk.text(letterId)).toContain(text);
    expect(desk.proposals.lists()).toMatchObject({
      toDecide: [],
      mine: [],
      decided: [{ state: 'accepted', isOnItsWay: false, decidedByName: 'Elena Pardo' }],
    });
  }
  expect(john.proposals.tidings(item?.proposalIds ?? [])).toEqual(['Elena Pardo accepted what you proposed for Rivera demand.']);
});

test('[S12] dismissed, the words stay in the history of both; a second decision is refused here already', async () => {
  const { elena, john, letterId, write, finalize } = await firmOfTwo();
  write(john, 'John one.');
  await finalize();
  await john.sync();
  await elena.sync();
  const [item] = elena.proposals.lists().toDecide;
  must(elena.proposals.decide(item?.proposalIds ?? [], 'dismissed'));
  expect(elena.proposals.decide(item?.proposalIds ?? [], 'accepted')).toMatchObject({ ok: false, error: { code: 'conflict' } });
  await elena.sync();
  await john.sync();
  expect(john.text(letterId)).not.toContain('John one.');
  const [gone] = john.proposals.lists().decided;
  expect(gone).toMatchObject({ state: 'dismissed', edits: 1 });
  expect(JSON.stringify(must(john.proposals.text(letterId, gone?.proposalIds ?? [])))).toContain('John');
});

test('[S12] two who decide apart: the first stands, the other is told and keeps no dead letter', async () => {
  const { server, firm, elena, john, write, finalize } = await firmOfTwo();
  write(john, 'John one.');
  await finalize();
  await john.sync();
  const admin = makeLaptop();
  const line = server.signIn(firm, 'Admin', admin.deviceId);
  const syncAdmin = async (): Promise<void> => {
    while ((await pushWaiting(admin.store, line)).did === 'pushed');
    while ((await pullOnce(admin.store, line, () => 0)).more);
  };
  await elena.sync();
  await syncAdmin();
  const theirs = createProposals({
    ...{ store: admin.store, write: admin.write, userId: freshId(), role: 'Admin' },
    letterWith: () => ({ before: '', after: '', loose: null }),
  });
  const [item] = elena.proposals.lists().toDecide;
  must(elena.proposals.decide(item?.proposalIds ?? [], 'dismissed'));
  must(theirs.decide(item?.proposalIds ?? [], 'accepted'));
  await elena.sync();
  await syncAdmin();
  expect(outboxOf(admin.store)).toEqual([]);
  expect(theirs.lists().decided).toMatchObject([{ state: 'dismissed' }]);
  expect(listVerdicts(admin.store)).toMatchObject([{ verdict: 'rejected', reason: 'A colleague had decided it already.' }]);
});

test('[S12] a role that ended: her changes of a matter are one item with both values, each in words', async () => {
  const { server, elena, john, matterId } = await firmOfTwo();
  must(
    john.laptop.write((change) => {
      change.patch('matter', matterId, { title: 'Rivera v. BestValue' });
      return ok({ done: change.patch('matter', matterId, { caseReference: 'BV-1' }) });
    }),
  );
  server.setRole(john.remote, 'Viewer');
  await john.sync();
  expect(rowsOf(john.laptop.store, 'matter').get(matterId)).toMatchObject({ title: 'Rivera', case_reference: null });
  await elena.sync();
  const [item] = elena.proposals.lists().toDecide;
  expect(item).toMatchObject({
    ...{ title: 'Rivera', why: 'John Watson’s role no longer allows such changes.', edits: 0, letterId: null },
    changes: [
      { what: 'The matter', proposed: 'title: Rivera v. BestValue', current: 'title: Rivera' },
      { what: 'The matter', proposed: 'case reference: BV-1', current: 'case reference: nothing' },
    ],
  });
  must(elena.proposals.decide(item?.proposalIds ?? [], 'accepted'));
  await elena.sync();
  expect(rowsOf(elena.laptop.store, 'matter').get(matterId)).toMatchObject({ title: 'Rivera v. BestValue', case_reference: 'BV-1' });
});

/** A suggestion of John's for the letter, and a comment on it. */
function remark({ laptop }: Desk, letterId: string): void {
  const suggestion = { update: 'AAA=', was: 'thirty', becomes: 'twenty', why: 'We said so.', model: null, prompt: null };
  must(
    laptop.write((change) => {
      change.insert('collaboration', {
        ...{ collaborationId: freshId(), letterId, changeType: 'Suggestion', changeData: suggestion },
      });
      const position = { place: 'AA==.AA==', quote: 'Dear Counsel' };
      change.insert('collaboration', {
        ...{ collaborationId: freshId(), letterId, changeType: 'Comment', changeData: { text: 'Too low.' }, position },
      });
      return ok({});
    }),
  );
}

test('[S12] a suggestion for a letter that was finalized meanwhile waits in words for who may open it; a comment goes beside it', async () => {
  const { elena, john, letterId, finalize } = await firmOfTwo();
  remark(john, letterId);
  await finalize();
  await john.sync();
  expect(outboxOf(john.laptop.store)).toEqual([]);
  const [own] = john.proposals.lists().mine;
  expect(own).toMatchObject({ waitsFor: 'Elena Pardo', mayNotAccept: 'Only an attorney can open a finalized letter again.' });
  expect(john.proposals.tidings(own?.proposalIds ?? [])).toEqual([
    expect.stringMatching(/; your 1 change waits for Elena Pardo in the inbox/),
  ]);
  await elena.sync();
  const [item] = elena.proposals.lists().toDecide;
  expect(item).toMatchObject({
    ...{
      title: 'Rivera demand',
      edits: 0,
      mayNotAccept: null,
      accepting: expect.stringContaining('opens the letter as a draft again with this beside it.') as string,
    },
    changes: [{ what: 'A suggestion, new', proposed: '“thirty” becomes “twenty” (We said so.)', current: null }],
  });
  must(elena.proposals.decide(item?.proposalIds ?? [], 'accepted'));
  await elena.sync();
  await john.sync();
  for (const { laptop } of [elena, john]) {
    expect(rowsOf(laptop.store, 'letter').get(letterId)).toMatchObject({ status: 'Draft' });
    expect([...rowsOf(laptop.store, 'collaboration').values()].map((row) => row['change_type']).sort()).toEqual(['Comment', 'Suggestion']);
  }
});

test('[S12] a comment of somebody whose role has ended: anybody who writes letters may put it beside one that stays finalized', async () => {
  const { server, firm, elena, john, letterId, finalize } = await firmOfTwo();
  await finalize();
  await john.sync();
  remark(john, letterId);
  john.laptop.store.raw.exec(`delete from outbox where patch like '%Suggestion%'`);
  server.setRole(john.remote, 'Viewer');
  await john.sync();
  const third = makeLaptop();
  const line = server.signIn(firm, 'Paralegal', third.deviceId);
  while ((await pullOnce(third.store, line, () => 0)).more);
  const letterWith = () => ({ before: '', after: '', loose: null });
  const proposals = createProposals({ store: third.store, write: third.write, userId: freshId(), role: 'Paralegal', letterWith });
  const [item] = proposals.lists().toDecide;
  expect(item).toMatchObject({
    ...{ mayNotAccept: null, accepting: expect.stringContaining('The letter itself stays as it is.') as string },
    changes: [{ what: 'A comment, new', proposed: '“Too low.”, on “Dear Counsel”', current: null }],
  });
  must(proposals.decide(item?.proposalIds ?? [], 'accepted'));
  while ((await pushWaiting(third.store, line)).did === 'pushed');
  await elena.sync();
  const { userId } = await john.remote.whoami();
  expect([...rowsOf(elena.laptop.store, 'collaboration').values()]).toMatchObject([{ user_id: userId, change_type: 'Comment' }]);
  expect(rowsOf(elena.laptop.store, 'letter').get(letterId)).toMatchObject({ status: 'Finalized' });
});

test('one row that names what nobody can read costs nobody the list', async () => {
  const { elena, letterId, john, write, finalize } = await firmOfTwo();
  write(john, 'John one.');
  await finalize();
  await john.sync();
  await elena.sync();
  const strange = elena.laptop.store.raw.prepare(
    `insert into proposal (proposal_id, letter_id, matter_id, entity, entity_id, mutation_id, op, base_revision, patch, reason, proposed_by, proposed_device, ordinal, state, revision)
     select ?, ?, null, 'matter', ?, ?, 'patch', 1, ?, 'role_ended', proposed_by, proposed_device, 99, 'open', 1 from proposal limit 1`,
  );
  const odd = '11111111-1111-0111-0111-111111111111';
  const matter = [...rowsOf(elena.laptop.store, 'matter').keys()][0] ?? '';
  for (const [named, of] of [
    [odd, odd],
    [null, matter],
  ])
    strange.run(freshId(), named, of, freshId(), JSON.stringify({ constructor: 'x', toString: { a: 1 }, hasOwnProperty: null }));
  const lists = ProposalLists.parse(elena.proposals.lists());
  expect(lists.toDecide.map((one) => [one.letterId, one.changes.length])).toEqual(
    expect.arrayContaining([
      [letterId, 0],
      [null, 1],
    ]),
  );
  expect(lists.toDecide).toHaveLength(3);
});

test('who may not accept is told why before trying: a paralegal, a viewer, and everybody where the letter is gone for good', async () => {
  const { server, firm, elena, john, letterId, write, finalize } = await firmOfTwo();
  write(john, 'John one.');
  await finalize();
  await john.sync();
  const [own] = john.proposals.lists().mine;
  expect(own?.mayNotAccept).toBe('Only an attorney can open a finalized letter again.');
  expect(john.proposals.decide(own?.proposalIds ?? [], 'accepted')).toMatchObject({ ok: false, error: { code: 'conflict' } });
  const viewer = makeLaptop();
  const line = server.signIn(firm, 'Viewer', viewer.deviceId);
  while ((await pullOnce(viewer.store, line, () => 0)).more);
  expect(rowsOf(viewer.store, 'proposal').size).toBe(0);
  await elena.sync();
  const [item] = elena.proposals.lists().toDecide;
  elena.laptop.store.db.delete(letterTable).run();
  const [gone] = elena.proposals.lists().toDecide;
  expect([item?.mayNotAccept, gone?.mayNotAccept]).toEqual([null, expect.stringContaining('deleted for good')]);
  expect(letterId).toBe(item?.letterId);
});

test('what waits is told by matter and kind, what was refused for good is kept as files with the words in them', async () => {
  const { john, matterId, letterId, write } = await firmOfTwo();
  write(john, 'Typed on the train.');
  write(john, 'And on the platform.');
  must(john.laptop.write((change) => ok({ done: change.patch('matter', matterId, { title: '' }) })));
  expect(listWaiting(john.laptop.store)).toMatchObject({
    total: 3,
    groups: [{ matterId, matter: '', held: 0, items: [{ what: '2 edits of the letter' }, { what: '1 change of the matter' }] }],
  });
  await john.sync();
  expect(listWaiting(john.laptop.store)).toEqual({ total: 0, files: 0, groups: [] });
  // an edit becomes a dead letter where the firm has no more room for proposals
  john.laptop.store.raw
    .prepare(
      `insert into outbox (mutation_id, entity, entity_id, op, base_revision, patch, state, reason, created_at) values (?, 'letter_update', ?, 'insert', 0, ?, 'dead', 'letter_finalized', 0)`,
    )
    .run(
      freshId(),
      freshId(),
      JSON.stringify({
        letter_id: letterId,
        payload: `\\x${Buffer.from(insertParagraph(letterBodyFromBlocks([], 7), '', 'Kept here.')).toString('hex')}`,
      }),
    );
  const inbox = createInbox({ store: john.laptop.store, write: john.laptop.write, userId: 'x', onDecided: () => undefined });
  expect(inbox.deadLetters()).toMatchObject([
    { what: 'The matter', where: 'Rivera', reason: 'The firm’s database refused a value in it.', kept: 'title: ' },
    { what: 'An edit of the letter', where: 'Rivera', kept: 'Kept here.' },
  ]);
  const kept = must(inbox.keep(null, Date.UTC(2026, 10, 20)));
  expect(kept.name).toBe('refused changes 2026-11-20');
  expect(kept.text).toContain('An edit of the letter, Rivera, Rivera demand (1970-01-01T00:00:00.000Z)\nThe letter was finalized');
  expect(kept.text).toContain('Kept here.');
  expect(JSON.parse(kept.json)).toMatchObject([
    { entity: 'matter', patch: { title: '' } },
    { entity: 'letter_update', reason: 'letter_finalized' },
  ]);
  expect(inbox.keep([freshId()], 0)).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('the last two hundred verdicts are kept, and no words of anybody in them', async () => {
  const { john, matterId } = await firmOfTwo();
  for (let n = 0; n < 250; n += 1)
    must(john.laptop.write((change) => ok({ done: change.patch('matter', matterId, { title: `Secret ${String(n)}` }) })));
  await john.sync();
  const log = john.laptop.store.raw.prepare('select * from verdict_log').all();
  expect(log).toHaveLength(200);
  expect(JSON.stringify(log)).not.toContain('Secret');
});
