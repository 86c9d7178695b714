import { expect, test } from 'vitest';
import { err, ok } from '../../../src/shared/result.ts';
import { laptopAuditHead, verifyLaptopAudit } from '../../../src/main/audit/audit.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { makeLaptop, must, type TestLaptop } from '../../support/laptop.ts';

function worked(): TestLaptop {
  const laptop = makeLaptop();
  for (let n = 0; n < 6; n += 1) {
    const matterId = freshId();
    must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title: `M${String(n)}`, status: 'Open' }) })));
    must(laptop.write((change) => ok({ is: change.patch('matter', matterId, { title: 'renamed' }) })));
  }
  return laptop;
}

test('[S1] a change, its audit event and its outbox row commit together, or none of them', () => {
  const laptop = makeLaptop();
  const counts = (): unknown =>
    laptop.store.raw
      .prepare(
        'select (select count(*) from matter) as rows, (select count(*) from outbox) as sent, (select count(*) from audit_event) as audited',
      )
      .get();
  const insert = (matterId: string, fails: boolean) =>
    laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      return fails ? err({ code: 'cancelled', what: 'it' }) : ok({});
    });
  insert(freshId(), true);
  expect(counts()).toEqual({ rows: 0, sent: 0, audited: 0 });
  insert(freshId(), false);
  expect(counts()).toEqual({ rows: 1, sent: 1, audited: 1 });
});

test('[R11] what was done says who, what it was and what it is; long texts as hash and length', () => {
  const laptop = makeLaptop();
  const matterId = freshId();
  must(laptop.write((change) => ok({ is: change.insert('matter', { matterId, title: 'T'.repeat(300), status: 'Open' }) })));
  must(laptop.write((change) => ok({ is: change.patch('matter', matterId, { title: 'short' }) })));
  const [made, changed] = laptop.store.raw
    .prepare('select user_id, action, old_values, new_values from audit_event order by sequence')
    .all() as {
    new_values: string;
    old_values: string;
  }[];
  expect(made).toMatchObject({ user_id: laptop.userId, action: 'insert', old_values: null });
  expect(JSON.parse(made?.new_values ?? '')).toMatchObject({ title: { length: 300, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(changed).toMatchObject({ action: 'patch', new_values: '{"title":"short"}' });
});

const tamperings: [string, string][] = [
  ['a changed value', `update audit_event set new_values = '{}' where sequence = 4`],
  ['a changed person', `update audit_event set user_id = 'x' where sequence = 4`],
  ['a removed event', 'delete from audit_event where sequence = 4'],
  [
    'two in each other’s place',
    'update audit_event set sequence = -4 where sequence = 4; update audit_event set sequence = 4 where sequence = 5; update audit_event set sequence = 5 where sequence = -4',
  ],
];
test.each(tamperings)('[R11] %s is found; without the triggers’ leave it cannot even be tried', (_, sql) => {
  const { store } = worked();
  expect(verifyLaptopAudit(store)).toBeNull();
  expect(() => store.raw.exec(sql)).toThrow(/append-only/);
  store.raw.exec('drop trigger audit_event_kept; drop trigger audit_event_there');
  store.raw.exec(sql);
  expect(verifyLaptopAudit(store)).toBe(4);
});

test('[R11] a chain cut at its end is whole in itself: the head that the firm has seen tells', () => {
  const { store } = worked();
  const seen = laptopAuditHead(store);
  store.raw.exec('drop trigger audit_event_there; delete from audit_event where sequence > 8');
  expect(verifyLaptopAudit(store)).toBeNull();
  expect(laptopAuditHead(store).sequence).toBeLessThan(seen.sequence);
});
