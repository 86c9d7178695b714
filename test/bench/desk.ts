import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as Y from 'yjs';
import { buildAll } from '../../tools/build.ts';
import { addDays } from '../../src/shared/days.ts';
import type { Block, Inline } from '../../src/shared/letters.ts';
import { renderDocx } from '../../src/main/export/docx.ts';
import { renderPdf } from '../../src/main/export/pdf.ts';
import { printableLetter } from '../../src/main/export/printable.ts';
import { chronologyOf } from '../../src/main/facts/chronology.ts';
import { buildLedger } from '../../src/main/facts/ledger.ts';
import { computeLetterValues } from '../../src/main/letters/values.ts';
import { createLinter, ourLetter, type LintMatter } from '../../src/main/linter/linter.ts';
import { fragmentName, mergeLetterUpdates, readLetterBody } from '../../src/main/sync/letter-doc.ts';
import { billLine, fact, facts as caseFacts, letterhead } from '../main/export/letter-fixture.ts';
import { deskParagraphs } from './desk-letter.ts';
import { percentile, type Measured } from './measure.ts';

/** P12: writing a letter. The linter, the merge and the export here; from a key to the screen in a browser of its own (desk-typing-process.ts). */
export async function desk(): Promise<Measured[]> {
  await buildAll(true);
  const figures = [...(await linting()), ...(await merging()), ...(await exporting())];
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('desk-typing-process.ts', import.meta.url))], {
    maxBuffer: 64_000_000,
  });
  return [...figures, ...(JSON.parse(stdout) as Measured[])];
}

const row = (what: string, value: number, unit = 'ms'): Measured => ({ goal: 'P12', what, value, unit, limit: '', met: null });
const limited = (what: string, value: number, limitMs: number): Measured => ({
  ...row(what, value),
  limit: `${String(limitMs)} ms`,
  met: value <= limitMs,
});

/** A matter of two hundred facts, and the letter of thirty pages about it. */
function aLetter(count = deskParagraphs.length) {
  const visits = Array.from({ length: 120 }, (_, n) =>
    fact('visit', `Visit ${String(n)}`, { normal: `${addDays('2024-02-15', n)}|Cedar Hill` }),
  );
  const codes = Array.from({ length: 70 }, (_, n) => fact('diagnosis', `M54.${String(n % 10)}`, { normal: `M54${String(n % 10)}` }));
  const facts = [...caseFacts, ...visits, ...codes];
  const lines = Array.from({ length: 60 }, (_, n) => billLine(`Provider ${String(n % 8)}`, addDays('2024-02-15', n), 10_000 + n, 5_000));
  const ledger = buildLedger(lines, []);
  const names = ['date_of_loss', 'claim_number', 'witness', 'wage_loss', 'place_of_loss'];
  const blocks = deskParagraphs.slice(0, count).map(({ text, cites }, n): Block => {
    const chip: Inline[] = cites
      ? [
          { type: 'text', text: ' ' },
          { type: 'citation', of: names[n % names.length] ?? '' },
        ]
      : [];
    return { type: 'paragraph', content: [{ type: 'text', text }, ...chip] };
  });
  const letterDate = '2024-10-04';
  const letter = { title: 'Demand', demandCents: 12_500_000, letterDate };
  const values = computeLetterValues({ firm: letterhead, facts, ledger, letter, blocks });
  const matter: LintMatter = { facts, ledger, chronology: chronologyOf(facts, lines), values, others: [] };
  return { blocks, values, matter, letterDate, demandCents: letter.demandCents };
}

async function linting(): Promise<Measured[]> {
  const { blocks, values, matter, letterDate, demandCents } = aLetter();
  const lint = (linter: ReturnType<typeof createLinter>, of: Block[]) =>
    linter.lint(ourLetter({ blocks: of, values, letterDate, demandCents }), matter);
  const whole = await times(20, () => lint(createLinter(), blocks));
  const linter = createLinter();
  lint(linter, blocks);
  const one = await times(40, (n) =>
    lint(
      linter,
      blocks.with(150, { type: 'paragraph', content: [{ type: 'text', text: `Another word, the ${String(n)}th, stands here.` }] }),
    ),
  );
  return [
    ...rows('linter, 30 pages and 200 facts, whole', whole, 100),
    ...rows('linter, one paragraph of it changed', one, 100),
    row('facts', matter.facts.length, 'facts'),
    row('paragraphs', blocks.length, ''),
  ];
}

