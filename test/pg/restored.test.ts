import { expect, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { verifyAudit } from '../../src/main/admin/audit/verify-audit.ts';
import { verifyLaptopAudit } from '../../src/main/audit/audit.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { anchorOnce, handBackAll } from '../../src/main/sync/anchor.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { backUpServer } from '../support/server-backup.ts';

const world = await createPgWorld();
const { admin, firms } = world;

interface Seat {
  laptop: TestLaptop;
  remote: Remote;
}
async function seat(): Promise<Seat> {
  const laptop = makeLaptop();
  return { laptop, remote: await world.connect('one', 'Attorney', laptop.deviceId) };
}
async function round({ laptop: { store }, remote }: Seat): Promise<{ restored: number | null; left: number }> {
  const { restored } = await anchorOnce(store, remote);
  const { left } = await handBackAll(store, remote);
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
  await anchorOnce(store, remote);
  return { restored, left };
}
function newMatter({ laptop }: Seat, title: string): string {
  const matterId = freshId();
  must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title, status: 'Open' }) })));
  return matterId;
}
const retitle = ({ laptop }: Seat, id: string, title: string): void =>
  void must(laptop.write((change) => ok({ is: change.patch('matter', id, { title }) })));
const atFirm = async (id: string): Promise<unknown> =>
  (await admin.query<{ title: string }>('select title from steno.matter where matter_id = $1', [id])).rows[0]?.title;

test('[S13] the firm’s server is restored from a backup: laptops hand back what it forgot, the later change stands, the audit is whole', async () => {
  const [ana, ben] = [await seat(), await seat()];
  const shared = newMatter(ana, 'In the backup');
  await round(ana);
  await round(ben);
  const backup = await backUpServer(admin);
  const anas = newMatter(ana, 'Ana’s, after the backup');
  retitle(ana, shared, 'as Ana calls it');
  await round(ana);
  await round(ben);
  retitle(ben, shared, 'as Ben calls it, who saw Ana’s');
  retitle(ben, anas, 'Ben was here');
  await round(ben);
  await backup.restore();
  expect(await atFirm(anas)).toBeUndefined();

  expect(await round(ben)).toEqual({ restored: 2, left: 1 }); // Ana's matter is not there yet
  expect(await round(ana)).toEqual({ restored: 3, left: 0 });
  expect(await round(ben)).toEqual({ restored: null, left: 0 });
  await round(ana);
  expect([await atFirm(shared), await atFirm(anas)]).toEqual(['as Ben calls it, who saw Ana’s', 'Ben was here']);
  for (const { laptop } of [ana, ben]) {
    expect(outboxOf(laptop.store)).toEqual([]);
    expect(rowsOf(laptop.store, 'matter').get(anas)?.['title']).toBe('Ben was here');
  }
  expect(must(await verifyAudit(admin, { slug: 'one' }))[0]?.faults).toEqual([]);
});

test('[S13] nobody lifts a row’s revision out of reach, hands back for another firm, or asks about its changes', async () => {
  const ana = await seat();
  const id = newMatter(ana, 'Mine');
  await round(ana);
  const there = await world.connect('two', 'Attorney');
  const patch = { mutationId: freshId(), entity: 'matter', entityId: id, op: 'patch' as const, baseRevision: 1, patch: { title: 'x' } };
  expect(await there.handBack([{ ...patch, revision: 5 }])).toMatchObject([{ verdict: 'fenced' }]);
  expect(await ana.remote.handBack([{ ...patch, revision: 2_000_000_000 }])).toMatchObject([{ verdict: 'merged', revision: 1002 }]);
  const viewer = await world.connect('one', 'Viewer');
  expect(await viewer.handBack([{ ...patch, mutationId: freshId(), revision: 2_000 }])).toMatchObject([{ verdict: 'rejected' }]);
  expect((await admin.query('select revision from steno.matter where matter_id = $1', [id])).rows[0]).toEqual({ revision: 1002 });

  const head = (await ana.remote.anchor(null, [], own(0))).head;
  expect(await ana.remote.anchor(head, [patch.mutationId], own(0))).toMatchObject({ holds: true, missing: [] });
  expect(await there.anchor(head, [patch.mutationId], own(0))).toMatchObject({ holds: false, missing: [patch.mutationId] });
});

const chain = freshId();
const own = (sequence: number, digit = 'a') => ({ chain, sequence, hash: digit.repeat(64) });

test('[R11] a laptop’s own audit is chained, anchored at the firm, and one rewritten after it was seen goes on the record', async () => {
  const ana = await seat();
  const id = newMatter(ana, 'First');
  retitle(ana, id, 'Second');
  expect(verifyLaptopAudit(ana.laptop.store)).toBeNull();
  await ana.remote.anchor(null, [], own(5));
  await ana.remote.anchor(null, [], own(7));
  const noted = async (): Promise<number> =>
    (await admin.query(`select from steno.audit_event where firm_id = $1 and action = 'laptop_audit_differs'`, [firms.one.firmId]))
      .rowCount ?? 0;
  expect(await noted()).toBe(0);
  await ana.remote.anchor(null, [], own(7, 'b'));
  expect(await noted()).toBe(1);
  await ana.remote.anchor(null, [], own(6));
  expect(await noted()).toBe(2);
});
