import { LetterStyle, ownStyle, type HeadingStyle } from '../../shared/letter-style.ts';
import { factLabels, singleKinds } from '../../shared/facts.ts';
import type { TemplateSection, TemplateVariable, WholeTemplate } from '../../shared/template-content.ts';
import type { FoundWords, ImportedDocx, WordsChoice } from '../../shared/template-import.ts';
import type { DocxParagraph, DocxRun, DocxStructure, DocxStyle } from '../documents/documents.ts';

/** More nobody decides about one by one; of each sort no more are described. */
const mostFound = 300;

/** A letter of the firm as sections of a template, with the words in it that belong to no template. Pure. */
export function importDocx({ paragraphs, ...docx }: DocxStructure): ImportedDocx {
  const parts: { title: string; lines: string[] }[] = [{ title: '', lines: [] }];
  let before: DocxParagraph | null = null;
  let number = 0;
  for (const paragraph of paragraphs) {
    const text = plainOf(paragraph);
    number = paragraph.list === 'number' ? number + 1 : 0;
    if (isHeading(paragraph, text)) parts.push({ title: text.replace(/\s+/g, ' ').slice(0, 255), lines: [] });
    else {
      const isRun = (paragraph.list !== null && before?.list === paragraph.list) || (paragraph.isRow && before?.isRow === true);
      const lines = parts.at(-1)?.lines;
      if (!isRun && lines && lines.length > 0) lines.push('');
      lines?.push(markedLine(paragraph, number));
    }
    before = paragraph;
  }
  const sections = parts
    .map(({ title, lines }, index): TemplateSection => {
      const content = lines
        .join('\n')
        .replace(/\n{3,}/g, '\n\n')
        .trim();
      return {
        id: `part-${String(index + 1)}`,
        title: title || 'Opening',
        content,
        order: index + 1,
        heading: title !== '',
        optional: false,
      };
    })
    .filter(({ content, heading }) => content !== '' || heading)
    .slice(0, 200);
  nameLines(sections);
  const text = sections.map(({ title, content, heading }) => (heading ? `${title}\n${content}` : content)).join('\n\n');
  return {
    sections: sections.map((section) => ({ ...section, content: section.content.slice(0, 200_000) })),
    found: [...gapsIn(text), ...factsIn(text)].slice(0, mostFound),
    notes: [
      docx.hasRunningText ? 'The head and foot of its pages were left out: letters have the firm’s own letterhead.' : null,
      paragraphs.some(({ isRow }) => isRow) ? 'Rows of tables became lines with bars between their cells.' : null,
      docx.hasTextBoxes ? 'Words in text boxes were left out.' : null,
      docx.hasPictures ? 'Pictures in it were left out.' : null,
      docx.hasTrackedChanges ? 'It holds tracked changes; they were taken as if they were accepted.' : null,
    ].filter((note) => note !== null),
    style: styleOf(docx.style),
  };
}

