/**
 * Whether a sentence tells a reader something that happened or is so, which somebody could ask the proof of, or asks, argues, offers or states law. Told by its words alone,
 * clause by clause: what asks or argues excuses its own clause and no other ("We write because she lost her leg"). In doubt it is of fact: a gate that lets a fact through is
 * worse than a question too many.
 */

/** What a chip reads here: a noun, of which nothing is typed. */
export const chipMark = '\uFFFC';

const person = `(?:he|she|they|who|${chipMark}|(?:Mr|Ms|Mrs|Dr|Officer|Nurse)\\.? ?\\p{Lu}[\\p{L}’'-]+|\\p{Lu}[\\p{L}’'-]+ \\p{Lu}[\\p{L}’'-]+)`;
const client = `(?:our client|your insured|the (?:plaintiff|claimant|defendant|driver|insured|parties)|${person})(?:’s|'s)?`;

/** Takes a position: what it says "that" of is the position's. */
const positions = [
  new RegExp(
    `^${client}(?: also| therefore| hereby| further| now)? (?:claims?|contends?|alleges?|submits?|maintains?|disputes?|denies)\\b`,
    'iu',
  ),
  /^it is (?:therefore )?(?:our|the) (?:client[’']s |firm[’']s )?(?:position|contention|view|belief|understanding|intention)\b/i,
  /^(?:we|I) (?:\p{L}+ )?(?:believe|contend|submit|maintain|trust)\b/iu,
  /\bnothing in this (?:letter|demand|offer)\b|^(?:regarding |as to )?whether\b/i,
];
/** Asks, offers, promises, says what the letter is: its own clause states no fact. */
const frames = [
  /^(?:if|unless|should)\b|^(?:and )?(?:please|kindly)\b|\b(?:tell us|let us know|advise us)\b/i,
  /^(?:thank you|sincerely|respectfully|very truly|dear|to whom|let us|let me|enclosed|attached)\b/i,
  /^(?:and |or )?(?:in order )?to (?:settle|resolve|avoid|accept|conclude)\b/i,
  /^(?:and )?(?:you|your (?:insured|company|firm)) (?:shall|must|should|may|will|are to)\b/i,
  /\b(?:will|shall) (?:provide|sign|execute|deliver|dismiss|release|pay|satisfy|be (?:resolved|limited|paid|satisfied|released|dismissed|made|sent))\b/i,
  new RegExp(
    `^${client}(?: also| therefore| hereby| further| now)? (?:demands?|seeks?|asks?|reserves?|offers?|proposes?|intends?|agrees?|is (?:prepared|willing|ready)|are (?:prepared|willing|ready))\\b`,
    'iu',
  ),
  /^(?:we|I|this (?:firm|office)|our (?:firm|office)|the undersigned)\b[^.]{0,40}\b(?:represents?|writes?|demands?|requests?|asks?|offers?|proposes?|reserves?|invites?|expects?|hopes?|looks? forward|encloses?|urges?|await|will|would|look|have been retained|has been retained|are (?:willing|prepared|confident|writing))\b/i,
  /^(?:this|the|our|any|each|every|such|no|upon|in exchange|time)\b[^.]{0,60}\b(?:offer|demand|proposal|release|payment|settlement|deadline|letter|acceptance|reply|response|tender|waive[sd]?|exhibits?|enclosures?)\b/i,
];

