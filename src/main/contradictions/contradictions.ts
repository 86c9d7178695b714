import { createHash } from 'node:crypto';
import type { ChooseSide, ContradictionView } from '../../shared/contradictions.ts';
import { err, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Facts } from '../facts/facts.ts';
import type { Questions } from '../questions/questions.ts';
import type { ContradictionRule } from './contradiction-rule.ts';
import { earlierConditions } from './rules/earlier-conditions.ts';
import { checkOverdue, measuresDiffer } from './rules/measures.ts';
import { studyDay } from './rules/study-day.ts';
import { totalsDiffer } from './rules/totals.ts';
import { valuesDiffer } from './rules/values-differ.ts';
import { wageArithmetic } from './rules/wages.ts';

/** Values for the same thing that differ between documents, found anew from facts and bill lines, and what people said to it. */
export interface Contradictions {
  /** Open ones first, then those that somebody accepted. */
  list(matterId: string): ContradictionView[];
  /** One side holds: its facts are approved, those of the others rejected, in one change. Errors: forbidden, not_found (the values changed meanwhile). */
  choose(input: ChooseSide): Outcome<Nothing>;
}

interface ContradictionsInput {
  facts: Pick<Facts, 'list' | 'ledger' | 'decideBetween'>;
  /** That somebody accepted one is an answer to a question, and kept as such. */
  questions: Pick<Questions, 'answers'>;
}

/** In the order in which they are listed. */
const rules: readonly ContradictionRule[] = [
  valuesDiffer,
  totalsDiffer,
  wageArithmetic,
  studyDay,
  measuresDiffer,
  checkOverdue,
  earlierConditions,
];

export function createContradictions({ facts, questions }: ContradictionsInput): Contradictions {
  function list(matterId: string): ContradictionView[] {
    const ledger = facts.ledger(matterId);
    const material = {
      facts: facts.list(matterId).filter(({ state }) => state !== 'rejected'),
      // a charge that two statements repeat is one
      ledger: { ...ledger, lines: ledger.lines.filter(({ state, sameAs }) => state !== 'rejected' && sameAs === null) },
    };
    const settled = questions.answers(matterId);
    const found = rules.flatMap((rule) =>
      rule(material).map(({ about, ...one }): ContradictionView => {
        const key = `contradiction:${one.kind}:${hashed(`${one.kind}\n${about}`)}`;
        return { ...one, key, settled: settled.get(key) ?? null };
      }),
    );
    return [...found.filter((one) => !one.settled), ...found.filter((one) => one.settled)];
  }

  return {
    list,
    choose({ matterId, key, side }) {
      const found = list(matterId).find((one) => one.key === key && one.isChoice);
      const chosen = found?.sides[side];
      if (!found || !chosen) return err({ code: 'not_found', what: 'these values' });
      return facts.decideBetween(
        chosen.factIds,
        found.sides.filter((one) => one !== chosen).flatMap(({ factIds }) => factIds),
      );
    },
  };
}

/** The key goes to the firm as it is: it says nothing of what the values are. */
const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
