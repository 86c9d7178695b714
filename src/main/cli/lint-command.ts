import { readFile, stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { formatCents } from '../../shared/money.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { ReadDocument, ReadInput } from '../documents/read/reading.ts';
import { chronologyOf } from '../facts/chronology.ts';
import { buildLedger } from '../facts/ledger.ts';
import { WorkerKilled, type WorkerBudget, type Workers } from '../host/host.ts';
import { createWorkers } from '../host/node-workers.ts';
import type { LintedPages, LintPages, Recognised } from '../linter/lint-worker.ts';
import type { LintMatter } from '../linter/linter.ts';
import type { Command } from './command.ts';
import { withLocalCase, type LocalCase } from './local-seat.ts';

const readWorker = new URL('../documents/read/read-worker.ts', import.meta.url);
const lintWorker = new URL('../linter/lint-worker.ts', import.meta.url);
/** As for any file of a case folder (R10). */
const readBudget = { timeoutMs: 60_000, memoryMb: 512 };
const lintBudget = { timeoutMs: 20_000, memoryMb: 512 };
const mostBytes = 200 * 1024 * 1024;

/** Somebody's letter, held against itself and, with a folder of records, against what they say. */
const run: Command['run'] = async ({ rest, options, say }) => {
  const [name, more] = rest;
  if (!name || more !== undefined)
    return err({ code: 'invalid_input', what: 'the command', reason: 'Name one letter: a DOCX, PDF, Markdown or text file.' });
  const path = resolve(process.env['INIT_CWD'] ?? '.', name);
  const records = options['records'];
  const workers = createWorkers();
  try {
    const read = await readLetter(workers, path);
    if (!read.ok) return read;
    const matter =
      records === undefined ? ok(null) : await withLocalCase(records, (local) => Promise.resolve(ok(matterIn(local, path, records))));
    if (!matter.ok) return matter;
    const { pages, note } = read.value;
    const unread = pages.filter(({ needsOcr }) => needsOcr).map(({ page }) => page);
    if (pages.every(({ text, needsOcr }) => needsOcr || text.trim() === ''))
      return err({
        code: 'unsupported',
        what: `the letter ${basename(path)}`,
        reason: 'There is no text in it, or its pages are pictures. Save it as DOCX or as a PDF with text.',
      });
    const input: LintPages = {
      pages: pages.map(({ page, text }) => ({ page, text })),
      isMarkdown: /\.(?:md|markdown)$/i.test(path),
      matter: matter.value,
    };
    const linted = await inWorker<LintPages, LintedPages>(workers, lintWorker, 'lintPages', input, lintBudget, basename(path));
    if (!linted.ok) return linted;
    const { findings, recognised } = linted.value;
    tell(say, { findings, recognised }, unread, note);
    if (findings.some(({ severity }) => severity === 'blocks')) process.exitCode = 1;
    return ok({ file: path, recognised, findings, unread, note });
  } finally {
    await workers.stop();
  }
};

async function readLetter(workers: Workers, path: string): Promise<Outcome<ReadDocument>> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return err({ code: 'invalid_input', what: 'the letter', reason: 'There is no such file.' });
  if (found.size > mostBytes)
    return err({ code: 'unsupported', what: `the letter ${basename(path)}`, reason: 'It is larger than 200 MB.' });
  const input: ReadInput = { bytes: new Uint8Array(await readFile(path)), fileName: basename(path) };
  const read = await inWorker<ReadInput, Outcome<ReadDocument>>(workers, readWorker, 'read', input, readBudget, basename(path));
  return read.ok ? read.value : read;
}

async function inWorker<I, O>(
  workers: Workers,
  module: URL,
  task: string,
  input: I,
  budget: WorkerBudget,
  file: string,
): Promise<Outcome<O>> {
  try {
    return ok(await workers.run<I, O>(module, task, input, budget));
  } catch (error) {
    if (!(error instanceof WorkerKilled)) throw error;
    return err({ code: 'unsupported', what: `the letter ${file}`, reason: 'It took too much time or memory and was stopped.' });
  }
}

/** What the records say. Letters of demand among them, and the letter itself, are no evidence for what they say. */
function matterIn({ seat, matterId }: LocalCase, letterPath: string, records: string): LintMatter {
  const inside = relative(resolve(process.env['INIT_CWD'] ?? '.', records), letterPath)
    .split(sep)
    .join('/');
  const own = new Set(
    seat.documents
      .list(matterId)
      .filter(({ kind, relativePath }) => kind === 'Demand' || relativePath === inside)
      .map(({ documentId }) => documentId),
  );
  const facts = seat.facts.list(matterId).filter(({ source }) => !own.has(source.documentId));
  const lines = seat.facts.ledger(matterId).lines.filter(({ source }) => !own.has(source.documentId));
  const ledger = buildLedger(lines, []);
  return { facts, ledger, chronology: chronologyOf(facts, ledger.lines), values: null, others: [] };
}

function tell(say: (text: string) => void, { findings, recognised }: LintedPages, unread: readonly number[], note: string | null): void {
  say(headline(recognised));
  for (const { severity, place, quote, reason, evidence } of findings) {
    say(`${severity === 'blocks' ? '!' : '?'} p. ${String(place.page ?? 1)} “${quote.replaceAll(/\s+/g, ' ').slice(0, 100)}”: ${reason}`);
    for (const { documentName, page } of evidence.slice(0, 3)) say(`    ${documentName} p. ${String(page)}`);
  }
  if (unread.length > 0) say(`! Pages that are pictures were not read: ${unread.join(', ')}.`);
  if (note !== null) say(`! ${note.replaceAll('\n', ' ')}`);
  const blocking = findings.filter(({ severity }) => severity === 'blocks').length;
  say(findings.length === 0 ? 'Nothing found.' : `${String(blocking)} to mend, ${String(findings.length - blocking)} to look at.`);
}

function headline({ letterDate, clients, carriers, lossDays, demandsCents }: Recognised): string {
  const parts = [
    ['dated', letterDate],
    ['client', clients[0]],
    ['to', carriers[0]],
    ['loss', lossDays[0]],
    ['demand', demandsCents[0] === undefined ? null : formatCents(demandsCents[0])],
  ].map(([label, value]) => `${label ?? ''} ${value ?? 'not found'}`);
  return `Read as: ${parts.join(', ')}.`;
}

export const lintCommand: Command = {
  usage: [
    'LETTER [--records FOLDER]',
    'what is wrong or odd in a letter (DOCX, PDF, Markdown or text), each with page and quote; with a folder of records also what they say otherwise. Exits with 1 where something must be mended',
  ],
  options: ['records'],
  run,
};
