import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evalCommand } from '../../../src/main/cli/eval-command.ts';
import { withLocalCase } from '../../../src/main/cli/local-seat.ts';
import { evaluate, foundIn, Truth, type Evaluation, type Score } from '../../../src/main/eval/eval.ts';
import { factRules, factsIn } from '../../../src/main/facts/rules/extract-facts.ts';
import type { RuleDocument } from '../../../src/main/facts/rules/proposals.ts';
import { ok } from '../../../src/shared/result.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleFolder } from '../../support/sample-files.ts';

const truthOf = (name: string): string => resolve(import.meta.dirname, `../../truth/${name}.json`);
/** A case is read anew, its scans too; a busy machine takes its time. */
const patience = 180_000;
const bars = ['--min-precision', '0.95', '--min-recall', '0.90'];
type Result = { value: { cases: (Evaluation & { name: string })[]; overall: { facts: Score }; below: string[] } };

describe('steno eval', () => {
  test.each(['rivera-v-bestvalue', 'auto-claim'])(
    'by rules alone %s reaches the bars, every bill line, subtotal and total of it',
    async (name) => {
      const { outcome, code, said } = await runCommand(evalCommand, [sampleFolder(name), '--truth', truthOf(name), ...bars]);
      const [one] = (outcome as Result).value.cases;
      expect([code, (outcome as Result).value.below]).toEqual([0, []]);
      expect(one?.facts.precision).toBeGreaterThanOrEqual(0.95);
      expect(one?.facts.recall).toBeGreaterThanOrEqual(0.9);
      for (const score of [one?.billLines, one?.statedTotals]) expect([score?.precision, score?.recall]).toEqual([1, 1]);
      expect(one?.totals.equal).toBe(true);
      expect(said).toMatch(/facts +precision \d\.\d{3} \(\d+\/\d+\) +recall \d\.\d{3}/);
    },
    patience,
  );

  test.each(['okafor-v-lakeside-market', 'haddad-v-northwind', 'quill-v-marlowe-hotel'])(
    'a case of another style: %s',
    async (name) => {
      const { outcome, code } = await runCommand(evalCommand, ['--truth', truthOf(name), ...bars]);
      expect([code, (outcome as Result).value.below]).toEqual([0, []]);
    },
    patience,
  );

  describe('below a bar', () => {
    const folder = mkdtempSync(join(tmpdir(), 'steno-eval-'));
    const papers = join(folder, 'papers.json');
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const labelled = (facts: unknown, billedCents = 0): void => {
      const totals = { billedCents, adjustedCents: 0, paidCents: 0, owedCents: billedCents };
      writeFileSync(papers, JSON.stringify({ folder: '.', documents: { 'letter.txt': { facts } }, totals }));
    };
    writeFileSync(join(folder, 'letter.txt'), 'Dear Counsel,\nDate of Loss: June 17, 2022\nClaim Number: GP-77120-A\n');

    test('it exits with 1 and names what was missed and what was falsely found, with page and quote', async () => {
      labelled({ date_of_loss: [{ is: ['2022-06-18'], on: [1] }], claim_number: [{ is: ['GP-77120-A'], on: [1] }] });
      const { code, said, outcome } = await runCommand(evalCommand, ['--truth', papers, ...bars]);
      expect(code).toBe(1);
      expect(said).toContain('missed  date_of_loss       letter.txt p. 1: 2022-06-18');
      expect(said).toContain('false   date_of_loss       letter.txt p. 1: 2022-06-17  “Date of Loss: June 17, 2022”');
      expect((outcome as Result).value.below).toEqual([
        'papers: precision of facts is 0.500, below 0.95.',
        'papers: recall of facts is 0.500, below 0.9.',
      ]);
      // control: without a bar it tells the same and ends well
      expect((await runCommand(evalCommand, ['--truth', papers])).code).toBe(0);
    });

    test('sums that differ are below every bar', async () => {
      labelled({ date_of_loss: [{ is: ['2022-06-17'], on: [1] }], claim_number: [{ is: ['GP-77120-A'], on: [1] }] }, 1);
      expect((await runCommand(evalCommand, ['--truth', papers, ...bars])).code).toBe(1);
    });

    test('what it cannot understand it refuses with words', async () => {
      const refused = async (...words: string[]) => (await runCommand(evalCommand, words)).outcome;
      writeFileSync(papers, '{"folder": "."}');
      expect(await refused('--truth', papers)).toMatchObject({ error: { what: 'the truth file' } });
      expect(await refused('--truth', papers, '--min-recall', '95')).toMatchObject({ error: { what: 'the bar' } });
      expect(await refused(folder)).toMatchObject({ error: { what: 'the command' } });
    });
  });
});

describe('controls: without one rule the figures fall below what they are with it', () => {
  const documents = new Map<string, { truth: Truth; read: RuleDocument[]; whole: Evaluation }>();
  const names = ['rivera-v-bestvalue', 'auto-claim', 'haddad-v-northwind'];

  beforeAll(async () => {
    for (const name of names) {
      const truth = Truth.parse(JSON.parse(readFileSync(truthOf(name), 'utf8')));
      const folder = name.startsWith('haddad') ? resolve(import.meta.dirname, '../../truth', name) : sampleFolder(name);
      const case_ = await withLocalCase(folder, ({ seat, matterId }) => {
        const listed = seat.documents.list(matterId);
        const read = listed.map(({ documentId, relativePath, kind }) => ({
          name: relativePath,
          kind,
          pages: seat.documents.pages(documentId),
        }));
        return Promise.resolve(
          ok({ read, whole: evaluate(truth, foundIn(listed, seat.facts.list(matterId), seat.facts.ledger(matterId))) }),
        );
      });
      if (!case_.ok) throw new Error(JSON.stringify(case_.error));
      documents.set(name, { truth, ...case_.value });
    }
  }, patience);

  const recallWith = (rules: typeof factRules): number => {
    let [met, labelled] = [0, 0];
    for (const { truth, read } of documents.values()) {
      const facts = read.flatMap((document) =>
        factsIn(document, Object.values(rules)).facts.map((fact) => ({ ...fact, document: document.name })),
      );
      const scored = evaluate(truth, { facts, billLines: [], statedTotals: [], totals: truth.totals }).facts;
      met += scored.met;
      labelled += scored.labelled;
    }
    return met / labelled;
  };

  test.each(Object.keys(factRules))('%s', (name) => {
    const { [name]: _off, ...others } = factRules;
    expect(recallWith(others)).toBeLessThan(recallWith(factRules));
  });

  test('all of them find what the command finds', () => {
    const whole = [...documents.values()].map(({ whole: { facts } }) => facts);
    expect(recallWith(factRules)).toBeCloseTo(
      whole.reduce((sum, { met }) => sum + met, 0) / whole.reduce((sum, { labelled }) => sum + labelled, 0),
    );
  });
});
