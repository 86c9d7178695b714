import { sentenceAt } from '../block-reading.ts';
import { isSameCompany, lastWord, plain, carriersIn, lettersApart } from '../parties.ts';
import { matchesOf, type LetterFound, type LetterRule, type LintMaterial } from '../lint-rule.ts';

const ownClient = /\b(?:[Oo]ur|[Mm]y) client,? (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}.'’-]*){1,3})/gu;
const titled = /\b(?:Mr|Mrs|Ms|Miss)\.? (\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)/gu;
/** Insurers that have a place in a letter to another one. */
const otherCover =
  /\b(?:health|lien|subrogat\w*|reimburs\w*|medicare|medicaid|med-?pay|uninsured|underinsured|UM|UIM|her own|his own|our client['’]s|workers|paid|PIP|umbrella|excess|carrier for)\b/i;

/** In a letter from outside, whose matter nobody knows: a client or a carrier that stands once, beside the ones of the Re: block. */
export const strayParty: LetterRule = {
  id: 'stray_party',
  severity: 'asks',
  inLetter(material) {
    if (material.letter.isOurs) return [];
    return [...strayClients(material), ...strayCarriers(material)];
  },
};

function strayClients({ blocks, head }: LintMaterial): LetterFound[] {
  const clients = head.clients.map(({ value }) => value);
  if (clients.length === 0) return [];
  // one letter off is the client, misspelled: `name_spelling` tells that
  const isClient = (name: string): boolean =>
    clients.some((client) => plain(client).includes(lastWord(name)) || lettersApart(lastWord(name), lastWord(client)) === 1);
  const whole = plain(blocks.map(({ text }) => text).join('\n'));
  const count = (word: string): number => whole.split(word).length - 1;
  return blocks.flatMap((block, index): LetterFound[] => {
    if (index <= head.length || /^\s*Dear\b/.test(block.text)) return [];
    // a witness may stand once with a title, a client does not
    const named = [
      ...matchesOf(titled, block.text).map((one) => ({ ...one, severity: 'asks' as const })),
      ...matchesOf(ownClient, block.text).map((one) => ({ ...one, severity: 'blocks' as const })),
    ];
    const once = new Map(named.map(({ match, end, severity }) => [end - (match[1]?.length ?? 0), { name: match[1] ?? '', severity }]));
    return [...once].flatMap(([start, { name, severity }]): LetterFound[] => {
      const last = lastWord(name);
      if (last.length < 3 || isClient(name) || count(last) > 1) return [];
      const reason = `“${name}” stands nowhere else in the letter, whose client is ${clients[0] ?? ''}.`;
      return [{ block, start, end: start + name.length, severity, about: ['client', last].join('\n'), reason }];
    });
  });
}

function strayCarriers({ blocks, head }: LintMaterial): LetterFound[] {
  const own = [...head.carriers.map(({ value }) => value), ...head.insureds.map(({ value }) => value)];
  if (head.carriers.length === 0) return [];
  const all = blocks.slice(head.length + 1).flatMap((block) => carriersIn(block.text).map((one) => ({ ...one, block })));
  return all
    .filter(({ name, block, start }) => {
      const sentence = sentenceAt(block.reading, start);
      return (
        block.kind !== 'row' &&
        !own.some((one) => isSameCompany(one, name)) &&
        all.filter((other) => isSameCompany(other.name, name)).length === 1 &&
        !otherCover.test(block.text.slice(sentence.start, sentence.end))
      );
    })
    .map(({ name, block, start, end }) => ({
      block,
      start,
      end,
      about: ['carrier', plain(name)].join('\n'),
      reason: `“${name}” stands nowhere else; the letter goes to ${head.carriers[0]?.value ?? ''}.`,
    }));
}
