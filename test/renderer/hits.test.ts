import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { XmlElement, XmlText } from 'yjs';
import type { LetterValues } from '../../src/shared/letters.ts';
import { createHitFinder, hitFrom, type Wanted } from '../../src/renderer/letters/hits.ts';
import { replaceHits } from '../../src/renderer/letters/replace-hits.ts';
import { checked } from '../support/checked.ts';
import { copyOf, editorOnYjs, letterOf, meet, textOf, type Said } from '../support/editor-on-yjs.ts';
import { noValues } from '../support/letter-values.ts';

const values: LetterValues = {
  ...noValues,
  variables: {
    client_name: { name: 'client_name', label: 'Client', text: 'Maria Okafor', state: 'approved', sources: [], working: null },
  },
};

function found(paragraphs: Said[][], wanted: Partial<Wanted> & { words: string }): string[] {
  const doc = letterOf(...paragraphs);
  return createHitFinder({ matchCase: false, wholeWords: false, ...wanted }, values)
    .in(doc)
    .map(({ from, to, variable }) => variable ?? doc.textBetween(from, to));
}

describe('finding words in a letter', () => {
  test('across bold and plain, not across paragraphs', () => {
    expect(found([['the wet ', { text: 'fl', marks: ['bold'] }, 'oor'], ['flo'], ['or']], { words: 'floor' })).toEqual(['floor']);
  });

  test('in what a chip shows, alone or together with words beside it', () => {
    expect(found([['Ms. ', { chip: 'client_name' }, ' fell; Okafor']], { words: 'okafor' })).toEqual(['client_name', 'Okafor']);
    expect(found([['Ms. ', { chip: 'client_name' }, ' fell']], { words: 'Ms. Maria' })).toEqual(['client_name']);
    expect(found([[{ chip: 'client_name' }, ' fell']], { words: 'Okafor fell' })).toEqual(['client_name']);
    expect(found([[{ chip: 'client_name' }, ' fell']], { words: ' fell' })).toEqual([' fell']);
  });

  test('case and whole words where they are asked for', () => {
    const text = [['Store, store, stores, in-store, store’s']];
    expect(found(text, { words: 'store' })).toHaveLength(5);
    expect(found(text, { words: 'Store', matchCase: true })).toEqual(['Store']);
    expect(found(text, { words: 'store', wholeWords: true })).toHaveLength(4);
    expect(found([['naïve ïve']], { words: 'ïve', wholeWords: true })).toEqual(['ïve']);
  });

  test('quotation marks, hyphens and spaces as they are typed or printed', () => {
    expect(found([['the store’s “wet\u00adfloor” no\u2011slip']], { words: 'store\'s "wet' })).toEqual(['store’s “wet']);
    expect(found([['no\u2011slip']], { words: 'no-slip' })).toEqual(['no\u2011slip']);
    expect(found([['Exhibit\u00a0A']], { words: 'exhibit a' })).toEqual(['Exhibit\u00a0A']);
  });

  test('characters that mean something in a pattern are only themselves', () => {
    for (const words of ['$1,200.00', '(a)', '[PAGE]', 'a.m./p.m.', '50%?', '\\', '^', 'a|b', '{x}', 'C++'])
      expect(found([[`before ${words} after`]], { words })).toEqual([words]);
    expect(found([['1x200']], { words: '1.200' })).toEqual([]);
  });

  test('whatever is looked for, all that is found reads like it', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', '.', '’', 'é', '(', 'ß', 'İ'), minLength: 1, maxLength: 3 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', '.', '’', 'é', '(', 'ß', 'İ'), minLength: 1, maxLength: 40 });
    checked(words, fc.array(text, { minLength: 1, maxLength: 4 }), (wanted, paragraphs) => {
      const hits = found(
        paragraphs.map((one) => [one]),
        { words: wanted, matchCase: true },
      );
      const expected = paragraphs.reduce((sum, one) => sum + one.split(wanted).length - 1, 0);
      expect(hits).toEqual(Array.from({ length: expected }, () => wanted));
    });
  });

  test('a paragraph that did not change is not read again', () => {
    let reads = 0;
    const counting = new Proxy(values, {
      get: (target, name: keyof LetterValues) => {
        if (name === 'variables') reads += 1;
        return target[name];
      },
    });
    const finder = createHitFinder({ words: 'fell', matchCase: false, wholeWords: false }, counting);
    const doc = letterOf(...Array.from({ length: 20 }, (_, nth) => [`${String(nth)} `, { chip: 'client_name' }]));
    finder.in(doc);
    const ofOne = reads / 20;
    reads = 0;
    finder.in(doc.copy(doc.content.addToEnd(letterOf([{ chip: 'client_name' }]).child(0))));
    expect(reads).toBe(ofOne);
  });

  test('the next is the one after the caret, and after the last comes the first', () => {
    const hits = [2, 8, 20].map((from) => ({ from, to: from + 2, variable: null }));
    expect([hitFrom(hits, 0, 1), hitFrom(hits, 8, 1), hitFrom(hits, 9, 1), hitFrom(hits, 21, 1)]).toEqual([0, 1, 2, 0]);
    expect([hitFrom(hits, 8, -1), hitFrom(hits, 0, -1), hitFrom([], 0, 1)]).toEqual([0, 2, -1]);
  });
});

