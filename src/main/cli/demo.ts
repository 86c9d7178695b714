import { randomBytes } from 'node:crypto';
import { cp, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { FactKind, LedgerView } from '../../shared/facts.ts';
import type { FactId } from '../../shared/ids.ts';
import type { LetterView } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { err, ok } from '../../shared/result.ts';
import { demoFirm, demoUsers, seedFirm, startOwnServer, type OwnServer } from '../admin/admin.ts';
import { createNodeHost } from '../host/node-host.ts';
import { defaultTemplates } from '../templates/default-templates.ts';
import { sampleCaseFolder } from '../setup/setup.ts';
import { blocksFromLetterBody } from '../sync/letter-doc.ts';
import { insertParagraph } from '../sync/letter-edit.ts';
import { letterText } from '../sync/letter-text.ts';
import type { Command } from './command.ts';
import { startLaptop, type Laptop } from './demo-laptop.ts';

/** What each writes while the server is away: a sentence of the letter, and a correction of a fact. */
interface Offline {
  line: string;
  after: string;
  kind: FactKind;
  corrected(value: string): string;
}
interface Corrected {
  factId: FactId;
  value: string;
}
const byParalegal: Offline = {
  line: 'The bills and records named in this letter are enclosed.',
  after: 'This letter sets out the claim',
  kind: 'firm_reference',
  corrected: (value) => `${value}/JW`,
};
const byAttorney: Offline = {
  line: 'Please acknowledge receipt of this letter in writing.',
  after: 'Nothing in this letter waives',
  kind: 'time_of_loss',
  corrected: (value) => `approximately ${value}`,
};

/** The whole job without a display: two laptops, a real Postgres that goes away and comes back, one letter. Leaves DOCX, PDF and report.json. */
const run: Command['run'] = async ({ options, say }) => {
  const started = Date.now();
  const steps: { step: string; ms: number }[] = [];
  let last = started;
  const tell = (text: string): void => {
    const now = Date.now();
    steps.push({ step: text, ms: now - last });
    say(`${((now - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
    last = now;
  };
  const out = resolve(process.env['INIT_CWD'] ?? '.', options['out'] ?? 'demo-output');
  const caseFolder = options['case'] === undefined ? sampleCaseFolder() : resolve(process.env['INIT_CWD'] ?? '.', options['case']);
  const work = await mkdtemp(join(tmpdir(), 'steno-demo-'));
  let server: OwnServer | null = null;
  const laptops: Laptop[] = [];
  try {
    const { log } = await createNodeHost({ kind: 'cli', dataDir: join(work, 'demo') });
    const clientPassword = randomBytes(24).toString('hex');
    const serverOptions = { dataDir: join(work, 'postgres'), clientPassword, log };
    server = await startOwnServer(serverOptions);
    const { port } = server.postgres;
    tell(`Postgres runs on 127.0.0.1:${String(port)}, migrated.`);
    const seeded = await seedFirm(server.adminUrl, demoFirm.firm, demoUsers(), [...defaultTemplates]);
    if (!seeded.ok) return seeded;
    const [attorney, paralegal] = demoFirm.accounts;
    if (!attorney || !paralegal) throw new Error('the demo firm lost its people');
    tell(`${demoFirm.firm.name}: ${attorney.name} (attorney) and ${paralegal.name} (paralegal).`);

    const connection = { ...server.connection, firmSlug: demoFirm.firm.slug };
    const a = await startLaptop(join(work, 'laptop-a'), connection, paralegal);
    laptops.push(a);
    const b = await startLaptop(join(work, 'laptop-b'), connection, attorney);
    laptops.push(b);
    tell('Laptop A is signed in as the paralegal, laptop B as the attorney; each has its own encrypted store.');

    const watched = join(work, 'cases', basename(caseFolder));
    await mkdir(join(work, 'cases'));
    await cp(caseFolder, watched, { recursive: true });
    const matter = await a.call('matters.create', { folder: watched });
    const { matterId } = matter;
    const progressDone = (files: { state: string }[]): boolean =>
      files.length > 0 && files.every(({ state }) => !['waiting', 'reading', 'waiting_for_ocr'].includes(state));
    await a.call('documents.rescan', { matterId });
    const documents = await a.until(
      'the case folder to be read',
      () => a.call('documents.list', { matterId }),
      (files) => progressDone(files),
      180_000, // pictures take seconds a page
    );
    tell(
      `A watched ${basename(caseFolder)}: ${String(documents.length)} files, ${String(documents.filter(({ state }) => state === 'read').length)} read.`,
    );

    const facts = await a.call('facts.list', { matterId });
    const ledger = await a.call('facts.ledger', { matterId });
    await a.call('facts.decide', { factIds: facts.map(({ factId }) => factId), decision: 'approved' });
    if (ledger.lines.length > 0)
      await a.call('facts.decideBillLines', { billLineIds: ledger.lines.map(({ billLineId }) => billLineId), decision: 'approved' });
    await a.sync();
    tell(`${String(facts.length)} facts and ${String(ledger.lines.length)} bill lines found by rule; the paralegal approved them.`);

    await b.sync();
    const { letterId } = await b.call('letters.draft', { matterId });
    await b.call('letters.setDemand', { letterId, demandCents: demandFor(ledger) });
    await b.sync();
    await a.sync();
    tell('B drafted the letter from the default template; A has it too.');

    await server.stop();
    server = null;
    tell('Postgres is stopped: both laptops are on their own.');
    const corrected = [
      ...(await writeOffline(a, matterId, letterId, byParalegal)),
      ...(await writeOffline(b, matterId, letterId, byAttorney)),
    ];
    const offA = await a.sync();
    const offB = await b.sync();
    tell(
      `Offline, A added a sentence and corrected a fact (${String(offA.waiting)} changes wait, ${offA.phase}); so did B (${String(offB.waiting)}, ${offB.phase}).`,
    );

    server = await startOwnServer({ ...serverOptions, port });
    tell('Postgres is back.');
    await a.sync();
    await b.sync();
    await a.sync();
    const [onA, onB] = [await a.call('letters.open', { letterId }), await b.call('letters.open', { letterId })];
    const [textA, textB] = [textOf(onA), textOf(onB)];
    const converged =
      textA === textB &&
      textA.includes(byParalegal.line) &&
      textA.includes(byAttorney.line) &&
      (await has(a, matterId, corrected)) &&
      (await has(b, matterId, corrected));
    tell(converged ? 'Both laptops hold the same letter, with both edits and both corrections.' : 'THE LAPTOPS DIFFER.');

    const refusedToParalegal = await a.call('letters.finalize', { letterId });
    const finalized = await b.call('letters.finalize', { letterId });
    for (const blocker of finalized.blockers) say(`          blocks Finalize: ${blocker.text}`);
    await b.sync();
    await a.sync();
    tell(finalized.status === 'Finalized' ? 'The paralegal could not finalize; the attorney did.' : 'THE LETTER WAS NOT FINALIZED.');

    await mkdir(out, { recursive: true });
    for (const format of ['docx', 'pdf'] as const) {
      const made = await b.call('export.create', { letterId, format });
      await copyFile(made.path ?? '', join(out, `letter.${format}`));
    }
    const last = await b.sync();
    tell(`Exported to ${out}: letter.docx and letter.pdf.`);

    const final = await b.call('letters.open', { letterId });
    const waitingAtEnd = last.waiting;
    const checks = {
      paralegalRefused: refusedToParalegal.blockers.some(({ kind }) => kind === 'role'),
      wentOffline: offA.phase === 'offline' && offB.phase === 'offline' && offA.waiting > 0 && offB.waiting > 0,
      converged,
      finalized: finalized.status === 'Finalized',
      outboxEmpty: waitingAtEnd === 0 && last.deadLetters === 0 && last.conflicts === 0,
      everyFigureHasASource: final.values.specials.providers.every(({ sources }) => sources.length > 0),
    };
    await writeFile(
      join(out, 'report.json'),
      JSON.stringify(
        report({ caseFolder, documents, final, text: textOf(final), ledger, steps, checks, totalMs: Date.now() - started }),
        null,
        2,
      ),
    );
    printFigures(final, say);
    const disagree = ledger.statedTotals.filter(({ agrees }) => !agrees);
    // a finding about the case, not a failure of the job
    for (const { label, source } of disagree)
      say(`  The documents’ own total does not agree: ${label}, ${source.documentName} p. ${String(source.page)}`);
    const failed = Object.entries(checks)
      .filter(([, passed]) => !passed)
      .map(([name]) => name);
    if (failed.length > 0)
      return err({ code: 'provider_failed', what: 'the demo', reason: `These checks do not hold: ${failed.join(', ')}. See report.json.` });
    return ok({ out, totalMs: Date.now() - started, checks });
  } finally {
    for (const laptop of laptops) await laptop.stop();
    await server?.stop();
    await rm(work, { recursive: true, force: true });
  }
};

/** The attorney's own figure, as a person would type it: three times the billed specials, to the next $500. */
function demandFor({ totals }: LedgerView): number {
  return Math.ceil((totals.billedCents * 3) / 50_000) * 50_000;
}

async function writeOffline(
  laptop: Laptop,
  matterId: string,
  letterId: string,
  { line, after, kind, corrected }: Offline,
): Promise<Corrected[]> {
  const { body } = await laptop.call('letters.open', { letterId });
  const update = insertParagraph(new Uint8Array(Buffer.from(body, 'base64')), after, line);
  await laptop.call('letters.edit', { letterId, update: Buffer.from(update).toString('base64') });
  const fact = (await laptop.call('facts.list', { matterId })).find(
    (candidate) => candidate.kind === kind && candidate.state !== 'rejected',
  );
  if (!fact) return []; // a case without such a fact has nothing to correct
  const { factId, value } = await laptop.call('facts.correct', {
    factId: fact.factId,
    value: corrected(fact.value),
    reason: 'Checked with the client.',
  });
  return [{ factId, value }];
}

async function has(laptop: Laptop, matterId: string, corrected: Corrected[]): Promise<boolean> {
  const facts = await laptop.call('facts.list', { matterId });
  return corrected.every(({ factId, value }) =>
    facts.some((fact) => fact.factId === factId && fact.state === 'corrected' && fact.value === value),
  );
}

function textOf(letter: LetterView): string {
  return letterText(blocksFromLetterBody(new Uint8Array(Buffer.from(letter.body, 'base64'))), letter.values);
}

function report(input: {
  caseFolder: string;
  documents: unknown;
  final: LetterView;
  text: string;
  ledger: LedgerView;
  steps: unknown;
  checks: unknown;
  totalMs: number;
}) {
  const { final, ledger } = input;
  const figures = Object.values(final.values.variables).filter(({ state }) => state !== 'missing');
  return {
    case: basename(input.caseFolder),
    totalMs: input.totalMs,
    checks: input.checks,
    specials: final.values.specials,
    variables: figures.map(({ name, text, state, working, sources }) => ({ name, text, state, working, sources })),
    exhibits: final.values.exhibits,
    statedTotals: ledger.statedTotals,
    documents: input.documents,
    letterText: input.text,
    steps: input.steps,
  };
}

function printFigures(letter: LetterView, say: (text: string) => void): void {
  const { providers, totals } = letter.values.specials;
  say('');
  for (const row of providers) {
    const pages = [...new Set(row.sources.map(({ documentName, page }) => `${documentName} p. ${String(page)}`))].join(', ');
    say(
      `  ${row.provider.padEnd(46)} ${formatCents(row.billedCents).padStart(12)} ${formatCents(row.paidCents).padStart(12)} ${formatCents(row.owedCents).padStart(12)}  ${pages}`,
    );
  }
  say(
    `  ${`${String(providers.length)} providers: billed, paid, owed`.padEnd(46)} ${formatCents(totals.billedCents).padStart(12)} ${formatCents(totals.paidCents).padStart(12)} ${formatCents(totals.owedCents).padStart(12)}`,
  );
  for (const name of ['claim_number', 'date_of_loss']) {
    const variable = letter.values.variables[name];
    const source = variable?.sources[0];
    say(
      `  ${(variable?.label ?? name).padEnd(46)} ${variable?.text ?? 'missing'}${source ? `  ${source.documentName} p. ${String(source.page)}` : ''}`,
    );
  }
}

export const demo: Command = {
  usage: ['[--case FOLDER] [--out DIR]', 'the whole job on two laptops and a real Postgres'],
  options: ['case', 'out'],
  run,
};
