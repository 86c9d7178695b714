/**
 * Whether a sentence tells a reader something that happened or is so, which somebody could ask the proof of, or asks, argues, offers or states law. Told by its words alone;
 * in doubt it is one of fact: a gate that lets a fact through is worse than a question too many.
 */

/** What a chip reads here: a noun, of which nothing is typed. */
export const chipMark = '\uFFFC';

const person = `(?:he|she|they|who|${chipMark}|(?:Mr|Ms|Mrs|Dr|Officer|Nurse)\\.? ?\\p{Lu}[\\p{L}’'-]+|\\p{Lu}[\\p{L}’'-]+ \\p{Lu}[\\p{L}’'-]+)`;
const client = `(?:our client|your insured|the (?:plaintiff|claimant|defendant|driver|insured|parties)|${person})(?:’s|'s)?`;
const says =
  'claims?|contends?|demands?|alleges?|seeks?|asks?|submits?|maintains?|reserves?|offers?|proposes?|intends?|agrees?|disputes?|denies';

/** Asks, argues, offers: what is said of it is a position, and no document proves a position. */
const frames = [
  /^(?:if|unless|should)\b|\b(?:please|tell us|let us know|advise us|kindly|nothing in this (?:letter|demand|offer))\b/i,
  /^(?:kindly|thank you|sincerely|respectfully|very truly|dear|to whom|let us|let me|enclosed|attached|see)\b/i,
  new RegExp(
    `^${client}(?: also| therefore| hereby| further| now)? (?:${says}|is (?:prepared|willing|ready)|are (?:prepared|willing|ready))\\b`,
    'iu',
  ),
  /\byou (?:shall|must|should|may|will|are to)\b|\b(?:will|shall) (?:provide|sign|execute|deliver|dismiss|release|pay|satisfy|be (?:resolved|limited|paid|satisfied|released|dismissed|made|sent))\b/i,
  /^it is (?:therefore )?(?:our|the) (?:client[’']s |firm[’']s )?(?:position|contention|view|belief|understanding|intention)\b/i,
  /^(?:we|I|this (?:firm|office)|our (?:firm|office)|the undersigned)\b[^.]{0,40}\b(?:represents?|writes?|demands?|requests?|asks?|offers?|proposes?|reserves?|trusts?|submits?|believes?|invites?|expects?|hopes?|looks? forward|encloses?|urges?|await|will|would|look|have been retained|has been retained|are (?:willing|prepared|confident|writing))\b/i,
  /^(?:accordingly|therefore|for these reasons|based on (?:the foregoing|this)|in light of (?:this|the)|to (?:settle|resolve|avoid|accept|conclude))\b[^.]{0,80}\b(?:demands?|offers?|asks?|requests?|proposes?|must|should|will|please)\b/i,
  /^(?:this|the|our|any|each|every|such|no|if|unless|upon|in exchange|should|nothing in this|time)\b[^.]{0,60}\b(?:offer|demand|proposal|release|payment|settlement|deadline|letter|acceptance|reply|response|tender|waive[sd]?|exhibits?|enclosures?)\b(?![^.]{0,200}\b(?:collision|crash|fall|hospital|surgery|injur(?:y|ies|ed))\b[^.]{0,60}\b(?:was|were|had)\b)/i,
];

/** Says what the law is. */
const law =
  /§|\b(?:sections?|subsection|subdivision) \(?[\dA-Za-z]|\b(?:Code|Act|Rules?|Statutes?|Regulations?) (?:of|section|§)|\b(?:O\.C\.G\.A|C\.C\.P|U\.S\.C|C\.F\.R)\b|\blaw (?:requires?|allows?|imposes?|provides?|of the)\b|\bunder (?:\p{Lu}\p{L}+ |the |applicable |state )?law\b|\bow(?:es?|ed) [^.]{0,60}\b(?:dut(?:y|ies)|care)\b|\b(?:is|are) (?:liable|entitled|responsible|required)\b/iu;

/** An adjective more often than something done. */
const adjectives = new Set(
  'insured uninsured underinsured deceased injured released enclosed attached related based listed limited detailed united combined continued certified estimated itemized proposed requested required needed interested entitled concerned named signed supposed alleged agreed unexplained indeed exceed proceed succeed need speed deed feed seed bleed breed heed weed indebted unearned computed updated added'.split(
    ' ',
  ),
);
const auxiliary = new Set(['was', 'were', 'had', 'did', 'wasn’t', 'weren’t', 'didn’t', 'hadn’t']);
const irregular = new Set(
  'fell bit broke struck hit ran drove lost underwent saw went took gave began told felt left came became found got kept knew made met paid put rose said sent slid slept spent spoke stood swore threw understood woke wore wrote tore bled burst chose fought flew froze held hurt led lay rode sank shook shot slipped stole stuck taught thought brought bought caught ate sought built dealt heard meant'.split(
    ' ',
  ),
);
/** Before these a word in -ed is no verb: "the enclosed records", "is supported by". */
const beforeAdjective = new Set(
  'the a an of these those all any our your its this that be is are being each every no with for as to or'.split(' '),
);

/** What is so of somebody's health or stands in a record; those that may be nouns only before what follows a verb. */
const states =
  /\b(?:suffers?|remains?|continues?|lives|requires|experiences|reveals?|confirms?|indicates?|demonstrates?|diagnos\w+|prevents?|cannot|can no longer|unable|no longer)\b|\b(?:shows?|documents?|reports?|notes?|records?|states|causes?|leaves?|works?|treats?|needs?) (?:an?|the|that|no|his|her|their|as|at|with|in|for|every|daily)\b/i;
const ofPerson = new RegExp(
  `(?:^|[\\s,(])(?:${person}|our client|the (?:plaintiff|claimant|driver|defendant))(?:’s|'s)?(?: \\p{L}+){0,3}? (?:has|have|is|are|will (?:need|require|never|always|continue|have))\\b`,
  'u',
);
const happened = /\b(?:has|have) (?:also |since |not |never |only |already )?(?:been|\p{L}+(?:ed|en|wn|ne|lt))\b/iu;
const figure =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million) (?:\p{L}+ )?(?:days?|weeks?|months?|years?|hours?|miles?|feet|times|visits?|surger(?:y|ies)|procedures?|injections?|dollars)\b/iu;

/**
 * `sentence`: a variable's chip as `chipMark`, citations taken out. `isFragment`: an entry of a list that is no whole sentence, in which "stored" and "reports" are rarely verbs.
 */
export function isOfFact(sentence: string, isFragment = false): boolean {
  const text = sentence.replace(/^[\s"“(–-]+/, '').trim();
  if (!/\p{L}{2}/u.test(text) || text.endsWith('?')) return false;
  if (frames.some((frame) => frame.test(text))) return false;
  const isPast = hasPast(text, isFragment);
  if (law.test(text) && !isPast) return false;
  if (isPast || happened.test(text)) return true;
  if (/\b(?:shall|must|should|may|would|might|could|can)\b/i.test(text) && !ofPerson.test(text)) return false;
  return figure.test(text) || (!isFragment && states.test(text)) || ofPerson.test(text);
}

function hasPast(text: string, isFragment: boolean): boolean {
  const words = [...text.matchAll(/[\p{L}’']+/gu)].map(([word]) => word.toLowerCase());
  return words.some((word, at) => {
    if (auxiliary.has(word)) return true;
    if (!irregular.has(word) && (isFragment || !/[a-z]{2}ed$/.test(word) || adjectives.has(word))) return false;
    return at > 0 && !beforeAdjective.has(words[at - 1] ?? '');
  });
}