describe('writing something else', () => {
  const finder = (words: string) => createHitFinder({ words, matchCase: true, wholeWords: false }, values);

  test('all that was typed is replaced, chips never', () => {
    const window = editorOnYjs(letterOf(['Okafor and ', { chip: 'client_name' }, ' and Okafor'], ['Okafor']));
    expect(replaceHits(window.editor, finder('Okafor').in(window.editor.state.doc), 'Ms. Okafor')).toBe(3);
    expect(window.text()).toBe('Ms. Okafor and {client_name} and Ms. Okafor\nMs. Okafor');
  });

  test('the new words look like the first of the old ones', () => {
    const window = editorOnYjs(letterOf(['a ', { text: 'wet', marks: ['bold'] }, ' floor']));
    replaceHits(window.editor, finder('wet floor').in(window.editor.state.doc), 'spill');
    expect(window.editor.state.doc.child(0).lastChild?.marks.map(({ type }) => type.name)).toEqual(['bold']);
    expect(window.text()).toBe('a spill');
  });

  test('what a colleague writes meanwhile between two of them stays, wherever it is', () => {
    const word = fc.constantFrom('wet', 'dry', 'cold');
    const paragraphs = fc.array(fc.array(word, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 4 });
    checked(paragraphs, fc.nat(), fc.constantFrom('', 'soaked', 'w'), (said, pick, words) => {
      const window = editorOnYjs(letterOf(...said.map((one) => [one.join(' and ')])));
      const hers = copyOf(window.doc);
      const line = pick % said.length;
      const before = 1 + (pick % ((said[line]?.length ?? 2) - 1));
      const place = (said[line] ?? []).slice(0, before).join(' and ').length + ' and'.length;
      ((hers.getXmlFragment('body').get(line) as XmlElement).get(0) as XmlText).insert(place, ' HERS');
      replaceHits(window.editor, finder('wet').in(window.editor.state.doc), words);
      meet(window.doc, hers);
      const expected = said.map((one, nth) => {
        const mine = one.map((each) => (each === 'wet' ? words : each));
        return nth === line ? `${mine.slice(0, before).join(' and ')} and HERS ${mine.slice(before).join(' and ')}` : mine.join(' and ');
      });
      expect(textOf(window.doc)).toBe(expected.join('\n'));
      expect(textOf(hers)).toBe(expected.join('\n'));
    });
  });

  test('what she strikes out meanwhile between two of them stays struck out', () => {
    const window = editorOnYjs(letterOf(['wet one wet two wet']));
    const hers = copyOf(window.doc);
    ((hers.getXmlFragment('body').get(0) as XmlElement).get(0) as XmlText).delete(3, 4);
    replaceHits(window.editor, finder('wet').in(window.editor.state.doc), 'dry');
    meet(window.doc, hers);
    expect(window.text()).toBe('dry dry two dry');
  });

  test('a thousand places take as many goes as one paragraph has of them, at most', () => {
    const window = editorOnYjs(letterOf(...Array.from({ length: 250 }, () => ['wet wet wet wet'])));
    expect(replaceHits(window.editor, finder('wet').in(window.editor.state.doc), 'dry')).toBe(1000);
    expect(window.dispatched()).toBe(4);
    expect(window.text()).not.toContain('wet');
  });
});
