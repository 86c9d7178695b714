import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { factLabels } from '../../shared/facts.ts';
import type { FindStep, TextRange } from '../../shared/find.ts';
import { MatterId } from '../../shared/ids.ts';
import { linkWords } from '../../shared/links.ts';
import { formatCents } from '../../shared/money.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { letterText } from '../sync/letter-text.ts';
import type { Command } from './command.ts';
import { withLocalCase, type LocalCase } from './local-seat.ts';

const ingest: Command['run'] = ({ rest, say }) =>
  withLocalCase(rest[0], async ({ seat, matterId }) => {
    const files = seat.documents
      .list(matterId)
      .map(({ documentId, relativePath, mediaType, sizeBytes, kind, kindConfidence, kindWhy, state, reason, pageCount }) => ({
        documentId,
        relativePath,
        mediaType,
        sizeBytes,
        kind,
        kindConfidence,
        kindWhy,
        state,
        reason,
        pageCount,
        pages: seat.documents.pages(documentId),
      }));
    for (const file of files)
      say(`${file.state.padEnd(16)} ${file.kind.padEnd(16)} ${file.relativePath}${file.reason ? `  (${file.reason})` : ''}`);
    await seat.find.settled(); // whether a record names a provider is looked for in it
    const questions = seat.questions.list(matterId);
    for (const { title } of questions) say(`? ${title}`);
    return ok({ files, questions });
  });

const facts: Command['run'] = ({ rest, say }) =>
  withLocalCase(rest[0], async ({ seat, matterId }) => {
    const found = seat.facts.list(matterId);
    const ledger = seat.facts.ledger(matterId);
    for (const fact of found)
      say(
        `${factLabels[fact.kind].padEnd(20)} ${fact.value.padEnd(44)} ${String(fact.confidence).padStart(3)}  ${fact.source.documentName} p. ${String(fact.source.page)}`,
      );
    say('');
    for (const row of ledger.providers)
      say(
        `${row.provider.padEnd(48)} ${formatCents(row.billedCents).padStart(12)} ${formatCents(row.paidCents).padStart(12)} ${formatCents(row.owedCents).padStart(12)}`,
      );
    const { billedCents, paidCents, owedCents } = ledger.totals;
    const repeated = ledger.lines.filter(({ sameAs }) => sameAs !== null).length;
    say(
      `${'Total'.padEnd(48)} ${formatCents(billedCents).padStart(12)} ${formatCents(paidCents).padStart(12)} ${formatCents(owedCents).padStart(12)}`,
    );
    say('');
    if (repeated > 0)
      say(`${String(repeated)} of ${String(ledger.lines.length)} bill lines repeat charges of other statements and are counted there.`);
    for (const { label, provider, says, agrees, source, ...stated } of ledger.statedTotals)
      if (!agrees)
        say(
          `! ${source.documentName} p. ${String(source.page)} says “${label}”${provider === null || provider === label ? '' : ` of ${provider}`}: ${says.map((figure) => `${formatCents(stated[`${figure}Cents`])} ${figure}`).join(', ')}; its lines come to another sum.`,
        );
    for (const { problem, source } of [...found, ...ledger.lines])
      if (problem !== null)
        say(`! ${source.documentName} p. ${String(source.page)} “${source.quote.replaceAll(/\s+/g, ' ').slice(0, 80)}”: ${problem}`);
    // what was left out because nobody can read it without guessing
    const unread = seat.documents
      .list(matterId)
      .flatMap(({ documentId, relativePath, reason }) => (reason === null ? [] : [{ documentId, relativePath, reason }]));
    for (const { relativePath, reason } of unread) say(`! ${relativePath}: ${reason.replaceAll('\n', ' ')}`);
    const contradictions = seat.contradictions.list(matterId);
    for (const { title } of contradictions) say(`? ${title}`);
    return Promise.resolve(ok({ facts: found, ledger, contradictions, unread }));
  });

function draftIn({ seat, matterId }: LocalCase, templateName: string | undefined): Outcome<{ letterId: string }> {
  const template = templateName === undefined ? undefined : seat.templates.choices().find(({ name }) => name === templateName);
  if (templateName !== undefined && !template) {
    const names = seat.templates
      .choices()
      .map(({ name }) => `"${name}"`)
      .join(', ');
    return err({ code: 'invalid_input', what: `the template "${templateName}"`, reason: `The templates are ${names}.` });
  }
  return seat.letters.draft(matterId, template?.templateId);
}

