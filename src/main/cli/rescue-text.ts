import { formatCents } from '../../shared/money.ts';
import type { Change } from '../rescue/lines.ts';
import type { Rescued } from '../rescue/read-rescue.ts';

const reasons: Record<Rescued['about']['reason'], string> = {
  revoked: 'because the laptop was revoked',
  damaged: 'because pages of its copy could not be read',
  key_gone: 'from a copy whose key is gone from its laptop',
};

/** What was in a rescue file, as a person reads it: matter by matter, in the order it was done. */
export function rescueText({ about, changes, letters, conflicts, files, counts }: Rescued): string {
  const { author, firm } = about;
  const who = author ? `${author.firstName} ${author.lastName} <${author.email}>` : 'somebody whose name could not be read';
  const lines = [
    `Work of ${who}${firm ? `, ${firm.name}` : ''}, that the firm did not have.`,
    `Written ${about.at.slice(0, 16).replace('T', ' ')} UTC by the laptop’s clock, ${reasons[about.reason]}. Laptop ${about.deviceId ?? 'unknown'}.`,
    `${String(counts.changes)} changes, ${String(counts.files)} files.${counts.unreadable > 0 ? ` ${String(counts.unreadable)} places of the copy could not be read.` : ''}`,
  ];
  const matters = new Set([...changes, ...letters, ...conflicts, ...files].map(({ matter }) => matter));
  for (const matter of matters) {
    lines.push('', `## ${matter ?? 'Of no matter'}`);
    for (const change of changes.filter((each) => each.matter === matter)) lines.push('', ...changeLines(change));
    for (const { title, text, textAtFirm } of letters.filter((each) => each.matter === matter))
      lines.push(
        '',
        `The letter "${title ?? 'without a title'}" as its author saw it:`,
        ...indented(text),
        ...(textAtFirm === '' ? [] : ['  (without what the firm did not have:)', ...indented(textAtFirm)]),
      );
    for (const { entity, of, proposed, current } of conflicts.filter((each) => each.matter === matter))
      lines.push('', `Not decided, ${entity}${of ? ` of ${of}` : ''}: ${JSON.stringify(proposed)} or ${JSON.stringify(current)}`);
    for (const { name, sizeBytes, sha256, isWhole } of files.filter((each) => each.matter === matter))
      lines.push('', `The file ${name}, ${String(sizeBytes)} bytes, SHA-256 ${sha256}${isWhole ? '' : ': NOT WHOLE'}`);
  }
  // what a stranger wrote must not steer the terminal of who reads it
  return `${lines.join('\n').replace(/[^\P{Cc}\n]/gu, '\ufffd')}\n`;
}

function changeLines({ mutation: { entity, op, patch }, at, of, state, refusal, before }: Change): string[] {
  const when = at === null ? '' : `${at.slice(0, 16).replace('T', ' ')}  `;
  const what = `${op === 'insert' ? 'new' : 'changed'} ${entity.replaceAll('_', ' ')}${of ? ` of ${of}` : ''}`;
  const refused = state === 'refused' ? ` (refused by the firm: ${refusal ?? 'no reason'})` : '';
  const fields = Object.entries(patch)
    .filter(([field]) => !field.endsWith('_id') && field !== 'payload' && field !== 'content')
    .map(([field, value]) => {
      const was = before && field in before ? `, was ${shown(field, before[field])}` : '';
      return `  ${field.replace(/_cents$/, '').replaceAll('_', ' ')}: ${shown(field, value)}${was}`;
    });
  return [`${when}${what}${refused}`, ...fields];
}

function shown(field: string, value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (field.endsWith('_cents') && typeof value === 'number') return formatCents(value);
  return typeof value === 'string' ? value.replaceAll('\n', '\n    ') : JSON.stringify(value);
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
