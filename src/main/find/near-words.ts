import type { Store } from '../store/store.ts';

/** A word of some page that is spelled nearly like one that is on none. */
export interface NearWord {
  word: string;
  edits: number;
  uses: number;
}

/** Shorter words are all like one another. */
const fewestLetters = 4;
/** In longer ones two slips are looked for where one explains nothing. */
const fewestForTwo = 6;
const rarest = 3;
const mostCandidates = 4_000;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Words of the index spelled like this one, the nearest first, of equals the one on most pages. */
export function nearWords(store: Store, word: string, most: number): NearWord[] {
  if (word.length < fewestLetters) return [];
  const near = oneEditAway(store, word);
  if (near.length === 0 && word.length >= fewestForTwo) near.push(...byRarestThrees(store, word));
  return near.sort((a, b) => a.edits - b.edits || b.uses - a.uses || (a.word < b.word ? -1 : 1)).slice(0, most);
}

/** Every word that one slip makes of this one is asked for: some hundred look-ups, and none is overlooked. */
function oneEditAway(store: Store, word: string): NearWord[] {
  const made = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    if (tail !== '') made.add(head + tail.slice(1));
    if (tail.length > 1) made.add(head + (tail[1] ?? '') + (tail[0] ?? '') + tail.slice(2));
    for (const letter of letters) {
      made.add(head + letter + tail);
      if (tail !== '') made.add(head + letter + tail.slice(1));
    }
  }
  made.delete(word);
  const found = store
    .compiled('select word, uses from json_each(?) made cross join find_word on word = made.value')
    .all(JSON.stringify([...made])) as Omit<NearWord, 'edits'>[];
  return found.map((one) => ({ ...one, edits: 1 }));
}

/** Two slips leave some threes of letters whole: words that share one of the rarest are compared letter by letter. */
function byRarestThrees(store: Store, word: string): NearWord[] {
  const padded = `$${word}$`;
  const threes = [...new Set(Array.from({ length: padded.length - 2 }, (_, n) => padded.slice(n, n + 3)))];
  const count = store.compiled('select count(*) as n from find_spelling where find_spelling match ?');
  const counted = threes.map((three) => ({ three, n: (count.get(quoted(three)) as { n: number }).n }));
  const chosen = counted
    .filter(({ n }) => n > 0)
    .sort((a, b) => a.n - b.n)
    .slice(0, rarest);
  if (chosen.length === 0) return [];
  const rows = store
    .compiled(
      'select w.word, w.uses from find_spelling s cross join find_word w on w.word_id = s.rowid where s.find_spelling match ? and length(w.word) between ? and ? limit ?',
    )
    .all(chosen.map(({ three }) => quoted(three)).join(' OR '), word.length - 2, word.length + 2, mostCandidates) as Omit<
    NearWord,
    'edits'
  >[];
  return rows.flatMap((row) => {
    const edits = editsBetween(word, row.word, 2);
    return edits <= 2 && edits > 0 ? [{ ...row, edits }] : [];
  });
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Letters put in, left out, changed or swapped with their neighbour (Damerau-Levenshtein, optimal string alignment); more than `most` is most + 1. */
export function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
      best = Math.min(best, edits);
    }
    if (best > most) return most + 1;
    [before, last] = [last, row];
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
