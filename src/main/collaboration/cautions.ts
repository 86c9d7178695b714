/** Amounts, days, numbers of two digits and more, those with "million" behind, percentages: what a reader takes for a fact. */
const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const numerals = 'one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|an?|half an?';
const large = 'hundred|thousand|million|billion';
const figures = new RegExp(
  `\\$?\\s?\\b\\d+(?:,\\d{3})*(?:\\.\\d+)?\\s(?:${large})\\b|\\b(?:${numerals})\\s(?:${large})\\b|\\$\\s?\\d+(?:,\\d{3})*(?:\\.\\d+)?|\\b(?:${months})\\s+\\d{1,2}(?:,\\s*\\d{4})?|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b|\\b\\d+(?:,\\d{3})*(?:\\.\\d+)?\\s?%|\\b\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?\\b|\\b\\d{2,}(?:\\.\\d+)?\\b|\\b\\d+e\\d+\\b`,
  'gi',
);
const figuresIn = (text: string): string[] => [...text.normalize('NFKC').matchAll(figures)].map(([figure]) => figure.trim());
const bare = (figure: string): string => figure.replace(/[\s,]/g, '').replace(/\.00$/, '').toLowerCase();
const mostCautions = 20;

/**
 * Figures that a suggestion brings in and that stand neither in what it replaces nor in what is known of the matter (facts, bill lines, computed values), one
 * sentence each. A figure is the same however it is grouped: "$19,748" is "$19,748.00"; an amount is known by an amount only, not by a year or a house number.
 */
export function cautionsOf(was: string, becomes: string, known: readonly string[]): string[] {
  const standing = new Set(
    [was, ...known].flatMap((text) => figuresIn(text).flatMap((figure) => [bare(figure), bare(figure).replace('$', '')])),
  );
  return [...new Set(figuresIn(becomes))]
    .filter((figure) => !standing.has(bare(figure)))
    .slice(0, mostCautions)
    .map((figure) => `“${figure}” stands in no fact, bill line or computed value of this matter.`);
}

/** Between sentences: not in an amount, nor behind what is only short. */
const between = /(?<=(?<!\b(?:Ex|Dr|Mr|Mrs|Ms|No|vs?|St|Inc|Co|Jr|Sr))[.!?])\s+/;
const sentencesOf = (text: string): string[] => text.split(between).map((one) => one.trim());
/** A name of two words or more, a figure or a computed value: what makes a sentence one of fact. */
const factual = /(?<!\p{L})\p{Lu}\p{L}+ \p{Lu}\p{L}+|\d|\{\{(?!cite:)/u;

/**
 * Sentences of fact that a model brings in and that name no source, one caution each. `was` and `becomes` with chips by name: only a citation's chip is a source, words that
 * look like one are none. `shown` makes a sentence readable.
 */
export function uncited(was: string, becomes: string, shown: (named: string) => string): string[] {
  const before = new Set(sentencesOf(was));
  return sentencesOf(becomes)
    .filter((one) => one !== '' && !before.has(one) && factual.test(one) && !one.includes('{{cite:'))
    .slice(0, mostCautions)
    .map((one) => `“${shown(one).slice(0, 200)}” names no source.`);
}