/** The template that comes of it once somebody has decided about each of the words. Longer words first, so that none takes a part of another. Pure. */
export function applyChoices(
  sections: readonly TemplateSection[],
  choices: readonly WordsChoice[],
  style: LetterStyle | null = null,
): WholeTemplate {
  const variables = new Map<string, TemplateVariable>();
  const names = new Map<string, string>();
  for (const { words, become } of choices) {
    if (become.as === 'known') names.set(words, become.name);
    else if (become.as === 'asked') {
      names.set(words, become.variable.name);
      variables.set(become.variable.name, become.variable);
    }
  }
  const wanted = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern =
    wanted.length === 0 ? null : new RegExp(wanted.map((words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  const replaced = (text: string): string => (pattern ? text.replace(pattern, (words) => `{{${names.get(words) ?? ''}}}`) : text);
  return {
    sections: sections.map((section) => ({
      ...section,
      title: replaced(section.title).slice(0, 255),
      content: replaced(section.content).slice(0, 200_000),
    })),
    variables: [...variables.values()],
    authorities: [],
    ...(style && { style }),
  };
}

/** What a letter can have of the looks of a Word document; the rest is as Steno's own. */
function styleOf(docx: DocxStyle): LetterStyle {
  const within = (value: number | null, least: number, most: number, else_: number): number =>
    value === null || !Number.isFinite(value) ? else_ : Math.min(most, Math.max(least, value));
  const size = within(docx.size, 8, 16, ownStyle.size);
  // sections of a template begin with the second level, and so look as the letter's own first one
  const [one, two, three] = docx.headings;
  const main = one ?? two ?? three;
  const heading = (level: 0 | 1 | 2): HeadingStyle => {
    const has = level === 2 ? (three ?? two ?? main) : main;
    const own = ownStyle.headings[level];
    return has ? { ...has, size: within(has.size, 8, 36, Math.max(size, own.size)) } : { ...own, size: Math.max(size, own.size) };
  };
  const margin = (side: keyof LetterStyle['margins'], most: number): number =>
    within(docx.margins?.[side] ?? null, 36, most, ownStyle.margins[side]);
  return {
    font: LetterStyle.shape.font.safeParse(docx.font).data ?? ownStyle.font,
    size,
    lines: within(docx.lines, 0.8, 3, docx.font === null ? ownStyle.lines : 1),
    after: within(docx.after, 0, 36, docx.font === null ? ownStyle.after : 0),
    justified: docx.justified ?? false,
    margins: { top: margin('top', 144), right: margin('right', 108), bottom: margin('bottom', 144), left: margin('left', 108) },
    headings: [heading(0), heading(1), heading(2)],
  };
}

const plainOf = ({ cells }: DocxParagraph): string =>
  cells
    .map((cell) => cell.map(({ text }) => text).join(''))
    .join(' ')
    .trim();

/** By its style; or, as many letters have it, one short line in bold without a full stop. */
function isHeading({ heading, list, isRow, cells }: DocxParagraph, text: string): boolean {
  if (text === '' || isRow) return false;
  if (heading !== null) return true;
  const runs = cells[0] ?? [];
  return list === null && text.length <= 80 && runs.every(({ bold }) => bold) && !/[.,;:!?]$|\n/.test(text) && /\p{L}{3}/u.test(text);
}

function markedLine({ list, isRow, cells }: DocxParagraph, number: number): string {
  const text = cells.map(marked).join(' | ');
  if (isRow || list === null) return text;
  return `${list === 'bullet' ? '-' : `${String(Math.min(number, 999))}.`} ${text.replaceAll('\n', ' ')}`;
}

/** Bold and italic in the marks that templates have; spaces stay outside of them. */
function marked(runs: readonly DocxRun[]): string {
  return runs
    .map(({ text, bold, italic }) => {
      const mark = bold ? '**' : italic ? '*' : '';
      const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
      return mark === '' || words === '' || words.includes('*') ? text : `${before}${mark}${words}${mark}${after}`;
    })
    .join('');
}

/** Lines to write on look alike, and are not: each gets the name of what stands before it, or a number. */
function nameLines(sections: TemplateSection[]): void {
  const taken = new Map<string, number>();
  for (const section of sections)
    section.content = section.content.replace(/_{3,}/g, (_line, at: number, all: string) => {
      const label = labelBefore(all, at) || 'Gap';
      const nth = (taken.get(label) ?? 0) + 1;
      taken.set(label, nth);
      return `[${nth === 1 ? label : `${label} ${String(nth)}`}]`;
    });
}

const gap = /\[[^[\]\n{}]{1,60}\]|«[^«»\n]{1,60}»|<<[^<>\n]{1,60}>>|\{\{[^{}\n]{1,60}\}\}/g;

function gapsIn(text: string): FoundWords[] {
  return grouped(
    [...text.matchAll(gap)].map((match) => ({ words: match[0], at: match.index })),
    text,
    (words, at) => {
      const inside = words
        .replace(/[[\]«»<>{}_]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      return { kind: 'placeholder', what: 'gap', label: inside === '' ? labelBefore(text, at) : inside };
    },
  );
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const looks: [what: FoundWords['what'], pattern: RegExp][] = [
  ['date', new RegExp(String.raw`\b(?:${months}) \d{1,2}, \d{4}\b|\b\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b`, 'g')],
  ['amount', /\$ ?\d[\d,]*(?:\.\d{2})?/g],
  ['number', /\b(?=[A-Z0-9-]*\d)[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})+\b|\b(?=[A-Z]*\d)[A-Z]{1,4}\d{5,12}\b|\b\d{7,12}\b/g],
  [
    'name',
    /\b(?:Mr|Mrs|Ms|Dr)\.? \p{Lu}[\p{L}’'-]+(?: \p{Lu}[\p{L}’'.-]+){0,2}|\b\p{Lu}[\p{L}’'-]+(?: (?:\p{Lu}\.|\p{Lu}[\p{L}’'&-]+)){1,3}/gu,
  ],
];
/** Words that begin sentences and headings of letters rather than names. */
const plainWords = new Set(
  'The This These Those That We Our Your You It In On At As Of For From To By If An And But Dear Very Sincerely Truly Yours Re Via Demand Letter Claim Claimant Date Loss Insured Policy Number Facts Liability Damages Medical Treatment Specials Wage Conclusion Settlement Certified Mail Return Receipt Requested United States America State County City Street Avenue Road Suite Floor Exhibit Enclosures Attorney Attorneys Law Firm Offices Court Section Code January February March April May June July August September October November December Please Thank General Emergency Department Time Limited Offer Material Terms Whom Concern'.split(
    ' ',
  ),
);

/** What looks like a fact of the case that the letter was written for; where the gaps are, nothing is looked for. */
function factsIn(text: string): FoundWords[] {
  const without = text.replace(gap, (words) => ' '.repeat(words.length)).replaceAll('*', ' ');
  return looks.flatMap(([what, pattern]) => {
    const places = [...without.matchAll(pattern)].map((match) => ({ words: match[0].trim(), at: match.index }));
    const likely =
      what === 'name'
        ? places.filter(({ words }) => words.split(' ').some((word) => !plainWords.has(word)) && !plainWords.has(words.split(' ')[0] ?? ''))
        : places;
    return grouped(likely, text, (words, at) => ({ kind: 'fact', what, label: what === 'name' ? words : labelBefore(text, at) || words }));
  });
}

interface Described {
  kind: FoundWords['kind'];
  what: FoundWords['what'];
  label: string;
}

function grouped(places: { words: string; at: number }[], text: string, describe: (words: string, at: number) => Described): FoundWords[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return [...Map.groupBy(places, ({ words }) => words)].slice(0, mostFound).flatMap(([words, same]): FoundWords[] => {
    const at = same[0]?.at ?? 0;
    const { kind, what, label } = describe(words, at);
    const plain = label
      .replace(/[_\s]+/g, ' ')
      .trim()
      .slice(0, 100);
    const base = nameOf(plain === '' ? what : plain);
    let name = base;
    for (; taken.has(name); next.set(base, (next.get(base) ?? 2) + 1)) name = `${base.slice(0, 56)}_${String(next.get(base) ?? 2)}`;
    taken.add(name);
    const type =
      what === 'amount' || /\b(?:amount|sum|limits?|price)\b/i.test(plain)
        ? 'money'
        : what === 'date' || /\bdate\b/i.test(plain)
          ? 'date'
          : 'text';
    const around = aroundOf(text, at, words.length);
    return [
      {
        words,
        kind,
        what,
        times: same.length,
        around,
        known: knownFor(plain),
        ask: { name, label: sentence(plain === '' ? words : plain), type },
      },
    ];
  });
}

/** Whole words before and behind. */
function aroundOf(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(0, at - 60), at + length + 60];
  const before = text.slice(from, at).replace(from > 0 ? /^\S*\s/ : /^/, '');
  const after = text.slice(at + length, to).replace(to < text.length ? /\s\S*$/ : /$/, '');
  return `${before}${text.slice(at, at + length)}${after}`.replace(/\s+/g, ' ').trim();
}

