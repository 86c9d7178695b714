import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { evaluate, foundIn, together, Truth, type Evaluation, type Score } from '../eval/eval.ts';
import type { Command } from './command.ts';
import { withLocalCase } from './local-seat.ts';

const project = resolve(import.meta.dirname, '../../..');

interface Case {
  name: string;
  folder: string;
  truth: Truth;
}

/** The truth files of the tests whose folders are here, or the one that was named; a folder given beside it is read in place of its own. */
function casesOf(folder: string | undefined, truthFile: string | undefined): Outcome<Case[]> {
  const here = process.env['INIT_CWD'] ?? '.';
  const files = truthFile === undefined ? globSync(join(project, 'test/truth/*.json')).toSorted() : [resolve(here, truthFile)];
  const cases: Case[] = [];
  for (const file of files) {
    let truth: Truth;
    try {
      truth = Truth.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      const reason = `${file} is no truth file: ${(error as Error).message.slice(0, 300)}`;
      return err({ code: 'invalid_input', what: 'the truth file', reason });
    }
    const own = resolve(dirname(file), truth.folder);
    cases.push({ name: basename(file, '.json'), folder: folder === undefined ? own : resolve(here, folder), truth });
  }
  const there = cases.filter((one) => existsSync(one.folder));
  if (truthFile !== undefined && there.length === 0)
    return err({ code: 'invalid_input', what: 'the case folder', reason: 'It is not there: name it before --truth.' });
  return ok(there);
}

/** A bar of 0 to 1, null where it is none. */
function barOf(text: string | undefined): number | null {
  if (text === undefined) return 0;
  const bar = Number(text);
  return text.trim() !== '' && bar >= 0 && bar <= 1 ? bar : null;
}

const run: Command['run'] = async ({ rest, options, say }) => {
  const least = { precision: barOf(options['min-precision']), recall: barOf(options['min-recall']) };
  if (least.precision === null || least.recall === null)
    return err({ code: 'invalid_input', what: 'the bar', reason: 'Write it as a number from 0 to 1, such as 0.95.' });
  if (rest[0] !== undefined && options['truth'] === undefined)
    return err({ code: 'invalid_input', what: 'the command', reason: 'Name the truth of that folder: --truth FILE.' });
  const cases = casesOf(rest[0], options['truth']);
  if (!cases.ok) return cases;
  const evaluated: ({ name: string } & Evaluation)[] = [];
  const below: string[] = [];
  for (const { name, folder, truth } of cases.value) {
    const result = await withLocalCase(folder, ({ seat, matterId }) =>
      Promise.resolve(ok(evaluate(truth, foundIn(seat.documents.list(matterId), seat.facts.list(matterId), seat.facts.ledger(matterId))))),
    );
    if (!result.ok) return result;
    evaluated.push({ name, ...result.value });
    below.push(...belowBar(name, result.value, { precision: least.precision, recall: least.recall }));
    tell(say, name, result.value);
  }
  const overall = {
    facts: together(evaluated.map(({ facts }) => facts)),
    billLines: together(evaluated.map(({ billLines }) => billLines)),
    statedTotals: together(evaluated.map(({ statedTotals }) => statedTotals)),
  };
  say(row('All cases: facts', overall.facts));
  say(row('All cases: bill lines', overall.billLines));
  for (const line of below) say(line);
  if (below.length > 0) process.exitCode = 1;
  return ok({ cases: evaluated, overall, below });
};

/** Facts, bill lines and stated totals each have to reach the bar; sums have to be equal wherever a bar was given. */
function belowBar(
  name: string,
  { facts, billLines, statedTotals, totals }: Evaluation,
  least: { precision: number; recall: number },
): string[] {
  const of = Object.entries({ facts, 'bill lines': billLines, 'stated totals': statedTotals });
  const ratios = of.flatMap(([what, score]) =>
    (['precision', 'recall'] as const)
      .filter((ratio) => score[ratio] < least[ratio])
      .map((ratio) => `${name}: ${ratio} of ${what} is ${score[ratio].toFixed(3)}, below ${String(least[ratio])}.`),
  );
  const isAsked = least.precision > 0 || least.recall > 0;
  return [...ratios, ...(isAsked && !totals.equal ? [`${name}: the sums of the bill lines are not those of the truth.`] : [])];
}

const row = (label: string, { precision, recall, f1, right, found, met, labelled }: Score): string =>
  `${label.padEnd(34)} precision ${precision.toFixed(3)} (${String(right)}/${String(found)})  recall ${recall.toFixed(3)} (${String(met)}/${String(labelled)})  F1 ${f1.toFixed(3)}`;

function tell(
  say: (text: string) => void,
  name: string,
  { kinds, facts, billLines, statedTotals, totals, missed, falseFinds }: Evaluation,
): void {
  say(name);
  for (const [kind, score] of Object.entries(kinds)) say(row(`  ${kind}`, score));
  say(row('  facts', facts));
  say(row('  bill lines', billLines));
  say(row('  stated totals', statedTotals));
  say(`  sums of the bill lines: ${totals.equal ? 'equal' : 'NOT equal'}`);
  for (const { kind, document, page, value } of missed) say(`  missed  ${kind.padEnd(18)} ${document} p. ${String(page)}: ${value}`);
  for (const { kind, document, page, value, quote } of falseFinds)
    say(`  false   ${kind.padEnd(18)} ${document} p. ${String(page)}: ${value}  “${(quote ?? '').replace(/\s+/g, ' ').slice(0, 120)}”`);
}

export const evalCommand: Command = {
  usage: [
    '[FOLDER --truth FILE] [--min-precision N] [--min-recall N]',
    'holds what the rules find in a case folder against a labelled truth; without words, the folders of test/truth. Exits with 1 below a bar',
  ],
  options: ['truth', 'min-precision', 'min-recall'],
  run,
};
