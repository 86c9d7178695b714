import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanHtml, createCleaner } from '../../src/renderer/letters/paste-cleaner.ts';
import { textToParagraphs } from '../../src/renderer/letters/paste-text.ts';
import type { PasteOptions } from '../../src/renderer/letters/paste-tree.ts';
import { checked } from '../support/checked.ts';
import { fromWord, googleDocs, outlookMail, wordItem, wordLetter, wordTable } from '../support/pasted.ts';

const options: PasteOptions = { hasTables: false, isKnown: (name) => name === 'client_name' };
const clean = (html: string, more: Partial<PasteOptions> = {}): string[] => cleanHtml(html, { ...options, ...more }).blocks;

describe('from Word', () => {
  test('a letter keeps its headings, words and marks, and nothing else of Word', () => {
    const { blocks, left } = cleanHtml(wordLetter, options);
    expect(blocks).toEqual([
      '<h1>Demand for Settlement</h1>',
      '<p>Dear Ms. Whitfield:</p>',
      '<p>Our client <strong>fell</strong> on a <em>wet</em> <u>floor</u>, as the report says. She was 41.</p>',
      '<p>Amount\t$1,200.00 &amp; costs &lt;est.&gt;</p>',
    ]);
    expect(left).toEqual({ pictures: 1, comments: 1, deleted: true, hidden: true });
  });

  test('its list paragraphs become lists, nested and numbered as they were', () => {
    const items = [
      wordItem(0, 1, '1.', 'one'),
      wordItem(0, 2, 'a)', 'inner'),
      wordItem(0, 2, 'b)', 'inner too'),
      wordItem(0, 1, '2.', 'two'),
    ];
    expect(
      clean(fromWord(`${items.join('\n')}<p class=MsoNormal>Between</p>${wordItem(1, 1, '·', 'dot')}${wordItem(1, 2, 'o', 'ring')}`)),
    ).toEqual([
      '<ol><li><p>one</p><ol><li><p>inner</p></li><li><p>inner too</p></li></ol></li><li><p>two</p></li></ol>',
      '<p>Between</p>',
      '<ul><li><p>dot</p><ul><li><p>ring</p></li></ul></li></ul>',
    ]);
  });

  test('a list that goes on from before says with what it begins, and one that begins deep is a list all the same', () => {
    expect(clean(fromWord(wordItem(0, 1, '4.', 'four')))).toEqual(['<ol start="4"><li><p>four</p></li></ol>']);
    expect(clean(fromWord(wordItem(0, 3, '·', 'deep') + wordItem(0, 1, '·', 'top')))).toEqual([
      '<ul><li><p>deep</p></li></ul>',
      '<ul><li><p>top</p></li></ul>',
    ]);
  });

  test('a table is a table where the letter has them, lines with tabs where it has not', () => {
    expect(clean(fromWord(wordTable))).toEqual(['<p><strong>Provider</strong>\tBilled</p>', '<p>Cedar Hill\t2024\t$1,200.00</p>']);
    expect(clean(fromWord(wordTable), { hasTables: true })).toEqual([
      '<table><tbody><tr><td colspan="2"><p><strong>Provider</strong></p></td><td><p>Billed</p></td></tr><tr><td><p>Cedar Hill</p></td><td><p>2024</p></td><td><p>$1,200.00</p></td></tr></tbody></table>',
    ]);
  });
});

describe('from elsewhere', () => {
  test('from Google’s documents: bold where it is bold, lists in lists', () => {
    expect(clean(googleDocs)).toEqual([
      '<p><strong>Bold</strong> and plain</p>',
      '<ul><li><p><em>one</em></p><ul><li><p>deeper</p></li></ul></li><li><p>two</p></li></ul>',
    ]);
  });

  test('from Outlook: a mail laid out in a table is its lines, and the picture that counts readers is none', () => {
    const { blocks, left } = cleanHtml(outlookMail, options);
    expect(blocks).toEqual(['<p>Dear Dana,</p>', '<p>the insurer <u>refused</u>.</p>']);
    expect(left.pictures).toBe(0);
  });

  test('from a web page: what runs or shows something else is not text', () => {
    const page = `<nav>Home</nav><article><h2>Title</h2><p onclick="x()">One<br>two<script>alert(1)</script></p><blockquote>said</blockquote><svg><text>drawn</text></svg><iframe src="x">frame</iframe><pre>a\n  b</pre></article>`;
    expect(clean(page)).toEqual([
      '<p>Home</p>',
      '<h2>Title</h2>',
      '<p>One<br>two</p>',
      '<blockquote><p>said</p></blockquote>',
      '<p>a<br>b</p>',
    ]);
  });

  test('a variable becomes its chip where it is known, and stays text where not', () => {
    expect(clean('<p>To {{client_name}}, from {{ sender }} and {{cli<b>ent_name}}</b></p>')).toEqual([
      '<p>To <span data-steno="variable" data-name="client_name"></span>, from {{ sender }} and {{cli<strong>ent_name}}</strong></p>',
    ]);
    // Word cuts text into runs where its speller looked
    expect(clean('<p><span>{{client</span><span class=SpellE>_name}}</span></p>')).toEqual([
      '<p><span data-steno="variable" data-name="client_name"></span></p>',
    ]);
  });

  test('what looks like one of our chips is text: only a letter of ours brings chips', () => {
    expect(clean('<p><span data-steno="citation" data-of="demand">x</span><div data-steno="specialsTable"></div></p>')).toEqual([
      '<p>x</p>',
    ]);
  });
});