/** Says what the law is. */
const law =
  /§|\b(?:sections?|subsection|subdivision) \(?[\dA-Za-z]|\b(?:Code|Act|Rules?|Statutes?|Regulations?) (?:of|section|§)|\b(?:O\.C\.G\.A|C\.C\.P|U\.S\.C|C\.F\.R)\b|\blaw (?:requires?|allows?|imposes?|provides?|of the)\b|\bunder (?:\p{Lu}\p{L}+ |the |applicable |state )?law\b|\bow(?:es?|ed) [^.]{0,60}\b(?:dut(?:y|ies)|care)\b|\b(?:is|are) (?:liable|entitled|responsible|required)\b/iu;

const wordList = (words: string): Set<string> => new Set(words.split(' '));
/** An adjective or a noun more often than something done. */
const adjectives = wordList(
  'counted insured uninsured underinsured deceased injured released enclosed attached related based listed limited detailed united combined continued certified estimated itemized proposed requested required needed interested entitled concerned named signed supposed alleged agreed unexplained indeed exceed proceed succeed need speed deed feed seed bleed breed heed weed indebted unearned computed updated added',
);
const auxiliary = wordList("was were had did wasn’t weren’t didn’t hadn’t wasn't weren't didn't hadn't");
const irregular = wordList(
  'fell bit broke struck hit ran drove lost underwent saw went took gave began told felt left came became found got kept knew made met paid put rose said sent slid slept spent spoke stood swore threw understood woke wore wrote tore bled burst chose fought flew froze held hurt led lay rode sank shook shot slipped stole stuck taught thought brought bought caught ate sought built dealt heard meant',
);
/** Before these a word in -ed is no verb: "the enclosed records", "is supported by". */
const beforeAdjective = wordList('the a an of these those all any our your its this that be is are being each every no with for as to or');

const states =
  /\b(?:suffers?|remains?|continues?|lives|requires|experiences|reveals?|confirms?|indicates?|demonstrates?|diagnos\w+|prevents?|cannot|can no longer|unable|no longer)\b|\b(?:shows?|documents?|reports?|notes?|records?|states|causes?|leaves?|works?|treats?|needs?) (?:an?|the|that|no|his|her|their|as|at|with|in|for|every|daily)\b/i;
/** What a person does now: "She cries at night". */
const does = /(?:^|[\s,(])(?:[Hh]e|[Ss]he) (?:\p{L}+ly )?\p{Ll}{2,}s\b/u;
const ofPerson = new RegExp(
  `(?:^|[\\s,(])(?:${person}|our client|the (?:plaintiff|claimant|driver|defendant))(?:’s|'s)?(?: \\p{L}+){0,3}? (?:has|have|is|are|will (?:need|require|never|always|continue|have))\\b`,
  'u',
);
const happened = /\b(?:has|have) (?:also |since |not |never |only |already )?(?:been|\p{L}+(?:ed|en|wn|ne|lt))\b/iu;
const figure =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million) (?:\p{L}+ )?(?:days?|weeks?|months?|years?|hours?|miles?|feet|times|visits?|surger(?:y|ies)|procedures?|injections?|dollars)\b/iu;
const question = /^(?:who|what|when|where|why|how|did|do|does|is|are|was|were|will|would|can|could|should|have|has|may)\b/i;

/**
 * `sentence`: a variable's chip as `chipMark`, citations taken out. `isFragment`: no whole sentence (an entry of a list, a line of an address, a heading), in which "stored" and
 * "reports" are rarely verbs.
 */
export function isOfFact(sentence: string, isFragment = false): boolean {
  const text = sentence.replace(/^[\s"“(–-]+/, '').trim();
  if (!/\p{L}{2}/u.test(text) || (text.endsWith('?') && question.test(text))) return false;
  let inPosition = false;
  return clausesOf(text).some((clause) => {
    // "contends that it was so, and that she knew": all of it is what is contended
    if (inPosition && /^(?:and |or )?that\b/i.test(clause)) return false;
    inPosition = positions.some((position) => position.test(clause));
    return !inPosition && !frames.some((frame) => frame.test(clause)) && statesFact(clause, isFragment);
  });
}

/** Parts of a sentence that say something of their own; with the word that joins them. */
const clausesOf = (text: string): string[] =>
  text
    .split(
      /(?:[,:;—–]| -)\s+(?=\S)|\s+(?=(?:(?:and|or) )?(?:that|because|since|which|who|whom|when|after|before|while|although|though|but|as you|(?:regarding |as to )?whether)\b)/iu,
    )
    .map((clause) => clause.trim())
    .filter((clause) => !/^(?:and|or|but)?$/i.test(clause));

function statesFact(text: string, isFragment: boolean): boolean {
  const isPast = hasPast(text, isFragment);
  if (law.test(text) && !isPast) return false;
  if (isPast || happened.test(text)) return true;
  if (/\b(?:shall|must|should|may|would|might|could|can)\b/i.test(text) && !ofPerson.test(text)) return false;
  if (isFragment) return false;
  return figure.test(text) || states.test(text) || does.test(text) || ofPerson.test(text);
}

function hasPast(text: string, isFragment: boolean): boolean {
  const words = [...text.matchAll(/[\p{L}’']+/gu)].map(([word]) => word.toLowerCase());
  return words.some((word, at) => {
    if (auxiliary.has(word)) return true;
    if (!irregular.has(word) && (isFragment || !/[a-z]{2}ed$/.test(word) || adjectives.has(word))) return false;
    // "the amounts paid by our client": of what was done, and not that it was
    return at > 0 && !beforeAdjective.has(words[at - 1] ?? '') && words[at + 1] !== 'by';
  });
}
