import type { FindingView, SetMute } from '../../shared/linter.ts';
import type { Attested, Block, Blocker, LetterValues } from '../../shared/letters.ts';
import { err, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Facts } from '../facts/facts.ts';
import { createLinter, ourLetter, ourRules, type Linter, type OtherMatter } from '../linter/linter.ts';
import { isAttested, type Questions } from '../questions/questions.ts';
import type { Store } from '../store/store.ts';

/** What the linter finds in a letter of ours as it stands, and what people said to it. */
export interface Findings {
  /** In reading order; those that somebody muted with a reason say so. */
  of(letter: LintedLetter): FindingView[];
  /** Sentences that stand on an attorney's word, to be kept with what is finalized. */
  attested(letter: LintedLetter): Attested[];
  /** Those that keep it from being finalized. */
  blockers(letter: LintedLetter): Blocker[];
  /** A finding that stays on purpose is muted with a reason; it is an answer, and on record. Errors: forbidden, invalid_input. */
  mute(matterId: string, input: Omit<SetMute, 'letterId'>): Outcome<Nothing>;
}

interface LintedLetter {
  letterId: string;
  matterId: string;
  letterDate: string;
  demandCents: number | null;
  blocks: readonly Block[];
  values: LetterValues;
}

interface FindingsInput {
  store: Store;
  facts: Pick<Facts, 'list' | 'ledger' | 'chronology'>;
  questions: Pick<Questions, 'answers' | 'settle'>;
}

/** Letters whose blocks are remembered, so that only the paragraph that changed is read again. */
const mostRemembered = 4;
/** Names of other matters, at most: beyond it the letter is held against the newest. */
const mostNames = 60_000;
// as the index fact_names_idx has it (migrations/local/0020_names.sql)
const namesSql = `select matter_id as matterId, kind, value from fact where kind in ('client_name', 'carrier', 'claim_number') and state <> 'rejected' and deleted_at is null
  order by matter_id desc limit ${String(mostNames)}`;

export function createFindings({ store, facts, questions }: FindingsInput): Findings {
  const linters = new Map<string, Linter>();

  function linterOf(letterId: string): Linter {
    const linter = linters.get(letterId) ?? createLinter(ourRules);
    // the one that was asked last goes last
    linters.delete(letterId);
    linters.set(letterId, linter);
    const [oldest] = linters.keys();
    if (linters.size > mostRemembered && oldest !== undefined) linters.delete(oldest);
    return linter;
  }

  /** The same list for as long as nobody's name changed: the linter keeps an index of it. */
  let lastNames = { of: '', names: '', others: [] as OtherMatter[] };
  function others(matterId: string): OtherMatter[] {
    const rows = store.compiled(namesSql).all() as { matterId: string; kind: string; value: string }[];
    const names = rows.map((row) => `${row.matterId} ${row.kind} ${row.value}`).join('\n');
    if (lastNames.of === matterId && lastNames.names === names) return lastNames.others;
    const byMatter = Map.groupBy(
      rows.filter((row) => row.matterId !== matterId),
      (row) => row.matterId,
    );
    const of = (some: typeof rows, kind: string): string[] => some.filter((row) => row.kind === kind).map(({ value }) => value);
    const all = [...byMatter.values()].map((some) => ({
      clients: of(some, 'client_name'),
      carriers: of(some, 'carrier'),
      claimNumbers: of(some, 'claim_number'),
    }));
    lastNames = { of: matterId, names, others: all };
    return all;
  }

  function of({ letterId, matterId, letterDate, demandCents, blocks, values }: LintedLetter): FindingView[] {
    const found = linterOf(letterId).lint(ourLetter({ blocks, values, letterDate, demandCents }), {
      facts: facts.list(matterId),
      ledger: facts.ledger(matterId),
      chronology: facts.chronology(matterId),
      values,
      others: others(matterId),
    });
    const answers = questions.answers(matterId);
    return found.map((finding) => ({ ...finding, muted: answers.get(finding.key) ?? null }));
  }

  return {
    of,
    attested: (letter) =>
      of(letter).flatMap(({ key, quote, muted }) => (muted !== null && isAttested(key) ? [{ sentence: quote, ...muted }] : [])),
    blockers: (letter) =>
      of(letter)
        .filter(({ severity, muted }) => severity === 'blocks' && muted === null)
        .map(({ reason }) => ({ kind: 'finding' as const, text: reason, variable: null })),
    mute(matterId, { key, isMuted, note }) {
      if (isMuted && note === '')
        return err({ code: 'invalid_input', what: 'the reason', reason: 'Say why it stays: it is kept with your name.' });
      return questions.settle({ matterId: matterId as never, key, isSettled: isMuted, areOwn: false, note });
    },
  };
}
