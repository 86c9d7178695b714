import { z } from 'zod';
import { Day } from '../../shared/days.ts';
import type { Block, Inline } from '../../shared/letters.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { nameShape, resolveConditions } from './template-conditions.ts';

/**
 * A template as document 000 stores it (template_content): sections of text with `{{variables}}`. Steno adds
 * `{{cite:name}}`, `{{specials_table}}`, `{{exhibit_list}}` and `{{#if name}}`; and, as plain typing: an empty line ends
 * a paragraph, a line end breaks the line, "- " and "1. " make lists, "> " a quote, **bold**, *italic*.
 */
export const TemplateContent = z.object({
  sections: z
    .array(
      z.object({
        id: z.string().max(100),
        title: z.string().max(255),
        content: z.string().max(200_000),
        order: z.number(),
        /** false: the title names the section for the firm and is not printed. */
        heading: z.boolean().default(true),
      }),
    )
    .max(200),
  variables: z.array(z.string().max(100)).max(500).default([]),
  /** The law the text rests on, where it was read and on which day; for the firm, never printed. */
  authorities: z
    .array(z.object({ citation: z.string().max(255), says: z.string().max(2000), source: z.string().max(2000), checked: Day }))
    .max(100)
    .default([]),
});
export type TemplateContent = z.input<typeof TemplateContent>;

export interface DraftedTemplate {
  blocks: Block[];
  /** Sentences for the person who wrote the template: "Section “Facts”: ...". The text they speak of is kept in the draft. */
  problems: string[];
}

/** Names the documents use for what Steno calls otherwise. */
const aliases: Record<string, string> = {
  incident_date: 'date_of_loss',
  damages_breakdown: 'specials_table',
  case_reference: 'firm_reference',
};

/**
 * Turns a template into a letter's first blocks. `isKnown` says whether a variable has a value now; it decides the
 * conditions and nothing else: a variable nobody knows stays in the letter as a chip that blocks Finalize.
 * invalid_input where the content is no template.
 */
export function templateToBlocks(content: unknown, isKnown: (name: string) => boolean): Outcome<DraftedTemplate> {
  const parsed = TemplateContent.safeParse(content);
  if (!parsed.success) return err({ code: 'invalid_input', what: 'the template', reason: z.prettifyError(parsed.error) });
  const blocks: Block[] = [];
  const problems: string[] = [];
  for (const { title, content: text, heading } of parsed.data.sections.toSorted((a, b) => a.order - b.order)) {
    const resolved = resolveConditions(text, (name) => isKnown(aliases[name] ?? name));
    const found = [...resolved.problems];
    const body = linesToBlocks(resolved.text.split('\n'), found);
    if (heading && title.trim() !== '' && body.length > 0)
      blocks.push({ type: 'heading', level: 2, content: inlines(title.trim(), found) });
    blocks.push(...body);
    problems.push(...found.map((problem) => `Section “${title}”: ${problem}`));
  }
  return ok({ blocks, problems });
}

type LineKind = 'text' | 'bullet' | 'number' | 'quote' | 'empty';

const prefixes: Record<Exclude<LineKind, 'text' | 'empty'>, RegExp> = { bullet: /^\s*-\s+/, number: /^\s*\d{1,3}\.\s+/, quote: /^\s*>\s?/ };

function kindOf(line: string): LineKind {
  if (line.trim() === '') return 'empty';
  if (prefixes.bullet.test(line)) return 'bullet';
  if (prefixes.number.test(line)) return 'number';
  return prefixes.quote.test(line) ? 'quote' : 'text';
}

/** Groups neighbouring lines of one kind into blocks. */
function linesToBlocks(lines: readonly string[], problems: string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const kind = kindOf(lines[at] ?? '');
    let end = at + 1;
    while (end < lines.length && kindOf(lines[end] ?? '') === kind) end += 1;
    const group = lines.slice(at, end);
    if (kind === 'text') blocks.push(...paragraphs(group.join('\n'), problems));
    else if (kind === 'quote')
      blocks.push({
        type: 'quote',
        content: linesToBlocks(
          group.map((line) => line.replace(prefixes.quote, '')),
          problems,
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
function paragraphs(text: string, problems: string[]): Block[] {
  return text.split(/(\{\{\s*(?:specials_table|damages_breakdown|exhibit_list)\s*\}\})/).flatMap((part): Block[] => {
    const tag = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
    if (tag === 'exhibit_list') return [{ type: 'exhibitList' }];
    if (tag === 'specials_table' || tag === 'damages_breakdown') return [{ type: 'specialsTable' }];
    return part.trim() === '' ? [] : [{ type: 'paragraph', content: inlines(part.trim(), problems) }];
  });
}

function inlines(text: string, problems: string[]): Inline[] {
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
        problems.push(`“${part}” is no variable: names are letters, digits and underscores.`);
        say(part);
      }
    } else {
      if (/\{\{|\}\}/.test(part))
        problems.push(
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
  const known = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
  return cite ? { type: 'citation', of: known } : { type: 'variable', name: known };
}
