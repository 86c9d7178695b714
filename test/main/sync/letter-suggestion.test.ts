import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block, Inline } from '../../../src/shared/letters.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import {
  blocksFromLetterBody,
  docFrom,
  hasLooseText,
  letterBodyFromBlocks,
  mergeLetterUpdates,
} from '../../../src/main/sync/letter-doc.ts';
import { readable, suggestEdit } from '../../../src/main/sync/letter-suggestion.ts';
import { doesAsItSays, missingIn } from '../../../src/main/sync/letter-suggestion-check.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`letter-suggestion seed ${String(seed)} (repeat with STENO_SEED)`);

const values: Record<string, string> = { total_billed: '$19,748.00', client_name: 'Maria Rivera', date_of_loss: 'February 15, 2024' };
const shown: Parameters<typeof suggestEdit>[3] = ({ type, name }) => (type === 'citation' ? '(Ex. A at 2)' : (values[name] ?? '____'));
const text = (words: string, marks: { bold?: boolean } = {}): Inline => ({ type: 'text', text: words, ...marks });
const chip = (name: string): Inline => ({ type: 'variable', name });
const cite = (of: string): Inline => ({ type: 'citation', of });
const inlineText = (inline: Inline): string =>
  inline.type === 'text' || inline.type === 'break' || inline.type === 'footnote'
    ? inline.type === 'text'
      ? inline.text
      : inline.type === 'break'
        ? '\n'
        : ''
    : shown({ type: inline.type, name: inline.type === 'variable' ? inline.name : inline.of });
const textOf = (content: readonly Inline[]): string => content.map(inlineText).join('');
const contentOf = (state: Uint8Array, nth = 0): Inline[] => {
  const block = blocksFromLetterBody(state)[nth];
  return block?.type === 'paragraph' ? block.content : [];
};

/** A place between two characters of what a paragraph shows; a chip is one character wide, as in the editor. */
function placeOf(state: Uint8Array, from: number, to: number, nth = 0): string {
  const doc = docFrom([state]);
  const block = doc.getXmlFragment('body').toArray()[nth] as Y.XmlElement;
  const at = (offset: number): string => {
    let left = offset;
    for (const [index, node] of block.toArray().entries()) {
      const width = node instanceof Y.XmlText ? node.length : 1;
      if (node instanceof Y.XmlText && left <= width) return encoded(Y.createRelativePositionFromTypeIndex(node, left));
      if (!(node instanceof Y.XmlText) && left === 0) return encoded(Y.createRelativePositionFromTypeIndex(block, index));
      left -= width;
    }
    return encoded(Y.createRelativePositionFromTypeIndex(block, block.length));
  };
  return `${at(from)}.${at(to)}`;
}
const encoded = (position: Y.RelativePosition): string => Buffer.from(Y.encodeRelativePosition(position)).toString('base64');
const body = (...paragraphs: Inline[][]): Uint8Array =>
  letterBodyFromBlocks(paragraphs.map((content): Block => ({ type: 'paragraph', content })));
const width = (content: readonly Inline[]): number =>
  content.reduce((sum, inline) => sum + (inline.type === 'text' ? inline.text.length : 1), 0);

test('only words that differ change: chips and marks of the others stay', () => {
  const content = [text('We ask for '), chip('total_billed'), text(' within '), text('thirty', { bold: true }), text(' days.')];
  const state = body(content);
  const made = suggestEdit(state, placeOf(state, 0, width(content)), 'We demand $19,748.00 within twenty days, and no less.', shown);
  expect(made).toMatchObject({
    was: 'We ask for {{total_billed}} within thirty days.',
    becomes: 'We demand {{total_billed}} within twenty days, and no less.',
  });
  const after = contentOf(mergeLetterUpdates([state, made?.update ?? new Uint8Array()]));
  expect(textOf(after)).toBe('We demand $19,748.00 within twenty days, and no less.');
  expect(after.filter(({ type }) => type === 'variable')).toEqual([chip('total_billed')]);
  expect(after).toContainEqual(text('twenty', { bold: true }));
});

