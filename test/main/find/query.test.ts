import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editsBetween } from '../../../src/main/find/near-words.ts';
import { joined, marksIn } from '../../../src/main/find/marks.ts';
import { parseQuery } from '../../../src/main/find/parse.ts';
import { synonymGroups } from '../../../src/main/find/synonym-groups.ts';
import { synonymsOf } from '../../../src/main/find/synonyms.ts';
import { tokensOf } from '../../../src/main/store/index-tables.ts';
import { makeFindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);

test(`whatever is typed finds something or nothing, and never breaks the index's language (seed ${String(seed)})`, async () => {
  const laptop = makeFindLaptop();
  laptop.addDocument(laptop.addMatter(), 'a.txt', ['The AND of OR, NOT near: column^2 * "quoted" {brace} -minus +plus NEAR(a b) (paren).']);
  await laptop.find.settled();
  const command = fc.constantFrom(
    '"',
    '-',
    '*',
    '^',
    '(',
    ')',
    ':',
    'AND',
    'OR',
    'NOT',
    'NEAR(',
    'body:',
    '{a b}',
    "'",
    '$1,',
    '02/30/2024',
    '\0',
    '\u0301',
    '\ud83e',
    '12/',
    '–',
    '--',
    '""',
  );
  const typed = fc
    .array(fc.oneof(command, fc.string({ maxLength: 12, unit: 'binary' }), fc.constant(' ')), { maxLength: 12 })
    .map((parts) => parts.join('').slice(0, 500));
  fc.assert(
    fc.property(typed, fc.boolean(), (words, isTyping) => {
      for (const { quote, snippet } of must(laptop.find.search({ words, isTyping })).hits) {
        expect(quote.length).toBeLessThan(2_000);
        for (const { start, end } of snippet.marks) expect(end > start && end <= snippet.text.length).toBe(true);
      }
    }),
    { seed, numRuns: 400 },
  );
});

test('control: the same words unquoted are commands, and wrong ones', () => {
  const { store } = makeFindLaptop();
  const ask = store.raw.prepare('select rowid from find_words where find_words match ?');
  for (const words of ['"', 'AND', '(', 'body:', 'NEAR(']) expect(() => ask.all(words), words).toThrow();
});

test('a question is read as a person means it', () => {
  const read = (text: string, isTyping = false) => {
    const { parts, without } = parseQuery(text, isTyping);
    return { words: parts.map(({ words }) => words.join(' ')), without };
  };
  expect(read('the "neck pain" of Ms. Ames -surgery -"no fault"')).toEqual({
    words: ['neck pain', 'ms', 'ames'],
    without: ['no fault', 'surgery'],
  });
  expect(read('the')).toEqual({ words: ['the'], without: [] });
  expect(read('C5-C6')).toEqual({ words: ['c5 c6'], without: [] });
  expect(read('"unclosed phrase')).toEqual({ words: ['unclosed phrase'], without: [] });
  expect(read('!!! ... --')).toEqual({ words: [], without: [] });
  expect(parseQuery('shortness of breath').parts[0]).toMatchObject({
    words: ['shortness', 'breath'],
    synonyms: expect.arrayContaining(['sob']),
  });
  expect(parseQuery('gon', true).parts[0]?.isBegun).toBe(true);
  expect(parseQuery('gon ', true).parts[0]?.isBegun).toBe(false);
  expect(parseQuery('in 2024').parts.map(({ told }) => told)).toEqual([null]);
  expect(parseQuery('$1,234').parts).toMatchObject([{ told: 'qs123400', words: [] }]);
  expect(parseQuery('a '.repeat(200)).parts.length).toBeLessThanOrEqual(12);
});

test('synonyms go both ways, and no group has a word that is everywhere', () => {
  const groups = synonymGroups.trim().split('\n');
  expect(groups.length).toBeGreaterThan(150);
  expect(synonymsOf('mva')).toContain('motor vehicle accident');
  expect(synonymsOf('motor vehicle accident')).toContain('mva');
  expect(synonymsOf('l4 5')).toContain('l4 l5');
  for (const word of ['or', 'us', 'it', 'a', 'in', 'an', 'is', 'on']) expect(synonymsOf(word), word).toEqual([]);
  for (const group of groups) expect(group.split('|').length, group).toBeGreaterThan(1);
});

test(`slips are counted as a plain table counts them (seed ${String(seed)})`, () => {
  const plain = (a: string, b: string): number => {
    const d = Array.from({ length: a.length + 1 }, (_, i) =>
      Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
    );
    const at = (i: number, j: number): number => d[i]?.[j] ?? 99;
    for (let i = 1; i <= a.length; i += 1)
      for (let j = 1; j <= b.length; j += 1) {
        let n = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) n = Math.min(n, at(i - 2, j - 2) + 1);
        (d[i] ?? [])[j] = n;
      }
    return at(a.length, b.length);
  };
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editsBetween(a, b, 2)).toBe(Math.min(plain(a, b), 3));
    }),
    { seed, numRuns: 500 },
  );
});

test(`what is marked is what the index itself would mark (seed ${String(seed)})`, () => {
  const { store } = makeFindLaptop();
  store.raw.exec(`create virtual table temp.told using fts5 (body, tokenize = 'porter unicode61 remove_diacritics 2')`);
  const ask = store.raw.prepare(`select highlight(told, 0, '[', ']') as marked from temp.told where told match ?`);
  const said =
    'fracture fractures fractured fracturing injury injuries injured happily relational conditional digitizer operator hopefulness sensitivity electrical naïve Müller caresses ponies feed agreed plastered motoring conflated sized hopping falling hissing filing sky revival airliner adjustable replacement adoption effective rate controlling roll lying C5-C6 L4/5 x-ray 2,024'.split(
      ' ',
    );
  const text = fc.array(fc.constantFrom(...said), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, fc.constantFrom(...said), fc.constantFrom(...said), (words, first, next) => {
      const body = words.join(' ');
      store.raw.exec('delete from temp.told');
      store.raw.prepare('insert into temp.told values (?)').run(body);
      for (const row of [tokensOf(first).join(' '), tokensOf(`${first} ${next}`).join(' ')]) {
        const found = ask.get(`"${row}"`) as { marked: string } | undefined;
        let [mine, at] = ['', 0];
        for (const { start, end } of joined(marksIn(body, [row]))) {
          mine += `${body.slice(at, start)}[${body.slice(start, end)}]`;
          at = end;
        }
        expect(mine + body.slice(at)).toBe(found?.marked ?? body);
      }
    }),
    { seed, numRuns: 400 },
  );
});
