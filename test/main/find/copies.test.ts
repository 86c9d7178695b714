import { beforeEach, describe, expect, test } from 'vitest';
import type { Find } from '../../../src/main/find/find.ts';
import { pullOnce } from '../../../src/main/sync/pull.ts';
import type { Remote } from '../../../src/main/sync/remote.ts';
import { copyInto } from '../../support/copying.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { finder } from '../../support/find-pages.ts';
import { hideFrom } from '../../support/fake-snapshot.ts';
import { pushMatters, type FilledMatter } from '../../support/firm-with-matters.ts';
import { makeLaptop, must, type TestLaptop } from '../../support/laptop.ts';
import { inserting } from '../../support/mutations.ts';
import { indexText, missingPages, wrongInIndex } from '../../support/whole-index.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let colleague: Remote;
let matters: FilledMatter[];
/** One for the laptop's whole life, as a seat has it: stores change under it. */
let find: Find;

const pagesFound = (words: string): number => must(find.search({ words })).hits.filter(({ sentence }) => sentence !== null).length;
async function expectWhole(): Promise<void> {
  expect(wrongInIndex(laptop.store)).toEqual([]);
  await find.settled();
  expect(wrongInIndex(laptop.store)).toEqual([]);
  expect(missingPages(laptop.store)).toEqual([]);
}
const aPage = (text: string) => inserting('page', { document_id: matters[0]?.documentId ?? '', page_number: 3, extracted_text: text });

/** How a copy of the firm is published: in the store's place, or into it where the user's files make it too large to be replaced. */
describe.each(['by taking the place of the store', 'by what differs'])('a copy published %s', (way) => {
  beforeEach(async () => {
    firm = server.addFirm();
    laptop = makeLaptop();
    find = finder(laptop.store);
    await find.settled();
    remote = server.signIn(firm, 'Attorney', laptop.deviceId);
    colleague = server.signIn(firm, 'Attorney');
    matters = await pushMatters(colleague, 4);
    await copyInto(laptop.store, remote);
    if (way === 'by what differs')
      laptop.store.raw.prepare(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`).run();
    return () => laptop.store.close();
  });

  test('has an index soon after, and rows that come by the feed have one too', async () => {
    expect(pagesFound('page')).toBe(0);
    await expectWhole();
    expect(pagesFound('page')).toBe(8);
    await colleague.push([aPage('Quetzalcoatlus came by the feed')]);
    for (let more = true; more;) ({ more } = await pullOnce(laptop.store, remote, () => 1));
    await expectWhole();
    expect(pagesFound('Quetzalcoatlus')).toBe(1);
  });

  test('[S6] takes what is gone out of the index with itself, and brings what is new', async () => {
    await colleague.push([aPage('Quetzalcoatlus is here')]);
    await copyInto(laptop.store, remote);
    await expectWhole();
    expect(pagesFound('Quetzalcoatlus')).toBe(1);
    for (const [id, { row }] of firm.rows.get('page') ?? []) {
      if (row['extracted_text'] !== 'Quetzalcoatlus is here') continue;
      firm.rows.get('page')?.delete(id);
      firm.feed.push({ entity: 'page', entityId: id });
    }
    await colleague.push([aPage('Archaeopteryx is here')]);
    await copyInto(laptop.store, remote);
    expect(pagesFound('Quetzalcoatlus')).toBe(0);
    expect(indexText(laptop.store)).not.toContain('uetzal');
    await expectWhole();
    expect(pagesFound('Archaeopteryx')).toBe(1);
  });

  test('[S30] what its user may no longer see is out of the index with the rows', async () => {
    await expectWhole();
    expect(indexText(laptop.store)).toContain('page');
    hideFrom(firm, (await remote.whoami()).userId, ['document', 'page']);
    await copyInto(laptop.store, remote);
    expect(
      laptop.store.raw
        .prepare('select (select count(*) from find_page) + (select count(*) from find_word) + (select count(*) from find_document)')
        .pluck()
        .get(),
    ).toBe(0);
    expect(indexText(laptop.store)).not.toContain('page');
    await expectWhole();
  });
});
