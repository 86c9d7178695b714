/** Amounts, days, numbers of two digits and more, those with "million" behind, percentages: what a reader takes for a fact. */
const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const numerals = 'one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|an?|half an?';
const large = 'hundred|thousand|million|billion';
const figures = new RegExp(
  `\\$?\\s?\\b\\d+(?:,\\d{3})*(?:\\.\\d+)?\\s(?:${large})\\b|\\b(?:${numerals})\\s(?:${large})\\b|\\$\\s?\\d+(?:,\\d{3})*(?:\\.\\d+)?|\\b(?:${months})\\s+\\d{1,2}(?!\\d)(?:,\\s*\\d{4})?|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b|\\b\\d+(?:,\\d{3})*(?:\\.\\d+)?\\s?%|\\b\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?\\b|\\b\\d{2,}(?:\\.\\d+)?\\b|\\b\\d+e\\d+\\b`,
  'gi',
);
export const figuresIn = (text: string): string[] => [...text.normalize('NFKC').matchAll(figures)].map(([figure]) => figure.trim());
/** A figure however it is grouped. */
export const bare = (figure: string): string => figure.replace(/[\s,]/g, '').replace(/\.00$/, '').toLowerCase();

/** Between sentences: not in an amount, nor behind what is only short. */
const between = /(?<=(?<!\b(?:Ex|Dr|Mr|Mrs|Ms|No|vs?|St|Inc|Co|Jr|Sr))[.!?])\s+/;
export const sentencesOf = (text: string): string[] => text.split(between).map((one) => one.trim());
/** A name of two words or more, a figure or a computed value: what makes a sentence one of fact. */
export const factual = /(?<!\p{L})\p{Lu}\p{L}+ \p{Lu}\p{L}+|\d|\{\{(?!cite:)/u;
