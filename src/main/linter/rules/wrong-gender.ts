import { lastWord, plain } from '../parties.ts';
import { isTyped, matchesOf, type LetterFound, type LetterRule, type ReadLintBlock } from '../lint-rule.ts';

type Gender = 'he' | 'she';
interface Said {
  block: ReadLintBlock;
  start: number;
  end: number;
  gender: Gender;
  word: string;
}

const pronoun = /\b(?:(he|him|his|himself)|(she|her|hers|herself))\b/gi;
/** Others of whom "he" or "she" may be said. */
const others =
  /\b(?:driver|defendant|tortfeasor|husband|wife|spouse|son|daughter|mother|father|brother|sister|child|doctor|physician|surgeon|therapist|nurse|chiropractor|paramedic|officer|trooper|deputy|witness|employee|manager|supervisor|cashier|adjuster|insured|passenger|motorist|pedestrian|man|woman|boy|girl|gentleman|lady|friend|neighbor|employer|boss|attorney|counsel|who|Dr|Drs|Mrs? and Mrs?|Officer|M\.?D|D\.?C)\b/i;
const family = /\b(?:husband|wife|spouse|brother|sister|son|daughter|father|mother|consortium)\b/i;
const own = /\b(?:our|my) client\b|\bclaimant\b|\bplaintiff\b/i;

/**
 * The client's title or pronoun does not go with the others in the letter. Only where the letter tells which is right: by titles before the client's name, else by
 * pronouns of which the one outweighs the other five to one. Only sentences that name the client and nobody else count.
 */
export const wrongGender: LetterRule = {
  id: 'wrong_gender',
  severity: 'asks',
  inLetter({ blocks, head, matter }) {
    const names = (matter?.facts ?? [])
      .filter(({ kind, state }) => kind === 'client_name' && state !== 'rejected')
      .map(({ value }) => value);
    const lasts = [...new Set([...names, ...head.clients.map(({ value }) => value)].map(lastWord))].filter((last) => last.length > 1);
    const [last] = lasts;
    if (last === undefined || lasts.length > 1) return [];
    const said = blocks.flatMap((block) => saidIn(block, last));
    const titles = said.filter(({ word }) => /^m/i.test(word));
    // two of one name, of whom each has a title of their own
    if (new Set(titles.map(({ gender }) => gender)).size > 1 && blocks.some(({ text }) => family.test(text))) return [];
    const counts = (of: readonly Said[]): [number, number] => [
      of.filter(({ gender }) => gender === 'he').length,
      of.filter(({ gender }) => gender === 'she').length,
    ];
    const [hes, shes] = counts(titles.length > 0 ? titles : said);
    const least = titles.length > 0 ? 2 : 5;
    const right: Gender | null = hes >= shes * least && hes > 0 ? 'he' : shes >= hes * least && shes > 0 ? 'she' : null;
    if (right === null) return [];
    return said
      .filter(({ gender }) => gender !== right)
      .map(({ block, start, end, word }): LetterFound => {
        const mend = mended(word, right);
        const reason = `“${word}” is said of the client, who is ${right === 'he' ? '“he”' : '“she”'} elsewhere in the letter.`;
        return { block, start, end, about: [last, right, word.toLowerCase()].join('\n'), reason, ...(mend && { mend: { replace: mend } }) };
      });
  },
};

function saidIn(block: ReadLintBlock, last: string): Said[] {
  const { text, reading } = block;
  if (!/\b(?:he|she|him|his|her|hers|himself|herself|mr|mrs|ms|miss)\b/i.test(text)) return [];
  const name = new RegExp(`\\b(?:(Mr)|(Ms|Mrs|Miss))\\.? (?:\\p{Lu}[\\p{L}.'’-]* ){0,2}${last.replace(/[^\p{L}]/gu, '.')}\\b`, 'giu');
  return reading.sentences.flatMap(({ start: from, end: to }): Said[] => {
    const sentence = text.slice(from, to);
    const flat = plain(sentence);
    if (!flat.includes(last) && !own.test(sentence)) return [];
    const place = (at: number, word: string, gender: Gender): Said => ({
      block,
      start: from + at,
      end: from + at + word.length,
      gender,
      word,
    });
    const titles = matchesOf(name, sentence).map(({ match, start }) => place(start, match[1] ?? match[2] ?? '', match[1] ? 'he' : 'she'));
    const isAlone = !others.test(sentence) && matchesOf(/\b(?:Mr|Mrs|Ms|Miss)\.? /g, sentence).length === titles.length && !/\b(?:he or she|she or he|his or her|he\/she|his\/her)\b/i.test(sentence); // prettier-ignore
    const pronouns = isAlone ? matchesOf(pronoun, sentence).map(({ match, start }) => place(start, match[0], match[1] ? 'he' : 'she')) : [];
    return [...(/\bMrs?\.? and Mrs?\b/.test(sentence) ? [] : titles), ...pronouns].filter((one) => isTyped(block, one));
  });
}

/** "Her" is "him" or "his": that is for a person. */
function mended(word: string, right: Gender): string | null {
  const to: Record<Gender, Record<string, string>> = {
    he: { she: 'he', herself: 'himself', hers: 'his', ms: 'Mr', mrs: 'Mr', miss: 'Mr.' },
    she: { he: 'she', him: 'her', himself: 'herself', his: 'her', mr: 'Ms' },
  };
  const other = to[right][word.toLowerCase()];
  if (other === undefined) return null;
  return /^\p{Lu}/u.test(word) ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
}
