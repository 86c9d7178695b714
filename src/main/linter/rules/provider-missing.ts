import { sentenceAt } from '../block-reading.ts';
import { isTyped, matchesOf, type LetterFound, type LetterRule, type LintMaterial } from '../lint-rule.ts';
import { plain } from '../parties.ts';

const kinds =
  'Hospital|Medical Center|Health Center|Clinic|Chiropractic(?: Center| Clinic)?|Physical Therapy|Therapy|Imaging|Radiology|MRI Center|Orthop(?:a)?edics?|Surgery Center|Surgical Center|Urgent Care|Pharmacy|Ambulance|EMS|Emergency Physicians|Medical Group|Rehabilitation|Rehab|Pain Management|Neurology|Physicians|Fire (?:&|and) Rescue';
const provider = new RegExp(`\\b(?:[A-Z][\\w'’&.-]{1,30} (?:(?:[A-Z][\\w'’&.-]{0,30}|of|and|&|the) ){0,5}?)(?:${kinds})\\b(?: (?:Center|Clinic|Group|Associates|Specialists|Department|Services|Hospital|Institute))?`, 'g'); // prettier-ignore
const treated =
  /\b(?:treat(?:ed|ment)|seen|saw|visit(?:s|ed)?|examined|admitted|underwent|presented|diagnosed|surgery|therapy|MRI|X-?rays?|evaluated|transported|consult(?:ed|ation)|care|referred)\b/i;
const notOurs = /\b(?:prior|previous\w*|before the|history|unrelated|expert|recommend\w*|future|will|estimat\w*)\b/i;

/** Words that many providers' names share. */
const generic = new Set('the of and hospital medical center health clinic chiropractic physical therapy imaging radiology orthopedics orthopaedics surgery urgent care pharmacy ambulance ems emergency physicians group rehabilitation pain management associates department services specialists institute dr md inc llc pc community regional general'.split(' ')); // prettier-ignore
const words = (name: string): string[] => plain(name).match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** Whether two names may be one provider's: a telling word in common, or all words of one in the other. */
function mayBeSame(a: readonly string[], b: ReadonlySet<string>): boolean {
  const telling = a.filter((word) => !generic.has(word));
  return telling.length > 0 ? telling.some((word) => b.has(word)) : a.every((word) => b.has(word));
}

/** Somebody who treated the client and whom the specials leave out. */
export const providerMissing: LetterRule = {
  id: 'provider_missing',
  severity: 'asks',
  inLetter(material) {
    const { blocks, tables, matter } = material;
    const specials = tables.filter(({ rows }) => rows.filter(({ cells }) => cells.some(({ isMoney }) => isMoney)).length >= 2);
    // a sentence with its amount says what the provider cost as well as a row does
    const priced = blocks.flatMap(({ kind, text, reading }) =>
      kind === 'row'
        ? []
        : reading.sentences.flatMap(({ start, end }) =>
            reading.amounts.some((one) => one.start >= start && one.end <= end) ? [text.slice(start, end)] : [],
          ),
    );
    const listed = new Set([...specials.flatMap(({ rows }) => rows.map(({ block }) => block.text)), ...priced].flatMap(words));
    if (specials.length === 0) return [];
    return [...onFile(material, listed, matter), ...inText(material, listed)];
  },
};

/** By the bills and visits of the matter's documents. */
function onFile({ blocks, tables }: LintMaterial, listed: ReadonlySet<string>, matter: LintMaterial['matter']): LetterFound[] {
  const entries = matter?.chronology.entries ?? [];
  const at = tables[0]?.rows.at(-1)?.block ?? blocks[0];
  if (!at) return [];
  return [...Map.groupBy(entries, (entry) => words(entry.provider).join(' '))].flatMap(([key, own]): LetterFound[] => {
    const [first] = own;
    if (!first || key === '' || mayBeSame(words(first.provider), listed)) return [];
    const hasBill = own.some(({ billedCents }) => billedCents > 0);
    return [
      {
        block: at,
        start: 0,
        end: at.text.length,
        about: key,
        reason: `${first.provider} ${hasBill ? 'billed' : 'treated the client'} and is not among the specials.`,
        evidence: own.flatMap(({ sources }) => sources).slice(0, 20),
      },
    ];
  });
}

/** By what the letter itself says of the treatment. */
function inText({ blocks, head }: LintMaterial, listed: ReadonlySet<string>): LetterFound[] {
  const told = new Set<string>();
  return blocks.flatMap((block, index) => {
    if (block.kind === 'row' || block.kind === 'heading' || index <= head.length) return [];
    return matchesOf(provider, block.text).flatMap(({ match, start, end }): LetterFound[] => {
      const name = words(match[0]);
      const telling = name.filter((word) => !generic.has(word));
      const sentence = sentenceAt(block.reading, start);
      const said = block.text.slice(sentence.start, sentence.end);
      if (telling.length === 0 || !treated.test(said) || notOurs.test(said) || told.has(telling.join(' '))) return [];
      if (mayBeSame(name, listed) || !isTyped(block, { start, end })) return [];
      told.add(telling.join(' '));
      return [{ block, start, end, about: telling.join(' '), reason: `${match[0]} treated the client and is not among the specials.` }];
    });
  });
}