/** Two people each make ten thousand edits, apart, in a letter of thirty pages; then core merges both with what the letter was; and reads it, as it does where it is shown. */
async function merging(): Promise<Measured[]> {
  const base = new Y.Doc();
  const body = base.getXmlFragment(fragmentName);
  body.insert(
    0,
    deskParagraphs.map(({ text }) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(text)]);
      return paragraph;
    }),
  );
  const state = Y.encodeStateAsUpdate(base);
  const [mine, hers] = [edited(state, 1), edited(state, 2)];
  const merged = await times(20, () => mergeLetterUpdates([state, mine, hers]));
  const read = await times(20, () => readLetterBody([state, mine, hers]));
  return [
    ...rows('merge of 10,000 and 10,000 edits, as core does', merged, 50, 0.5),
    row(
      'the same, and read as the letter it makes, median',
      percentile(
        read.slice(warmUp).map(({ ms }) => ms),
        0.5,
      ),
    ),
  ];
}

/** Ten thousand edits of one person as one update: words of three letters typed at places all over the letter, and every fifth edit strikes one out. */
function edited(state: Uint8Array, seed: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = seed;
  Y.applyUpdate(doc, state);
  const before = Y.encodeStateVector(doc);
  const body = doc.getXmlFragment(fragmentName);
  let random = seed * 7_919;
  for (let edit = 0; edit < 10_000; edit += 1) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    const text = (body.get(random % body.length) as Y.XmlElement).get(0) as Y.XmlText;
    const at = random % Math.max(1, text.length - 4);
    if (edit % 5 === 4) text.delete(at, 3);
    else text.insert(at, 'new');
  }
  return Y.encodeStateAsUpdate(doc, before);
}

async function exporting(): Promise<Measured[]> {
  const { blocks, values } = aLetter(90);
  const print = printableLetter({ blocks, values, letterhead, title: 'Demand', finalized: true });
  const docx = await times(40, () => renderDocx(print));
  const pdf = await times(40, () => renderPdf(print));
  const pages = Number(/\/Count (\d+)/.exec(Buffer.from(await renderPdf(print)).toString('latin1'))?.[1] ?? 0);
  return [
    ...rows('a letter of 10 pages as DOCX', docx, 50),
    row('the first of them', docx[0]?.ms ?? 0),
    ...rows('a letter of 10 pages as PDF', pdf, 50),
    row('the first of them', pdf[0]?.ms ?? 0),
    row('pages of that PDF', pages, 'pages'),
  ];
}

interface Took {
  ms: number;
  /** Milliseconds that this thread worked, which do not grow with what else the machine does. */
  ownMs: number;
}

async function took(work: () => unknown): Promise<Took> {
  const [started, used] = [performance.now(), process.threadCpuUsage()];
  await work();
  const { user, system } = process.threadCpuUsage(used);
  return { ms: performance.now() - started, ownMs: (user + system) / 1_000 };
}

/** So many times are for warming up: of a program that has run for a while, not of its first second. */
const warmUp = 10;

function rows(what: string, times: readonly Took[], limitMs: number, share = 0.95): Measured[] {
  const of = (key: keyof Took, at: number): number =>
    percentile(
      times.slice(warmUp).map((each) => each[key]),
      at,
    );
  return [
    limited(`${what}, ${share === 0.5 ? 'median' : 'p95'}`, of('ms', share), limitMs),
    row('the same, work of its thread, p95', of('ownMs', 0.95)),
    row('the same, work of its thread, median', of('ownMs', 0.5)),
  ];
}

async function times(count: number, work: (nth: number) => unknown): Promise<Took[]> {
  const all: Took[] = [];
  for (let nth = 0; nth < count + warmUp; nth += 1) all.push(await took(() => work(nth)));
  return all;
}
