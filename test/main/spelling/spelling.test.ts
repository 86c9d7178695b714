import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SpellingWord } from '../../../src/shared/spelling.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { fieldWords } from '../../../src/main/spelling/field-words.ts';
import { createSpelling, isOneSlipAway, type Spelling } from '../../../src/main/spelling/spelling.ts';
import { billLine, fact } from '../export/letter-fixture.ts';
import { checked } from '../../support/checked.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let here: TestSeat;
let letterId = '';
let spelling: Spelling;
beforeEach(async () => {
  here = await startTestSeat();
  letterId = await aLetter(here);
  open();
});
afterEach(() => here.stop());

/** The facts are given: what is tried here is which of their words count. */
function open(): void {
  const facts = [
    fact('client_name', 'Ngozi Okafor'),
    fact('liability_quote', 'the Flooor was wet'),
    fact('witness', 'Zbigniew Brzzzk', { state: 'rejected' }),
  ];
  const ledger = buildLedger([billLine('Quillmark Physio', '2024-02-15', 100, 0)], []);
  spelling = createSpelling({ store: here.seat.store, facts: { list: () => facts, ledger: () => ledger }, clock: { now: () => 1 } });
}

async function aLetter({ seat, folder }: TestSeat): Promise<string> {
  const created = await seat.matters.create({ title: 'Okafor v. Brzezinskimart', folder });
  if (!created.ok) throw new Error(created.error.code);
  seat.store.raw
    .prepare(
      `insert into template (template_id, template_name, template_content, version, is_default, is_active) values (?, 'Plain', '{"sections":[]}', 1, 1, 1)`,
    )
    .run(freshId());
  const drafted = seat.letters.draft(created.value.matterId);
  if (!drafted.ok) throw new Error(drafted.error.code);
  return drafted.value.letterId;
}

function unknown(...words: string[]): string[] {
  const answer = spelling.unknown(letterId, words);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.unknown;
}
const mends = (word: string): string[] => {
  const answer = spelling.mends(letterId, word);
  return answer.ok ? answer.value : [];
};

describe('which words are unknown', () => {
  test('misspelled ones, and none that a dictionary, the field or the matter knows', () => {
    expect(unknown('negligance', 'negligence', 'Plaintif', 'plaintiff', 'recieve', 'store’s', "store's", 'Defendant’s')).toEqual([
      'negligance',
      'Plaintif',
      'recieve',
    ]);
    expect(unknown('radiculopathy', 'Subrogation', 'subrogees', 'discectomies', 'TORTFEASOR', 'spoliation')).toEqual([]);
    expect(unknown('Ngozi', 'Okafor', 'Okafor’s', 'OKAFOR', 'Okafer', 'Brzezinskimart')).toEqual(['Okafer']);
    expect(unknown('Quillmark', 'Flooor', 'Zbigniew', 'Brzzzk')).toEqual(['Flooor', 'Zbigniew', 'Brzzzk']);
    expect(unknown('MRI', 'LLP', 'EMAIL', 'VIA', 'NEGLIGANCE')).toEqual(['NEGLIGANCE']);
  });

  test('what was meant: a name of the matter first, then what is spelled like it', () => {
    expect(mends('Okafer')[0]).toBe('Okafor');
    expect(mends('radiculopthy')).toContain('radiculopathy');
    expect(mends('Negligance')).toContain('Negligence');
    expect(mends('recieve')).toContain('receive');
    expect(mends('xqzvwjkk')).toEqual([]);
  });

  test('a letter that is not here has no words', () => {
    expect(spelling.unknown('00000000-0000-4000-8000-000000000000', ['word'])).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe('this person’s own words', () => {
  test('are right from then on, also after a restart, until they are taken out', async () => {
    expect(unknown('Steno', 'Stenovian')).toContain('Stenovian');
    expect(spelling.keep('Stenovian').ok).toBe(true);
    expect(unknown('Stenovian', 'stenovian', 'STENOVIAN', 'Stenovian’s')).toEqual([]);
    expect(mends('Stenovan')).toContain('Stenovian');
    await here.restart();
    open();
    expect(spelling.settings()).toEqual({ isOn: true, words: ['Stenovian'] });
    expect(unknown('Stenovian')).toEqual([]);
    spelling.forget('Stenovian');
    expect(unknown('Stenovian')).toEqual(['Stenovian']);
  });

  test('switched off, nothing is found fault with, and it stays off', async () => {
    spelling.setOn(false);
    expect(spelling.unknown(letterId, ['negligance'])).toEqual({ ok: true, value: { isOn: false, unknown: [] } });
    await here.restart();
    open();
    expect(spelling.settings().isOn).toBe(false);
  });
});

test('one slip: a letter more, less, another, or two that changed places, and no more', () => {
  expect(['okafer', 'okafo', 'okaforr', 'okafro'].map((typed) => isOneSlipAway(typed, 'okafor'))).toEqual([true, true, true, true]);
  expect(['okafor', 'okaferr', 'oakfro', ''].map((typed) => isOneSlipAway(typed, 'okafor'))).toEqual([false, false, false, false]);
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  checked(word, word, (a, b) => {
    const near =
      a !== b &&
      Array.from({ length: a.length + 1 }, (_, at) => at).some(
        (at) =>
          a.slice(0, at) + a.slice(at + 1) === b ||
          a.slice(0, at) + (a[at + 1] ?? '') + (a[at] ?? '') + a.slice(at + 2) === b ||
          ['a', 'b', 'c'].some(
            (letter) => a.slice(0, at) + letter + a.slice(at) === b || (at < a.length && a.slice(0, at) + letter + a.slice(at + 1) === b),
          ),
      );
    expect(isOneSlipAway(a, b)).toBe(near);
  });
});

test('the words of the field are words that can be asked for, each once', () => {
  for (const word of fieldWords) expect(SpellingWord.safeParse(word).success && word === word.toLowerCase()).toBe(true);
});
