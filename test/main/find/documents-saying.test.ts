import { expect, test } from 'vitest';
import { documentsNaming } from '../../../src/main/find/find.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';

test('documents of a matter that name a day in any form, or a day of a year; what is not looked through yet may be one of them', async () => {
  const laptop = makeFindLaptop();
  const { store } = laptop;
  const [ames, bell] = [laptop.addMatter('Ames'), laptop.addMatter('Bell')];
  expect(documentsNaming(store, ames, ['2024-02-15'])).toBeNull(); // nothing is looked through
  const day = laptop.addDocument(ames, 'a.txt', ['', 'Seen February 15, 2024']);
  const other = laptop.addDocument(ames, 'b.txt', ['Seen 3/1/24']);
  laptop.addDocument(ames, 'c.txt', ['Born 03/03/1978']);
  laptop.addDocument(bell, 'd.txt', ['Seen 02/15/2024']);
  await laptop.find.settled();
  expect(documentsNaming(store, ames, ['2024-02-15', '2024-02-16'])).toEqual(new Set([day]));
  expect(documentsNaming(store, ames, ['2024'])).toEqual(new Set([day, other]));
  expect(documentsNaming(store, ames, [])).toEqual(new Set());
  const late = laptop.addDocument(ames, 'e.txt', ['nothing']);
  laptop.addDocument(bell, 'f.txt', ['nothing']);
  expect(documentsNaming(store, ames, ['2024-02-15'])).toEqual(new Set([day, late]));
});
