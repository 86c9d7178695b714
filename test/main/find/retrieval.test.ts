import { beforeAll, describe, expect, test } from 'vitest';
import { createJudging } from '../../../src/main/find/votes.ts';
import { createFind } from '../../../src/main/find/find.ts';
import type { FindHit } from '../../../src/shared/find.ts';
import { MatterId } from '../../../src/shared/ids.ts';
import { must } from '../../support/laptop.ts';
import { evaluationCase, evaluationSet, type EvaluationCase, type EvaluationQuestion } from '../../support/retrieval-set.ts';
import { scoreRetrieval, type RetrievalScore } from '../../support/score-retrieval.ts';

const pageOf = ({ fileName, page }: FindHit): string => `${fileName} ${String(page)}`;

async function ask({ laptop, matterId }: EvaluationCase, words: string, linkSteps: number): Promise<FindHit[]> {
  const { store, userId } = laptop;
  const find = createFind({ store, userId, onBug: () => undefined, onIndexed: () => undefined });
  return must(await find.retrieve({ words, linkSteps, most: 20, filters: { matterId: MatterId.parse(matterId) } })).hits;
}
async function score(
  where: EvaluationCase,
  linkSteps: number,
  how: 'asked' | 'again' = 'asked',
  questions: readonly EvaluationQuestion[] = evaluationSet,
): Promise<RetrievalScore> {
  const answered = [];
  for (const question of questions)
    answered.push({ found: (await ask(where, question[how], linkSteps)).map(pageOf), answers: question.answers });
  return scoreRetrieval(answered);
}
const linked = evaluationSet.filter(({ hops }) => hops > 0);
const plain = evaluationSet.filter(({ hops }) => hops === 0);
const told: Record<string, RetrievalScore> = {};

/** A person says of each question which page answered it, and that the first that did not was no help. */
async function judge(where: EvaluationCase, isTruthful: boolean): Promise<void> {
  const { store, write, userId } = where.laptop;
  const judging = createJudging({ store, write, userId, mayNotDecide: null });
  for (const { asked, answers } of evaluationSet) {
    const hits = await ask(where, asked, 2);
    const right = hits.find((hit) => answers.some((answer) => answer === pageOf(hit)));
    const wrong = hits.find((hit) => !answers.some((answer) => answer === pageOf(hit)));
    for (const [hit, isHelpful] of [
      [right, isTruthful],
      [wrong, !isTruthful],
    ] as const) {
      if (!hit?.passage) continue;
      must(judging.vote({ words: asked, documentId: hit.documentId, page: hit.page, passage: hit.passage, isHelpful }));
    }
  }
}

describe('an evaluation set of questions with the pages that answer them', () => {
  let where: EvaluationCase;
  beforeAll(async () => {
    where = await evaluationCase();
    told['words alone'] = await score(where, 0);
    told['one link'] = await score(where, 1);
    told['two links'] = await score(where, 2);
    told['links that lead anywhere'] = await score(await evaluationCase('anywhere'), 2);
    // asked in one store: what words alone find equally good stands in another order in another
    const without = await evaluationCase('none');
    told['no links to follow'] = await score(without, 2);
    told['words alone there'] = await score(without, 0);
  });

  test('following links finds what words alone do not, and takes nothing from what they do', async () => {
    console.log(told);
    expect(told['two links']?.recallAt5).toBeGreaterThanOrEqual(0.9);
    expect(told['two links']?.recallAt5).toBeGreaterThan((told['words alone']?.recallAt5 ?? 1) + 0.2);
    expect(told['two links']?.mrr).toBeGreaterThan((told['words alone']?.mrr ?? 1) + 0.1);
    const far = evaluationSet.filter(({ hops }) => hops === 2);
    expect([(await score(where, 1, 'asked', far)).recallAt5, (await score(where, 2, 'asked', far)).recallAt5]).toEqual([0, 1]);
    const [before, after] = [await score(where, 0, 'asked', plain), await score(where, 2, 'asked', plain)];
    expect(after.recallAt5).toBeGreaterThanOrEqual(before.recallAt5);
    expect(after.mrr).toBeGreaterThanOrEqual(before.mrr - 0.05);
  });

  test('control: without links, or along links that lead anywhere, the gain is gone', () => {
    expect(told['no links to follow']).toEqual(told['words alone there']);
    expect(told['links that lead anywhere']?.recallAt5).toBeLessThan((told['two links']?.recallAt5 ?? 0) - 0.2);
  });

  test('votes on a question help with the same asked in other words; control: upside down they harm', async () => {
    const before = await score(where, 2, 'again', linked);
    const [helped, harmed] = [await evaluationCase(), await evaluationCase()];
    await judge(helped, true);
    await judge(harmed, false);
    const [after, upsideDown] = [await score(helped, 2, 'again', linked), await score(harmed, 2, 'again', linked)];
    const same = await score(helped, 2, 'asked', linked);
    console.log({ 'no votes': before, votes: after, 'votes upside down': upsideDown, 'votes on the very question': same });
    expect(same.mrr).toBeGreaterThan(0.9);
    expect(after.mrr).toBeGreaterThan(before.mrr + 0.1);
    expect(after.recallAt5).toBeGreaterThanOrEqual(before.recallAt5);
    expect(upsideDown.mrr).toBeLessThan(before.mrr);
  });
});
