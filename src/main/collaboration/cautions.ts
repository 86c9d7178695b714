/** Amounts, days, numbers of two digits and more, percentages: what a reader takes for a fact. */
const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const figures = new RegExp(
  `\\$\\s?\\d+(?:,\\d{3})*(?:\\.\\d+)?|\\b(?:${months})\\s+\\d{1,2}(?:,\\s*\\d{4})?|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b|\\b\\d+(?:,\\d{3})*(?:\\.\\d+)?\\s?%|\\b\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?\\b|\\b\\d{2,}(?:\\.\\d+)?\\b`,
  'g',
);
const bare = (figure: string): string =>
  figure
    .replace(/[\s,$]/g, '')
    .replace(/\.00$/, '')
    .toLowerCase();
const mostCautions = 20;

/**
 * Figures that a suggestion brings in and that stand neither in what it replaces nor in what is known of the matter (facts, bill lines, computed values), one
 * sentence each. A figure is the same however it is grouped: "$19,748" is "$19,748.00".
 */
export function cautionsOf(was: string, becomes: string, known: readonly string[]): string[] {
  const standing = new Set([was, ...known].flatMap((text) => [...text.matchAll(figures)].map(([figure]) => bare(figure))));
  const brought = [...becomes.matchAll(figures)].map(([figure]) => figure.trim());
  return [...new Set(brought)]
    .filter((figure) => !standing.has(bare(figure)))
    .slice(0, mostCautions)
    .map((figure) => `“${figure}” stands in no fact, bill line or computed value of this matter.`);
}

/** Between sentences: not in an amount, nor behind what is only short. */
const between = /(?<=(?<!\b(?:Ex|Dr|Mr|Mrs|Ms|No|vs?|St|Inc|Co|Jr|Sr))[.!?])\s+/;
const sentencesOf = (text: string): string[] => text.split(between).map((one) => one.trim());
/** A name of two words or more, or a figure: what makes a sentence one of fact. */
const factual = /(?<!\p{L})\p{Lu}\p{L}+ \p{Lu}\p{L}+|\d/u;
const source = /\(Ex\. |\(exhibit\)/;

/** Sentences of fact that a model brings in and that name no source, one caution each. */
export function uncited(was: string, becomes: string): string[] {
  const before = new Set(sentencesOf(was));
  return sentencesOf(becomes)
    .filter((one) => one !== '' && !before.has(one) && factual.test(one) && !source.test(one))
    .slice(0, mostCautions)
    .map((one) => `“${one.slice(0, 200)}” names no source.`);
}
