import { beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result.ts';
import { verifyLaptopAudit } from '../../../../src/main/audit/audit.ts';
import { freshId } from '../../../../src/main/host/ids.ts';
import { createInbox } from '../../../../src/main/sync/inbox.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../../src/main/sync/letter-edit.ts';
import { pullOnce } from '../../../../src/main/sync/pull.ts';
import { pushWaiting } from '../../../../src/main/sync/push.ts';
import type { Remote } from '../../../../src/main/sync/remote.ts';
import { allRows, copyInto } from '../../../support/copying.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { hideFrom } from '../../../support/fake-snapshot.ts';
import { pushMatters, type FilledMatter } from '../../../support/firm-with-matters.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../../../support/laptop.ts';
import { anEdit, patching } from '../../../support/mutations.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let colleague: Remote;
let matters: FilledMatter[];

const matterAt = (n: number): FilledMatter => {
  const matter = matters[n];
  if (!matter) throw new Error('no such matter');
  return matter;
};
const titleOf = (id: string): unknown => rowsOf(laptop.store, 'matter').get(id)?.['title'];
const rename = (id: string, title: string): void =>
  void must(laptop.write((change) => ok({ done: change.patch('matter', id, { title }) })));
const removeAtFirm = (entity: string, id: string): void => {
  firm.rows.get(entity)?.delete(id);
  firm.feed.push({ entity, entityId: id });
};

/** How the draft is published: in the store's place, or into it where the user's files make it too large to be replaced. */
describe.each(['by taking the place of the store', 'by what differs'])('published %s', (way) => {
  beforeEach(async () => {
    firm = server.addFirm();
    laptop = makeLaptop();
    remote = server.signIn(firm, 'Attorney', laptop.deviceId);
    colleague = server.signIn(firm, 'Attorney');
    matters = await pushMatters(colleague, 5);
    await copyInto(laptop.store, remote);
    if (way === 'by what differs')
      laptop.store.raw.prepare(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`).run();
    return () => laptop.store.close();
  });

  test('[S6] rows that the firm no longer has go, rows that are new or changed come', async () => {
    removeAtFirm('matter', matterAt(0).matterId);
    removeAtFirm('fact', [...(firm.rows.get('fact')?.keys() ?? [])][0] ?? '');
    await colleague.push([patching('matter', matterAt(1).matterId, 1, { title: 'Renamed' })]);
    await pushMatters(colleague, 1);
    const fresh = makeLaptop();
    await copyInto(fresh.store, remote);
    const { isAll, touched } = await copyInto(laptop.store, remote);
    expect(allRows(laptop.store)).toEqual(allRows(fresh.store));
    expect(isAll || touched.some(({ entityId }) => entityId === matterAt(1).matterId)).toBe(true);
    fresh.store.close();
  });

  test('[S6] a row whose revision is the same and whose content is not is taken as well', async () => {
    const found = firm.rows.get('matter')?.get(matterAt(2).matterId);
    Object.assign(found?.row ?? {}, { title: 'Mended by hand', updated_at: '2026-01-05T00:00:00.000Z' });
    await copyInto(laptop.store, remote);
    expect(titleOf(matterAt(2).matterId)).toBe('Mended by hand');
  });

  test('what is this laptop’s own stays: folders, jobs, files, its audit, refused work, the place of the next change', async () => {
    const { raw } = laptop.store;
    raw.prepare('insert into case_folder (matter_id, folder, added_at) values (?, ?, 1)').run(matterAt(0).matterId, '/cases/one');
    raw.prepare(`insert into job (kind, dedupe_key, payload, run_after, created_at) values ('read', 'x', '{}', 1, 1)`).run();
    raw.prepare(`insert or replace into local_account values (1, '{}', 'v', 1)`).run();
    rename(matterAt(0).matterId, '');
    await pushWaiting(laptop.store, remote);
    expect(outboxOf(laptop.store)).toMatchObject([{ state: 'dead' }]);
    rename(matterAt(1).matterId, 'Waiting');
    const own = (): unknown =>
      ['case_folder', 'job', 'local_account', 'blob', 'audit_event', 'acknowledged', 'outbox', 'verdict_log'].map((table) =>
        raw.prepare(`select * from "${table}"`).all(),
      );
    const [before, sequence] = [own(), raw.prepare(`select seq from sqlite_sequence where name = 'outbox'`).pluck().get()];
    await copyInto(laptop.store, remote);
    expect(own()).toEqual(before);
    expect(raw.prepare(`select seq from sqlite_sequence where name = 'outbox'`).pluck().get()).toBe(sequence);
    expect(verifyLaptopAudit(laptop.store)).toBeNull();
    rename(matterAt(1).matterId, 'Waiting more');
    expect(verifyLaptopAudit(laptop.store)).toBeNull();
    laptop.reopen();
    expect(verifyLaptopAudit(laptop.store)).toBeNull();
    expect(outboxOf(laptop.store)).toHaveLength(3);
  });

  test('waiting changes lie on top of what came, and what they would be taken back to is what the firm has now', async () => {
    const { matterId } = matterAt(1);
    rename(matterId, 'Mine');
    await colleague.push([patching('matter', matterId, 1, { title: 'Theirs', case_reference: 'T-1' })]);
    await copyInto(laptop.store, remote);
    expect(rowsOf(laptop.store, 'matter').get(matterId)).toMatchObject({ title: 'Mine', case_reference: 'T-1', revision: 2 });
    const before = laptop.store.raw.prepare('select before from outbox').pluck().get();
    expect(JSON.parse(String(before))).toMatchObject({ title: 'Theirs' });
    await pushWaiting(laptop.store, remote);
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
    expect(titleOf(matterId)).toBe('Theirs');
    const inbox = createInbox({ store: laptop.store, write: laptop.write, userId: laptop.userId, onDecided: () => undefined });
    expect(inbox.conflicts()).toHaveLength(1);
  });

  test('what was made here and never sent stays, with its later changes, and is sent', async () => {
    const matterId = freshId();
    must(laptop.write((change) => ok({ done: change.insert('matter', { matterId, title: 'Made here', status: 'Open' }) })));
    rename(matterId, 'Made here, renamed');
    await copyInto(laptop.store, remote);
    expect(rowsOf(laptop.store, 'matter').get(matterId)).toMatchObject({ title: 'Made here, renamed', revision: 0 });
    while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
    expect(rowsOf(laptop.store, 'matter').get(matterId)).toMatchObject({ title: 'Made here, renamed', revision: 2 });
  });

  test('what was sent while its answer was lost comes as the firm has it, with the later change on top', async () => {
    const matterId = freshId();
    must(laptop.write((change) => ok({ done: change.insert('matter', { matterId, title: 'Sent', status: 'Open' }) })));
    const [waiting] = outboxOf(laptop.store);
    await remote.push([
      {
        mutationId: waiting?.mutation_id ?? '',
        entity: 'matter',
        entityId: matterId,
        op: 'insert',
        baseRevision: 0,
        patch: { title: 'Sent', status: 'Open' },
      },
    ]);
    rename(matterId, 'And changed');
    await copyInto(laptop.store, remote);
    expect(rowsOf(laptop.store, 'matter').get(matterId)).toMatchObject({
      title: 'And changed',
      revision: 1,
      created_by: (await remote.whoami()).userId,
    });
    expect(outboxOf(laptop.store)).toHaveLength(2);
  });

  test('what the assistant was asked about a document goes out of sight with it', async () => {
    const { raw } = laptop.store;
    const [gone = '', stays = ''] = [...rowsOf(laptop.store, 'document').keys()];
    const put = raw.prepare('insert into asked_document values (?, ?, 0, 0, ?, ?, 1)');
    for (const documentId of [gone, stays]) put.run(documentId, matterAt(0).matterId, '{"quote":"of the page"}', '[]');
    removeAtFirm('document', gone);
    await copyInto(laptop.store, remote);
    expect(raw.prepare('select document_id from asked_document').pluck().all()).toEqual([stays]);
  });

  test('[S30] unsent changes of rows that are out of sight stay in the outbox for the firm to judge', async () => {
    rename(matterAt(3).matterId, 'Mine');
    hideFrom(firm, (await remote.whoami()).userId, ['matter']);
    await copyInto(laptop.store, remote);
    expect(rowsOf(laptop.store, 'matter').size).toBe(0);
    expect(outboxOf(laptop.store)).toMatchObject([{ entity: 'matter', entity_id: matterAt(3).matterId, state: 'waiting' }]);
  });

  test('[S14] text that goes with an update while its letter stays is written again', async () => {
    const { letterId, updateId } = matterAt(0);
    const base = rowsOf(laptop.store, 'letter_update').get(updateId);
    const bytes = Buffer.from(String(base?.['payload']).slice(2), 'hex');
    const typed = insertParagraph(mergeLetterUpdates([bytes]), '', 'Only here.');
    const edit = { ...anEdit(letterId), patch: { letter_id: letterId, payload: `\\x${Buffer.from(typed).toString('hex')}` } };
    await colleague.push([edit]);
    while ((await pullOnce(laptop.store, remote, () => 0)).more);
    removeAtFirm('letter_update', edit.entityId);
    await copyInto(laptop.store, remote);
    const left = [...rowsOf(laptop.store, 'letter_update').values()].filter((row) => row['letter_id'] === letterId);
    const body = mergeLetterUpdates(left.map((row) => Buffer.from(String(row['payload']).slice(2), 'hex')));
    expect(JSON.stringify(blocksFromLetterBody(body))).toContain('Only here.');
    expect(outboxOf(laptop.store)).toMatchObject([{ entity: 'letter_update', op: 'insert', state: 'waiting' }]);
  });

  test('[S7] what a newer app wrote is parked, and a row it made unreadable stays as it was understood last', async () => {
    const [plain, strange] = [firm.rows.get('matter')?.get(matterAt(0).matterId), firm.rows.get('matter')?.get(matterAt(1).matterId)];
    Object.assign(plain?.row ?? {}, { venue: 'County', revision: 2 });
    Object.assign(strange?.row ?? {}, { status: 'Mediation', title: 'Renamed by the newer app', revision: 2 });
    await copyInto(laptop.store, remote);
    const parked = laptop.store.raw.prepare('select entity_id as id, columns from parked order by 1').all() as {
      id: string;
      columns: string;
    }[];
    expect(parked.map(({ id }) => id).sort()).toEqual([matterAt(0).matterId, matterAt(1).matterId].sort());
    expect(parked.find(({ id }) => id === matterAt(0).matterId)?.columns).toBe('{"venue":"County"}');
    expect(titleOf(matterAt(1).matterId)).toBe('Matter 1');
    expect(titleOf(matterAt(0).matterId)).toBe('Matter 0');
  });

  test('an open letter gets the words that came, one update at a time', async () => {
    const edit = anEdit(matterAt(2).letterId);
    edit.patch['payload'] = `\\x${Buffer.from(letterBodyFromBlocks([])).toString('hex')}`;
    await colleague.push([edit]);
    const { touched } = await copyInto(laptop.store, remote);
    expect(touched).toContainEqual({ entity: 'letter_update', entityId: edit.entityId });
  });

  test('the user’s own words, sent while rows are fetched, are never gone', async () => {
    const { matterId } = matterAt(4);
    let isSent = false;
    const sendUntil = async (): Promise<boolean> => {
      rename(matterId, 'Sent meanwhile');
      isSent = (await pushWaiting(laptop.store, remote)).did === 'pushed';
      return isSent;
    };
    await copyInto(laptop.store, remote, { sendUntil });
    expect([isSent, titleOf(matterId), outboxOf(laptop.store)]).toEqual([true, 'Sent meanwhile', []]);
    expect(rowsOf(laptop.store, 'matter').get(matterId)).toMatchObject({ revision: 2 });
  });
});

test('control: without reading the feed once more the words sent meanwhile are gone until the next pull', async () => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  matters = await pushMatters(remote, 2);
  await copyInto(laptop.store, remote);
  const { matterId } = matterAt(1);
  // the copy is whole before anything is sent, and it is said that nothing was
  const sendUntil = async (fetched?: Promise<unknown>): Promise<boolean> => {
    await fetched;
    rename(matterId, 'Sent meanwhile');
    await pushWaiting(laptop.store, remote);
    return false;
  };
  await copyInto(laptop.store, remote, { sendUntil });
  expect(titleOf(matterId)).toBe('Matter 1');
  laptop.store.close();
});
