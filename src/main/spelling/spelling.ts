import { asc, eq } from 'drizzle-orm';
import type { SpellingSettings } from '../../shared/spelling.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Facts } from '../facts/facts.ts';
import type { Clock } from '../host/host.ts';
import { firm, letter, matter, user } from '../store/schema.ts';
import { spellingSetting, spellingWord } from '../store/spelling-schema.ts';
import type { Store } from '../store/store.ts';
import { openDictionary, type Dictionary } from './dictionary.ts';
import { fieldWords } from './field-words.ts';

/** Which words of a letter are spelled as no source knows them. Nothing leaves the laptop, and nothing is fetched. */
export interface Spelling {
  /** Errors: not_found (the letter). */
  unknown(letterId: string, words: readonly string[]): Outcome<{ isOn: boolean; unknown: string[] }>;
  /** What may have been meant, the nearest first, at most six; names of the matter before the dictionary's. Errors: not_found. */
  mends(letterId: string, word: string): Outcome<string[]>;
  settings(): SpellingSettings;
  setOn(isOn: boolean): Outcome<Nothing>;
  /** Into this person's own words, at most `mostOwn`. Errors: invalid_input. */
  keep(word: string): Outcome<Nothing>;
  forget(word: string): Outcome<Nothing>;
}

interface SpellingInput {
  store: Store;
  facts: Pick<Facts, 'list' | 'ledger'>;
  clock: Clock;
}

const [mostMends, mostOwn] = [6, 20_000];
let opened: Dictionary | null = null;
/** One for all accounts of this process. */
const dictionary = (): Dictionary => (opened ??= openDictionary());

export function createSpelling({ store, facts, clock }: SpellingInput): Spelling {
  const { db } = store;
  const notFound = err({ code: 'not_found' as const, what: 'the letter' });

  function isOn(): boolean {
    return db.select().from(spellingSetting).get()?.isOn ?? true;
  }
  const ownWords = (): string[] =>
    db
      .select({ word: spellingWord.word })
      .from(spellingWord)
      .orderBy(asc(spellingWord.word))
      .all()
      .map(({ word }) => word);

  /** Names in the facts, bills and title of a letter's matter, and of the firm and its people; null where there is no such letter. */
  function namesOf(letterId: string): Map<string, string> | null {
    const row = db.select({ matterId: letter.matterId }).from(letter).where(eq(letter.letterId, letterId)).get();
    if (!row) return null;
    const { matterId } = row;
    const title = db.select({ title: matter.title }).from(matter).where(eq(matter.matterId, matterId)).get()?.title ?? '';
    const said = [
      title,
      ...facts.list(matterId).flatMap(({ kind, value, state }) => (state === 'rejected' || kind === 'liability_quote' ? [] : [value])),
      ...facts.ledger(matterId).providers.map(({ provider }) => provider),
      ...db
        .select()
        .from(firm)
        .all()
        .map(({ firmName, firmAddress }) => `${firmName} ${firmAddress ?? ''}`),
      ...db
        .select()
        .from(user)
        .all()
        .map(({ firstName, lastName }) => `${firstName} ${lastName}`),
    ];
    const names = said.flatMap((text) => text.match(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? []).filter((word) => /^\p{Lu}/u.test(word));
    return new Map(names.map((name) => [plain(name), name]));
  }

  function isRight(word: string, names: ReadonlyMap<string, string>, own: ReadonlySet<string>): boolean {
    const [lower, straight] = [plain(word), word.replaceAll('’', "'")];
    // initials and abbreviations: MRI, CPT, LLP
    if (word.length <= 5 && word === word.toUpperCase()) return true;
    const stems = [lower, lower.replace(/'s$/, ''), lower.replace(/['s]$/, ''), lower.replace(/es$/, ''), lower.replace(/ies$/, 'y')];
    if (stems.some((stem) => names.has(stem) || own.has(stem) || fieldWords.has(stem))) return true;
    // a word that begins a sentence, or a heading in capitals, is the same word
    return dictionary().knows(straight) || (word === word.toUpperCase() && dictionary().knows(lower));
  }

  return {
    unknown(letterId, words) {
      if (!isOn()) return ok({ isOn: false, unknown: [] });
      const names = namesOf(letterId);
      if (!names) return notFound;
      const own = new Set(ownWords().map(plain));
      return ok({ isOn: true, unknown: words.filter((word) => !isRight(word, names, own)) });
    },

    mends(letterId, word) {
      const names = namesOf(letterId);
      if (!names) return notFound;
      const lower = plain(word);
      const known = [...names.entries(), ...[...fieldWords, ...ownWords()].map((one) => [plain(one), one] as const)];
      const near = known.filter(([one]) => isOneSlipAway(lower, one)).map(([, as]) => as);
      const looks = (one: string): string => (/^\p{Lu}/u.test(word) ? one.charAt(0).toUpperCase() + one.slice(1) : one);
      const all = [...near, ...dictionary().near(word.replaceAll('’', "'"))].map(looks);
      return ok([...new Set(all)].slice(0, mostMends));
    },

    settings: () => ({ isOn: isOn(), words: ownWords() }),
    setOn: (on) =>
      store.transaction<Nothing>((tx) => {
        tx.insert(spellingSetting)
          .values({ only: 1, isOn: on })
          .onConflictDoUpdate({ target: spellingSetting.only, set: { isOn: on } })
          .run();
        return ok({});
      }),
    keep(word) {
      if (ownWords().length >= mostOwn)
        return err({
          code: 'invalid_input',
          what: 'your words',
          reason: `There are ${String(mostOwn)} already. Take some out under Settings.`,
        });
      return store.transaction<Nothing>((tx) => {
        tx.insert(spellingWord).values({ word, keptAt: clock.now() }).onConflictDoNothing().run();
        return ok({});
      });
    },
    forget: (word) =>
      store.transaction<Nothing>((tx) => {
        tx.delete(spellingWord).where(eq(spellingWord.word, word)).run();
        return ok({});
      }),
  };
}

const plain = (word: string): string => word.toLowerCase().replaceAll('’', "'");

/** One letter more, less or another, or two that changed places. */
export function isOneSlipAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
