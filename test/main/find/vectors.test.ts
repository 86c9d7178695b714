import { expect, test } from 'vitest';
import { createFind, type Find } from '../../../src/main/find/find.ts';
import type { Embedder } from '../../../src/main/find/vectors.ts';
import { makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';
import { wrongInIndex } from '../../support/whole-index.ts';

const subjects = [/knee|joint|leg/i, /money|bill|owe/i, /car|road|drive/i];

/** Knows three subjects, and how much of a text is about each. */
function fakeModel(model = 'three-subjects'): Embedder & { texts: string[]; isAway: boolean } {
  const fake = {
    model,
    texts: [] as string[],
    isAway: false,
    embed(texts: string[]): Promise<Float32Array[]> {
      if (fake.isAway) return Promise.reject(new Error('nobody answers'));
      fake.texts.push(...texts);
      return Promise.resolve(texts.map((text) => Float32Array.from(subjects, (subject) => (subject.test(text) ? 1 : 0))));
    },
  };
  return fake;
}
const withModel = (laptop: FindLaptop, embedder: Embedder): Find =>
  createFind({ store: laptop.store, onBug: (error) => void laptop.bugs.push(error), onIndexed: () => undefined, embedder });
const names = async (find: Find, words: string): Promise<string[]> => must(await find.ask({ words })).hits.map(({ fileName }) => fileName);

function files(): FindLaptop {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  laptop.addDocument(matterId, 'a.txt', ['The joint was swollen.']);
  laptop.addDocument(matterId, 'b.txt', ['The bill is not paid.']);
  laptop.addDocument(matterId, 'c.txt', ['A knee was seen on the road.']);
  return laptop;
}

test('with a model of the firm what means it is found as well, after what says it; without one only what says it', async () => {
  const laptop = files();
  const find = withModel(laptop, fakeModel());
  await find.settled();
  expect(await names(find, 'knee')).toEqual(['c.txt', 'a.txt']);
  const { hits } = must(await find.ask({ words: 'leg' }));
  expect(hits.map(({ why }) => why[0]?.how)).toEqual(['meaning', 'meaning']);
  expect(await names(laptop.find, 'leg')).toEqual([]);
  expect(await names(laptop.find, 'knee')).toEqual(['c.txt']);
});

test('a model that cannot be reached takes nothing away; what it missed it is asked for again', async () => {
  const laptop = files();
  const model = fakeModel();
  const find = withModel(laptop, model);
  model.isAway = true;
  await expect(find.settled()).rejects.toThrow('nobody');
  expect(await names(find, 'knee')).toEqual(['c.txt']);
  model.isAway = false;
  await find.settled();
  expect(model.texts).toHaveLength(3);
  await find.settled();
  expect(model.texts).toHaveLength(3);
});

test('what a passage means goes with its page, and another model begins anew', async () => {
  const laptop = files();
  await withModel(laptop, fakeModel()).settled();
  const count = (): unknown => laptop.store.raw.prepare('select count(*), min(model) as model from find_vector').raw().get();
  expect(count()).toEqual([3, 'three-subjects']);
  laptop.store.raw.exec(`delete from page where extracted_text like 'The joint%'`);
  expect(count()).toEqual([2, 'three-subjects']);
  expect(wrongInIndex(laptop.store)).toEqual([]);
  await withModel(laptop, fakeModel('another')).settled();
  expect(count()).toEqual([2, 'another']);
});

test('a passage that changed while the model thought keeps no numbers of what it was', async () => {
  const laptop = files();
  const model = fakeModel();
  const { embed } = model;
  let isFirst = true;
  model.embed = async (texts) => {
    const vectors = await embed(texts);
    if (isFirst) laptop.store.raw.exec(`delete from page where extracted_text like 'The joint%'`);
    isFirst = false;
    return vectors;
  };
  await withModel(laptop, model).settled();
  expect(
    laptop.store.raw
      .prepare('select count(*) from find_vector v where not exists (select 1 from find_chunk c where c.chunk_id = v.chunk_id)')
      .pluck()
      .get(),
  ).toBe(0);
});