test('a chip whose words change becomes words; one that is named becomes a chip', () => {
  const content = [chip('client_name'), text(' owes '), chip('total_billed'), text('.')];
  const state = body(content);
  const all = placeOf(state, 0, width(content));
  const typed = suggestEdit(state, all, 'Maria Rivera owes $19,700.00.', shown);
  expect(contentOf(mergeLetterUpdates([state, typed?.update ?? new Uint8Array()]))).toEqual([
    chip('client_name'),
    text(' owes $19,700.00.'),
  ]);
  const named = suggestEdit(state, all, '{{client_name}} fell on {{date_of_loss}} {{cite:date_of_loss}} and owes {{total_billed}}.', shown);
  expect(readable(named?.becomes ?? '', shown)).toBe('Maria Rivera fell on February 15, 2024 (Ex. A at 2) and owes $19,748.00.');
  expect(contentOf(mergeLetterUpdates([state, named?.update ?? new Uint8Array()]))).toEqual([
    chip('client_name'),
    text(' fell on '),
    chip('date_of_loss'),
    text(' '),
    cite('date_of_loss'),
    text(' and owes '),
    chip('total_billed'),
    text('.'),
  ]);
});

test('accepted on two laptops it is applied once; beside what was typed meanwhile it deletes only what stood there', () => {
  const state = body([text('The store ignored the spill.')]);
  const made = suggestEdit(state, placeOf(state, 4, 17), 'market knew of', shown)?.update ?? new Uint8Array();
  expect(textOf(contentOf(mergeLetterUpdates([state, made, made])))).toBe('The market knew of the spill.');
  const doc = docFrom([state]);
  const before = Y.encodeStateVector(doc);
  ((doc.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(9, ' plainly');
  const meanwhile = Y.encodeStateAsUpdate(doc, before);
  const one = mergeLetterUpdates([state, made, meanwhile]);
  const other = mergeLetterUpdates([meanwhile, made, state]);
  expect(textOf(contentOf(one))).toContain(' plainly');
  expect(contentOf(one)).toEqual(contentOf(other));
});

test('no place, two blocks, nothing new: no suggestion', () => {
  const state = body([text('One.')], [text('Two.')]);
  const [from] = placeOf(state, 0, 4).split('.');
  const [, to] = placeOf(state, 0, 4, 1).split('.');
  expect(suggestEdit(state, `${String(from)}.${String(to)}`, 'Three.', shown)).toBeNull();
  expect(suggestEdit(state, placeOf(state, 0, 4), 'One.', shown)).toBeNull();
  for (const place of ['', '.', 'AAAA.AAAA', 'x', `${Buffer.from('body').toString('base64')}.`])
    expect(suggestEdit(state, place, 'x', shown)).toBeNull();
});

test('whatever stands there and whatever shall: the text becomes what was said, and nothing around it changes', () => {
  const name = fc.constantFrom(...Object.keys(values));
  const inline = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('We ', 'ask for ', 'Rivera', ' 19,748.00', ', and', '. ', 'it’s', '$'), fc.boolean())
        .map(([words, bold]) => text(words, bold ? { bold } : {})),
    },
    { weight: 2, arbitrary: name.map(chip) },
    { weight: 1, arbitrary: name.map(cite) },
    { weight: 1, arbitrary: fc.constant<Inline>({ type: 'break' }) },
  );
  const becoming = fc.array(
    fc.oneof(
      fc.constantFrom('We ', 'demand ', 'Maria Rivera', '$19,748.00', '.', ' ', 'February 15, 2024', '\n', '(Ex. A at 2)'),
      name.map((of) => `{{${of}}}`),
      name.map((of) => `{{cite:${of}}}`),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.array(inline, { minLength: 1, maxLength: 10 }), becoming, fc.nat(), fc.nat(), (content, next, a, b) => {
      const state = body(content, [text('Another.')]);
      const size = width(contentOf(state));
      const [from, to] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y) as [number, number];
      const parts = splitAt(contentOf(state), from, to);
      const made = suggestEdit(state, placeOf(state, from, to), next.join(''), shown);
      const wanted = next
        .join('')
        .replaceAll(/\{\{(cite:)?(\w+)\}\}/g, (_all, isCited: string | undefined, of: string) =>
          shown({ type: isCited ? 'citation' : 'variable', name: of }),
        );
      const after = made ? mergeLetterUpdates([state, made.update]) : state;
      if (made) {
        expect(readable(made.was, shown)).toBe(textOf(parts.middle));
        expect(readable(made.becomes, shown)).toBe(wanted);
        expect(doesAsItSays(state, made, placeOf(state, from, to))).toBe(true);
        expect(isValidLetterUpdate(made.update)).toBe(true);
        expect(mergeLetterUpdates([after, made.update])).toEqual(after);
      }
      expect(textOf(contentOf(after))).toBe(textOf(parts.before) + wanted + textOf(parts.after));
      const chips = (of: readonly Inline[]): Inline[] => of.filter(({ type }) => type === 'variable' || type === 'citation');
      const left = chips(contentOf(after));
      const [head, tail] = [chips(parts.before), chips(parts.after)];
      expect(left.slice(0, head.length)).toEqual(head);
      expect(left.slice(left.length - tail.length)).toEqual(tail);
      // a chip that is named is one
      for (const { 1: isCited, 2: of = '' } of next.join('').matchAll(/\{\{(cite:)?(\w+)\}\}/g))
        expect(left).toContainEqual(isCited ? cite(of) : chip(of));
      expect(contentOf(after, 1)).toEqual([text('Another.')]);
    }),
    { seed, numRuns: 400 },
  );
});

