/** How well lists of pages answer: the share of questions with an answer among the first five, and the mean of one over the place of the first answer. */
export interface RetrievalScore {
  recallAt5: number;
  mrr: number;
}

export function scoreRetrieval(answered: readonly { found: readonly string[]; answers: readonly string[] }[]): RetrievalScore {
  const places = answered.map(({ found, answers }) => found.findIndex((page) => answers.includes(page)) + 1);
  const share = (of: readonly number[]): number =>
    Math.round((of.reduce((sum, one) => sum + one, 0) / Math.max(1, places.length)) * 1000) / 1000;
  return {
    recallAt5: share(places.map((place) => (place >= 1 && place <= 5 ? 1 : 0))),
    mrr: share(places.map((place) => (place >= 1 ? 1 / place : 0))),
  };
}
