/*
 * Porter's stemmer (1980), step by step as the index's own tokenizer takes it, so that what the index found can be marked in a text without asking it again.
 * Letters other than a to z are consonants.
 */

const isVowelAt = (word: string, at: number): boolean => {
  const letter = word[at] ?? '';
  return letter === 'y' ? at > 0 && !isVowelAt(word, at - 1) : /[aeiou]/.test(letter);
};

/** How often a vowel is followed by a consonant. */
function measure(stem: string): number {
  let [count, wasVowel] = [0, false];
  for (let at = 0; at < stem.length; at += 1) {
    const isVowel = isVowelAt(stem, at);
    if (wasVowel && !isVowel) count += 1;
    wasVowel = isVowel;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  for (let at = 0; at < stem.length; at += 1) if (isVowelAt(stem, at)) return true;
  return false;
}

const endsDoubled = (word: string): boolean => word.length > 1 && word.at(-1) === word.at(-2) && !isVowelAt(word, word.length - 1);

/** consonant, vowel, consonant that is not w, x or y */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  return last >= 2 && !isVowelAt(word, last) && isVowelAt(word, last - 1) && !isVowelAt(word, last - 2) && !/[wxy]$/.test(word);
}

type Ending = readonly [ending: string, instead: string];

const second: readonly Ending[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['logi', 'log'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const third: readonly Ending[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const fourth = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'ion',
  'al',
  'er',
  'ic',
  'ou',
];

function replaced(word: string, endings: readonly Ending[]): string {
  for (const [ending, instead] of endings) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    return measure(stem) > 0 ? stem + instead : word;
  }
  return word;
}

function withoutPast(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = /(ed|ing)$/.exec(word)?.[0];
  const stem = ending === undefined ? '' : word.slice(0, -ending.length);
  if (ending === undefined || !hasVowel(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDoubled(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function withoutEnding(word: string): string {
  const ending = fourth.find((one) => word.endsWith(one));
  if (ending === undefined) return word;
  const stem = word.slice(0, -ending.length);
  if (ending === 'ion' && !/[st]$/.test(stem)) return word;
  return measure(stem) > 1 ? stem : word;
}

/** What a word and its other endings have in common. */
export function stemOf(token: string): string {
  if (token.length < 3 || token.length > 60) return token;
  let word = token;
  if (word.endsWith('sses') || word.endsWith('ies')) word = word.slice(0, -2);
  else if (word.endsWith('s') && !word.endsWith('ss')) word = word.slice(0, -1);
  word = withoutPast(word);
  if (word.endsWith('y') && hasVowel(word.slice(0, -1))) word = `${word.slice(0, -1)}i`;
  word = withoutEnding(replaced(replaced(word, second), third));
  if (word.endsWith('e')) {
    const stem = word.slice(0, -1);
    if (measure(stem) > 1 || (measure(stem) === 1 && !endsShort(stem))) word = stem;
  }
  return /ll$/.test(word) && measure(word.slice(0, -1)) > 1 ? word.slice(0, -1) : word;
}