test('an edit that does something else than it says is told', () => {
  const state = body([text('We do not admit that. '), chip('total_billed'), text(' is owed.')], [text('Another.')]);
  const place = placeOf(state, 0, 21);
  const made = suggestEdit(state, place, 'We do not deny that.', shown);
  if (!made) throw new Error('no suggestion');
  expect(doesAsItSays(state, made, place)).toBe(true);
  // other words beside it, words less, another place, another block, another structure
  expect(doesAsItSays(state, { ...made, becomes: 'We do not deny this.' }, place)).toBe(false);
  expect(doesAsItSays(state, { ...made, becomes: 'We do not really deny that.' }, place)).toBe(false);
  expect(doesAsItSays(state, made, placeOf(state, 0, 5))).toBe(false);
  expect(doesAsItSays(state, made, '')).toBe(false);
  const with_ = (change: (doc: Y.Doc) => void): Uint8Array => {
    const doc = docFrom([state, made.update]);
    change(doc);
    const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(state));
    doc.destroy();
    return update;
  };
  const other = with_((doc) => {
    ((doc.getXmlFragment('body').get(1) as Y.XmlElement).get(0) as Y.XmlText).insert(0, 'Yet ');
  });
  const more = with_((doc) => {
    doc.getXmlFragment('body').insert(1, [new Y.XmlElement('specialsTable')]);
  });
  const chipGone = with_((doc) => {
    (doc.getXmlFragment('body').get(0) as Y.XmlElement).delete(1, 1);
  });
  for (const update of [other, more, chipGone]) expect(doesAsItSays(state, { ...made, update }, place)).toBe(false);
  // a colleague wrote at the place meanwhile: nobody has seen what the two make together
  const doc = docFrom([state]);
  ((doc.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(9, ' ever');
  const later = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  expect(doesAsItSays(later, made, place)).toBe(false);
});

test('what a body misses of an edit is what Yjs would wait for', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 2, maxLength: 8 }), fc.nat(), fc.nat(), (places, cut, of) => {
      const doc = docFrom([body([text('We ask for thirty days.')])]);
      const steps: Uint8Array[] = [Y.encodeStateAsUpdate(doc)];
      doc.on('update', (update: Uint8Array) => steps.push(update));
      for (const place of places) {
        const run = (doc.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText;
        if (place % 3 === 0 && run.length > 4) run.delete(place % (run.length - 3), 3);
        else run.insert(place % (run.length + 1), 'word ');
        doc.clientID = 1 + (place % 5);
      }
      const state = mergeLetterUpdates(steps.slice(0, 1 + (cut % steps.length)));
      const edit = steps[of % steps.length] ?? new Uint8Array();
      const merged = docFrom([state, edit]);
      const waits = hasLooseText(mergeLetterUpdates([state, edit])) || merged.store.pendingDs !== null;
      merged.destroy();
      doc.destroy();
      expect(missingIn(state)(edit)).toBe(waits);
    }),
    { seed, numRuns: 300 },
  );
});

function splitAt(content: readonly Inline[], from: number, to: number): { before: Inline[]; middle: Inline[]; after: Inline[] } {
  const parts: { before: Inline[]; middle: Inline[]; after: Inline[] } = { before: [], middle: [], after: [] };
  let at = 0;
  for (const inline of content) {
    const size = inline.type === 'text' ? inline.text.length : 1;
    const put = (where: keyof typeof parts, start: number, end: number): void => {
      if (end <= start) return;
      parts[where].push(inline.type === 'text' ? { ...inline, text: inline.text.slice(start - at, end - at) } : inline);
    };
    put('before', at, Math.min(at + size, from));
    put('middle', Math.max(at, from), Math.min(at + size, to));
    put('after', Math.max(at, to), at + size);
    at += size;
  }
  return parts;
}
