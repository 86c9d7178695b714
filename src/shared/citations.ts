import type { SourceRef } from './documents.ts';
import type { LetterValues, LetterVariable } from './letters.ts';

/** A fact is cited to its best source and at most one more; a computed amount to every page it was summed from. */
const documentsPerFact = 2;

/** 0 -> "A", 25 -> "Z", 26 -> "AA": how exhibits are lettered. */
export function exhibitMark(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : exhibitMark(Math.floor(index / 26) - 1) + letter;
}

/** [1, 2, 3, 7] -> "1-3, 7". Pages count from 1; order and repeats do not matter. */
export function pageRanges(pages: Iterable<number>): string {
  const ranges: { from: number; to: number }[] = [];
  for (const page of [...new Set(pages)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && page === last.to + 1) last.to = page;
    else ranges.push({ from: page, to: page });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${String(from)}-${String(to)}`)).join(', ');
}

/** The sources of a variable that its citation names: see `documentsPerFact`. */
export function citedSources(variable: LetterVariable): SourceRef[] {
  if (variable.working !== null) return variable.sources;
  const documents = new Set<string>();
  for (const { documentId } of variable.sources) if (documents.size < documentsPerFact) documents.add(documentId);
  return variable.sources.filter((source) => documents.has(source.documentId));
}

/** "Ex. A at 1-2; Ex. C at 4", exhibits in order of their marks; '' where none of the sources is an exhibit. */
export function exhibitPages(sources: readonly SourceRef[], exhibits: LetterValues['exhibits']): string {
  return exhibits
    .map((exhibit) => ({
      mark: exhibit.mark,
      pages: sources.filter((source) => source.documentId === exhibit.documentId).map((source) => source.page),
    }))
    .filter(({ pages }) => pages.length > 0)
    .map(({ mark, pages }) => `Ex. ${mark} at ${pageRanges(pages)}`)
    .join('; ');
}

/** What a citation chip reads: "(Ex. A at 2)"; '' where the variable has no source, so that a citation never shows an exhibit that proves nothing. */
export function citationText(values: LetterValues, of: string): string {
  const variable = Object.hasOwn(values.variables, of) ? values.variables[of] : undefined;
  const pages = variable ? exhibitPages(citedSources(variable), values.exhibits) : '';
  return pages && `(${pages})`;
}

/** A chip of the letter: a value, or where it is proved. */
export interface Chip {
  type: 'variable' | 'citation';
  name: string;
}

/** What a chip reads in the letter, "[Claim number]" while nothing is known. */
export function chipText(values: LetterValues, { type, name }: Chip): string {
  const variable = Object.hasOwn(values.variables, name) ? values.variables[name] : undefined;
  // of a citation that is only suggested the exhibit has no letter yet
  if (type === 'citation') return citationText(values, name) || ((variable?.sources.length ?? 0) > 0 ? '(exhibit)' : '(no source)');
  return variable === undefined || variable.state === 'missing' ? `[${variable?.label ?? name}]` : variable.text;
}

/** A citation may name a place on a page by itself, with no fact between (main/letters/passages.ts makes and reads such names). */
export const isPassage = (name: string): boolean => /^at_[0-9a-f]{32}_/.test(name);
