import { z } from 'zod';
import type { Block, Inline } from '../../shared/letters.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { nameShape, TemplateContent } from '../../shared/template-content.ts';
import { expandTemplate, knownAs, TooLong, type DraftWorld } from './expand.ts';
import { parseTemplate } from './grammar.ts';

export interface DraftedTemplate {
  blocks: Block[];
  /** Sentences for the person who wrote the template: "Section “Facts”: ...". The text they speak of is kept in the draft. */
  problems: string[];
}

/**
 * Turns a template into a letter's first blocks, without the sections that `leaveOut` names. `world` decides conditions and repeats and nothing else: a variable nobody
 * knows stays in the letter as a chip that blocks Finalize. invalid_input where the content is no template, unsupported where it repeats without end.
 */
export function templateToBlocks(content: unknown, world: DraftWorld, leaveOut: readonly string[] = []): Outcome<DraftedTemplate> {
  const parsed = TemplateContent.safeParse(content);
  if (!parsed.success) return err({ code: 'invalid_input', what: 'the template', reason: z.prettifyError(parsed.error) });
  const blocks: Block[] = [];
  const problems: string[] = [];
  const spent = { rows: 0, characters: 0 };
  for (const { id, title, content: text, heading } of parsed.data.sections.toSorted((a, b) => a.order - b.order)) {
    if (leaveOut.includes(id)) continue;
    const { nodes, problems: found } = parseTemplate(text.replace(/\r\n?/g, '\n'));
    const said = new Set(found.map((problem) => problem.text));
    const expanded = expandOrNull(nodes, world, spent);
    if (expanded === null)
      return err({
        code: 'unsupported',
        what: `the section “${title}”`,
        reason: 'It repeats over more items than any letter can list. Narrow the repeat, or use the specials table.',
      });
    const body = linesToBlocks(expanded.split('\n'), said, 0);
    if (heading && title.trim() !== '' && body.length > 0) blocks.push({ type: 'heading', level: 2, content: inlines(title.trim(), said) });
    blocks.push(...body);
    problems.push(...[...said].map((problem) => `Section “${title}”: ${problem}`));
  }
  return ok({ blocks, problems });
}

function expandOrNull(...given: Required<Parameters<typeof expandTemplate>>): string | null {
  try {
    return expandTemplate(...given);
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
}

type LineKind = 'text' | 'bullet' | 'number' | 'quote' | 'empty';

const prefixes: Record<Exclude<LineKind, 'text' | 'empty'>, RegExp> = { bullet: /^\s*-\s+/, number: /^\s*\d{1,3}\.\s+/, quote: /^\s*>\s?/ };

function kindOf(line: string): LineKind {
  if (line.trim() === '') return 'empty';
  if (prefixes.bullet.test(line)) return 'bullet';
  if (prefixes.number.test(line)) return 'number';
  return prefixes.quote.test(line) ? 'quote' : 'text';
}

/** Quotes within quotes; deeper the marks stand as they were typed. */
const mostQuoted = 8;

/** Groups neighbouring lines of one kind into blocks. */
function linesToBlocks(lines: readonly string[], problems: Set<string>, depth: number): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const kind = kindOf(lines[at] ?? '');
    let end = at + 1;
    while (end < lines.length && kindOf(lines[end] ?? '') === kind) end += 1;
    const group = lines.slice(at, end);
    if (kind === 'text') blocks.push(...paragraphs(group.join('\n'), problems));
    else if (kind === 'quote' && depth >= mostQuoted) blocks.push(...paragraphs(group.join('\n'), problems));
    else if (kind === 'quote')
      blocks.push({
        type: 'quote',
        content: linesToBlocks(
          group.map((line) => line.replace(prefixes.quote, '')),
          problems,
          depth + 1,
        ),
      });
    else if (kind !== 'empty') {
      const items = group.map((line) => paragraphs(line.replace(prefixes[kind], ''), problems));
      blocks.push({ type: 'list', ordered: kind === 'number', items });
    }
    at = end;
  }
  return blocks;
}

/** One paragraph, or several blocks where a table or list tag stands between its words. */
function paragraphs(text: string, problems: Set<string>): Block[] {
  return text.split(/(\{\{\s*(?:specials_table|damages_breakdown|exhibit_list)\s*\}\})/).flatMap((part): Block[] => {
    const tag = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
    if (tag === 'exhibit_list') return [{ type: 'exhibitList' }];
    if (tag === 'specials_table' || tag === 'damages_breakdown') return [{ type: 'specialsTable' }];
    return part.trim() === '' ? [] : [{ type: 'paragraph', content: inlines(part.trim(), problems) }];
  });
}

function inlines(text: string, problems: Set<string>): Inline[] {
  const content: Inline[] = [];
  const marks = { bold: false, italic: false };
  const pairs = { '**': isPaired(text, '**'), '*': isPaired(text.replaceAll('**', ''), '*') };
  const say = (words: string): void => {
    for (const [index, line] of words.split('\n').entries()) {
      if (index > 0) content.push({ type: 'break' });
      if (line !== '') content.push({ type: 'text', text: line, ...(marks.bold && { bold: true }), ...(marks.italic && { italic: true }) });
    }
  };
  for (const part of text.split(/(\{\{[^{}]*\}\}|\*\*|\*)/)) {
    if (part === '**' && pairs['**']) marks.bold = !marks.bold;
    else if (part === '*' && pairs['*']) marks.italic = !marks.italic;
    else if (part.startsWith('{{') && part.endsWith('}}')) {
      const chip = chipOf(part.slice(2, -2));
      if (chip) content.push(chip);
      else {
        problems.add(`“${part}” is no variable: names are letters, digits and underscores.`);
        say(part);
      }
    } else {
      if (/\{\{|\}\}/.test(part))
        problems.add(
          `a brace is left open near “${part
            .slice(Math.max(0, part.search(/\{\{|\}\}/) - 10))
            .slice(0, 40)
            .trim()}”.`,
        );
      say(part);
    }
  }
  return content;
}

function isPaired(text: string, mark: string): boolean {
  return (text.split(mark).length - 1) % 2 === 0;
}

function chipOf(tag: string): Inline | null {
  const [, cite, rawName = ''] = /^\s*(cite:)?\s*(.*?)\s*$/.exec(tag) ?? [];
  const name = rawName.toLowerCase();
  if (!nameShape.test(name)) return null;
  const known = knownAs(name);
  return cite ? { type: 'citation', of: known } : { type: 'variable', name: known };
}