describe('whatever comes', () => {
  const tag = fc.constantFrom(
    'p',
    'div',
    'b',
    'i',
    'u',
    'ul',
    'ol',
    'li',
    'table',
    'tr',
    'td',
    'blockquote',
    'h1',
    'h5',
    'br',
    'span',
    'del',
    'pre',
    'o:p',
    'xml',
  );
  const piece = fc.oneof(
    tag.map((name) => `<${name}>`),
    tag.map((name) => `</${name}>`),
    fc.constantFrom(
      'word ',
      '&nbsp;',
      '\n',
      '&lt;b&gt;',
      '"',
      "<p style='mso-list:l0 level2 lfo1'>",
      '<!--[if x]>',
      '<![endif]-->',
      '<![if !x]>',
      '<span style="display:none">',
    ),
  );

  test('only tags that a letter has come out, closed in order, and cut anywhere it is the same', () => {
    checked(fc.array(piece, { maxLength: 40 }), fc.boolean(), fc.nat(), (pieces, hasTables, cut) => {
      const html = pieces.join('');
      const whole = cleanHtml(html, { ...options, hasTables });
      const open: string[] = [];
      for (const [, slash = '', name = '', rest = ''] of whole.blocks.join('').matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
        expect([
          'p',
          'h1',
          'h2',
          'h3',
          'ul',
          'ol',
          'li',
          'blockquote',
          'strong',
          'em',
          'u',
          'br',
          ...(hasTables ? ['table', 'tbody', 'tr', 'td', 'th'] : []),
        ]).toContain(name);
        expect(rest).toMatch(/^(?: start="\d+"| (?:col|row)span="\d+")*$/);
        if (name === 'br') continue;
        if (slash === '') open.push(name);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
      const cleaner = createCleaner({ ...options, hasTables });
      const at = html.length === 0 ? 0 : cut % html.length;
      cleaner.write(html.slice(0, at));
      cleaner.write(html.slice(at));
      expect(cleaner.end().blocks).toEqual(whole.blocks);
    });
  });

  test('no word of the text is lost', () => {
    const shown = fc.constantFrom('p', 'div', 'b', 'i', 'ul', 'ol', 'li', 'table', 'tr', 'td', 'blockquote', 'h2', 'span', 'a', 'ins');
    let next = 0;
    const any = fc.oneof(
      shown.map((name) => `<${name}>`),
      shown.map((name) => `</${name}>`),
      fc.constant('WORD'),
    );
    checked(fc.array(any, { maxLength: 60 }), fc.boolean(), (pieces, hasTables) => {
      next = 0;
      const html = pieces.map((one) => (one === 'WORD' ? `w${String((next += 1))} ` : one)).join('');
      const text = clean(html, { hasTables })
        .join(' ')
        .replace(/<[^>]*>/g, ' ');
      const words = (text.match(/w\d+/g) ?? []).toSorted();
      expect(words).toEqual(Array.from({ length: next }, (_, n) => `w${String(n + 1)}`).toSorted());
    });
  });

  test('nesting without end is flattened, and its words are there', () => {
    const deep = (open: string, end: string): string => open.repeat(3_000) + 'inside' + end.repeat(3_000);
    for (const html of [
      deep('<ul><li>', '</li></ul>'),
      deep('<blockquote>', '</blockquote>'),
      deep('<table><tr><td>', '</td></tr></table>'),
      deep('<b>', '</b>'),
    ]) {
      const out = clean(html, { hasTables: true }).join('');
      expect(out).toContain('inside');
      expect(out.match(/<(?:ul|blockquote|table)>/g)?.length ?? 0).toBeLessThanOrEqual(12);
    }
  });

  test('a picture that stands in the text as twenty megabytes is left out', () => {
    const { blocks, left } = cleanHtml(`<p>before</p><img src="data:image/png;base64,${'A'.repeat(20_000_000)}"><p>after</p>`, options);
    expect(blocks).toEqual(['<p>before</p>', '<p>after</p>']);
    expect(left.pictures).toBe(1);
  });
});

describe('plain text', () => {
  test('lines that a page broke are joined, lines that a person ended are not', () => {
    const pdf = [
      'Marsh LLP',
      '210 Court Street',
      'Middletown',
      '',
      'The patient reports neck pain that radiates into the left arm and',
      'numbness of two fingers. An MRI of the cervical spine was ordered',
      'and read as normal but for a mild strain of the para-',
      'spinal muscles.',
      '1. Physical therapy twice a week for six weeks, then a visit with us.',
      '2. Return if worse.',
    ].join('\r\n');
    expect(textToParagraphs(pdf)).toEqual([
      'Marsh LLP',
      '210 Court Street',
      'Middletown',
      'The patient reports neck pain that radiates into the left arm and numbness of two fingers. An MRI of the cervical spine was ordered and read as normal but for a mild strain of the para-',
      'spinal muscles.',
      '1. Physical therapy twice a week for six weeks, then a visit with us.',
      '2. Return if worse.',
    ]);
  });

  test('no word is lost, whatever the lines', () => {
    checked(fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '\n', '\r\n', '-', '1. ', 'long words here ', '\t') }), (text) => {
      const plain = (some: string): string => some.replace(/\s/g, '');
      expect(plain(textToParagraphs(text).join(''))).toBe(plain(text));
    });
  });
});