const draft: Command['run'] = ({ rest, options, say }) =>
  withLocalCase(rest[0], async (local) => {
    const drafted = draftIn(local, options['template']);
    if (!drafted.ok) return drafted;
    const whole = local.seat.letters.whole(drafted.value.letterId);
    const view = local.seat.letters.open(drafted.value.letterId);
    if (!whole.ok) return whole;
    if (!view.ok) return view;
    const text = letterText(whole.value.blocks, whole.value.values);
    say(text);
    return Promise.resolve(ok({ text, values: whole.value.values, blockers: view.value.blockers }));
  });

const search: Command['run'] = ({ rest, flags, say }) =>
  withLocalCase(rest[0], async ({ seat, matterId }) => {
    const words = rest.slice(1).join(' ');
    if (words.trim() === '') return err({ code: 'invalid_input', what: 'the command', reason: 'Say what to look for, after the folder.' });
    await seat.find.settled();
    await seat.jobs.idle(); // what belongs together is found after it was read
    const asked = { words, most: 100, filters: { matterId: MatterId.parse(matterId) } };
    const found = flags.has('linked') ? await seat.find.retrieve({ ...asked, most: 20 }) : seat.find.search(asked);
    if (!found.ok) return found;
    for (const { relativePath, page, snippet, why, path } of found.value.hits) {
      say(
        `${relativePath} p. ${String(page)}${why.map(({ how, asked, found: other }) => `  (${how}: ${how === 'without' ? asked : other})`).join('')}`,
      );
      say(`    ${marked(snippet.text, snippet.marks)}`);
      if (path.length > 0) say(`    by ${path.map(stepText).join(' > ')}`);
    }
    if (found.value.hits.length === 0) say('Nothing in the folder says that.');
    return found;
  });

const stepText = ({ fileName, page, link }: FindStep): string =>
  `${fileName} p. ${String(page)}${link ? ` (${linkWords[link.kind][link.isFrom ? 0 : 1].toLowerCase()})` : ''}`;

/** On one line, with what was found in brackets. */
function marked(text: string, marks: TextRange[]): string {
  let [at, said] = [0, ''];
  for (const { start, end } of marks) {
    said += `${text.slice(at, start)}[${text.slice(start, end)}]`;
    at = end;
  }
  return (said + text.slice(at)).replaceAll(/\s+/g, ' ');
}

const exportLetter: Command['run'] = ({ rest, options, say }) =>
  withLocalCase(rest[0], async (local) => {
    const drafted = draftIn(local, options['template']);
    if (!drafted.ok) return drafted;
    const out = resolve(process.env['INIT_CWD'] ?? '.', options['out'] ?? '.');
    await mkdir(out, { recursive: true });
    const files: string[] = [];
    for (const format of ['docx', 'pdf'] as const) {
      const made = await local.seat.exports.create(drafted.value.letterId, format);
      if (!made.ok) return made;
      const to = join(out, made.value.fileName);
      await copyFile(made.value.path ?? '', to);
      files.push(to);
      say(to);
    }
    return ok({ files });
  });

export const caseCommands: Record<string, Command> = {
  ingest: { usage: ['FOLDER', 'read a case folder: type, pages and text of each file'], run: ingest },
  search: {
    usage: [
      'FOLDER "WORDS" [--linked]',
      'pages of a case folder that say it, in another word, spelling or form of a date as well; of a question also pages of documents linked to those',
    ],
    flags: ['linked'],
    run: search,
  },
  facts: {
    usage: ['FOLDER', 'facts and bill lines with their sources, and what could not be read without guessing; money in cents'],
    run: facts,
  },
  draft: { usage: ['FOLDER [--template NAME]', 'a letter from the default template, as text'], options: ['template'], run: draft },
  export: {
    usage: ['FOLDER [--out DIR]', 'the same letter as DOCX and PDF, marked DRAFT'],
    options: ['template', 'out'],
    run: exportLetter,
  },
};
