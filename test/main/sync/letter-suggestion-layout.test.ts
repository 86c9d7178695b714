import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block, Inline } from '../../../src/shared/letters.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, docFrom, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { suggestEdit, suggestWords, textBlocks } from '../../../src/main/sync/letter-suggestion.ts';
import { doesAsItSays } from '../../../src/main/sync/letter-suggestion-check.ts';
import { placeOfWords } from '../../support/letter-place.ts';

const say = (text: string): Inline => ({ type: 'text', text });
const paragraph = (...content: (string | Inline)[]): Block => ({
  type: 'paragraph',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const note = (text: string): Inline => ({ type: 'footnote', content: [say(text)] });
const shown = (): string => '____';

const letter: Block[] = [
  paragraph('The store ', note('Harbor Street.'), 'knew of the spill.'),
  {
    type: 'table',
    rows: [
      { isHead: true, cells: [[paragraph('Item')], [paragraph('Amount')]] },
      { isHead: false, cells: [[paragraph('Rental car')], [paragraph('$412.50')]] },
    ],
  },
];
const state = letterBodyFromBlocks(letter);
const suggested = (words: string, becomes: string) => {
  const place = placeOfWords(state, words);
  const made = suggestEdit(state, place, becomes, shown);
  if (!made) throw new Error('no suggestion');
  expect(isValidLetterUpdate(made.update)).toBe(true);
  return { made, place, after: blocksFromLetterBody(mergeLetterUpdates([state, made.update])) };
};

describe('a suggestion', () => {
  test('in a cell changes its words and nothing else', () => {
    const { made, place, after } = suggested('Rental car', 'Rental truck');
    expect(made).toMatchObject({ was: 'Rental car', becomes: 'Rental truck' });
    expect(doesAsItSays(state, made, place)).toBe(true);
    expect(JSON.stringify(after)).toBe(JSON.stringify(letter).replace('Rental car', 'Rental truck'));
  });

  test('in a footnote changes its words and nothing else', () => {
    const { made, place, after } = suggested('Harbor Street', 'Harbor Avenue');
    expect(made).toMatchObject({ was: 'Harbor Street', becomes: 'Harbor Avenue' });
    expect(doesAsItSays(state, made, place)).toBe(true);
    expect(JSON.stringify(after)).toBe(JSON.stringify(letter).replace('Harbor Street', 'Harbor Avenue'));
  });

  test('around a footnote leaves it where it is', () => {
    const [from] = placeOfWords(state, 'The store').split('.');
    const [, to] = placeOfWords(state, 'knew of the spill').split('.');
    const place = `${String(from)}.${String(to)}`;
    const made = suggestEdit(state, place, 'The market had seen the spill', shown);
    if (!made) throw new Error('no suggestion');
    expect(made.was).toBe('The store knew of the spill');
    expect(doesAsItSays(state, made, place)).toBe(true);
    const [first] = blocksFromLetterBody(mergeLetterUpdates([state, made.update]));
    const content = first?.type === 'paragraph' ? first.content : [];
    expect(content.filter(({ type }) => type === 'footnote')).toEqual([note('Harbor Street.')]);
    expect(content.map((inline) => (inline.type === 'text' ? inline.text : '')).join('')).toBe('The market had seen the spill.');
  });

  test('of the assistant: cells are paragraphs it is given, footnotes are left to people', () => {
    expect(textBlocks(state).map(({ text }) => text)).toEqual(['The store knew of the spill.', 'Item', 'Amount', 'Rental car', '$412.50']);
    const made = suggestWords(state, { block: 4, quote: 'Rental car', becomes: 'Hired car' }, shown);
    expect(made?.becomes).toContain('Hired car');
    expect(doesAsItSays(state, made ?? { update: new Uint8Array(), was: '', becomes: '' }, made?.place ?? '')).toBe(true);
  });

  test('that also changes what it does not say is told: words of a footnote, the footnote itself, a row, a number', () => {
    const { made, place } = suggested('knew of', 'saw');
    const hidden = (change: (body: Y.XmlFragment) => void): boolean => {
      const doc = docFrom([state, made.update]);
      change(doc.getXmlFragment('body'));
      const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(state));
      doc.destroy();
      return doesAsItSays(state, { ...made, update }, place);
    };
    const first = (body: Y.XmlFragment): Y.XmlElement => body.get(0) as Y.XmlElement;
    const footnoteIn = (body: Y.XmlFragment): Y.XmlElement => first(body).get(1) as Y.XmlElement;
    expect(hidden(() => undefined)).toBe(true);
    expect(hidden((body) => (footnoteIn(body).get(0) as Y.XmlText).insert(0, 'Not '))).toBe(false);
    expect(
      hidden((body) => {
        first(body).delete(1, 1);
      }),
    ).toBe(false);
    expect(
      hidden((body) => {
        const other = new Y.XmlElement('footnote');
        other.insert(0, [new Y.XmlText('Harbor Street.')]);
        first(body).delete(1, 1);
        first(body).insert(1, [other]);
      }),
    ).toBe(false);
    expect(hidden((body) => (body.get(1) as Y.XmlElement).delete(1, 1))).toBe(false);
    expect(
      hidden((body) => {
        first(body).setAttribute('numbered', true as unknown as string);
      }),
    ).toBe(false);
  });
});