/** What Steno may know the words as, by how they are called and never by what they say. */
const calledSo: [pattern: RegExp, name: string][] = [
  [/^(?:client|claimant|plaintiff|patient)(?:'?s)?(?: full)?(?: name)?$/i, 'client_name'],
  [/^(?:client|claimant|plaintiff)(?:'?s)? last name$/i, 'client_last_name'],
  [/^(?:defendant|tortfeasor|your insured|insured|at fault party)(?:'?s)?(?: name)?$/i, 'defendant_name'],
  [/^(?:date of (?:the )?(?:loss|accident|incident|collision|injury)|(?:loss|accident|incident) date|dol|doa|doi)$/i, 'date_of_loss'],
  [/^(?:place|location) of (?:the )?(?:loss|accident|incident|collision)$|^(?:accident|incident|loss) location$/i, 'place_of_loss'],
  [/^claim (?:number|no\.?|#)$/i, 'claim_number'],
  [/^policy (?:number|no\.?|#)$/i, 'policy_number'],
  [/^policy limits?$/i, 'policy_limits'],
  [/^(?:carrier|insurance (?:carrier|company)|insurer)(?: name)?$/i, 'carrier'],
  [/^(?:adjuster|claims? (?:adjuster|representative))(?: name)?$/i, 'adjuster'],
  [/^(?:opposing|defense) counsel$/i, 'opposing_counsel'],
  [/^(?:attorney|lawyer|our attorney)(?: name)?$/i, 'plaintiff_counsel'],
  [/^(?:today'?s date|letter date|date|current date|date of (?:this )?letter)$/i, 'letter_date'],
  [/^(?:demand|demand amount|settlement demand|amount demanded)$/i, 'demand_amount'],
  [/^(?:total (?:medical )?(?:bills|specials|billed|medicals)|medical specials|total medical expenses)$/i, 'total_billed'],
  [/^(?:lost wages|wage loss|loss of earnings)$/i, 'wage_loss'],
  [/^(?:our (?:file|reference)(?: (?:number|no\.?|#))?|file (?:number|no\.?|#))$/i, 'firm_reference'],
  [/^(?:firm|law firm|firm name)$/i, 'firm_name'],
  [/^(?:response|reply) (?:deadline|date)$|^deadline$/i, 'response_deadline'],
];
function knownFor(label: string): string | null {
  const plain = label.toLowerCase().replace(/[’]/g, "'").replace(/\s+/g, ' ').trim();
  const byLabel = singleKinds.find((kind) => factLabels[kind].toLowerCase() === plain || kind.replaceAll('_', ' ') === plain);
  return calledSo.find(([pattern]) => pattern.test(plain))?.[1] ?? byLabel ?? null;
}

/** "Claim Number: ____" -> "Claim Number": what stands on the line before a value, where it ends in a colon. */
function labelBefore(text: string, at: number): string {
  // a label is short, and a line may be a whole letter
  const near = text.slice(Math.max(0, at - 200), at);
  const line = near.slice(near.lastIndexOf('\n') + 1).replaceAll('*', '');
  return /([\p{L}][\p{L}\s#.’']{1,40}?)\s*:\s*\$?\s*$/u.exec(line)?.[1]?.trim() ?? '';
}

function nameOf(label: string): string {
  const name = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60)
    .replace(/_+$/, '');
  return name === '' ? 'value' : name;
}
const sentence = (text: string): string =>
  text.charAt(0).toUpperCase() + (text === text.toUpperCase() ? text.slice(1).toLowerCase() : text.slice(1));
