import { expect, test } from 'vitest';
import { localAccount } from '../../../src/main/store/schema.ts';
import { localMigrations, migrateStore } from '../../../src/main/store/migrate.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

test('what this user brought before there were links is looked at once; what colleagues brought is theirs to look at', () => {
  const laptop = makeFindLaptop();
  const { store, userId } = laptop;
  const matterId = laptop.addMatter();
  const [mine, theirs, unread] = ['a.txt', 'b.txt', 'c.txt'].map((name) => laptop.addDocument(matterId, name, ['x']));
  store.raw.prepare('update document set uploaded_by = ? where document_id in (?, ?)').run(userId, mine, unread);
  store.raw.prepare(`update document set uploaded_by = 'colleague' where document_id = ?`).run(theirs);
  store.raw.prepare(`update document set processing_status = 'failed' where document_id = ?`).run(unread);
  store.db.insert(localAccount).values({ only: 1, account: { userId }, verifier: 'x', verifiedAt: 0 }).run();
  must(migrateStore(store.raw, localMigrations(), 9));
  must(migrateStore(store.raw, localMigrations()));
  expect(store.raw.prepare('select kind, dedupe_key, payload, state from job').all()).toEqual([
    { kind: 'link-document', dedupe_key: mine, payload: JSON.stringify({ documentId: mine }), state: 'ready' },
  ]);
});
