import type { SourceRef } from '../../shared/documents.ts';
import type { CitedParagraph } from '../ai/ai.ts';
import { placeOf, type ReadPage } from '../facts/facts.ts';
import { passageName } from '../letters/letters.ts';
import type { Passage } from './evidence.ts';

/** A paragraph of a model's as a letter can hold it: each mark whose quote stands on its page is a citation's chip by name; of the others it is said why they went. */
export interface Cited {
  named: string;
  /** By the names of their chips. */
  sources: Map<string, SourceRef>;
  /** What has to be looked at before it is accepted. */
  doubts: string[];
}

interface CiteInput {
  passages: readonly Passage[];
  pageOf(documentId: string, page: number): ReadPage | null;
  /** Names that chips may have; null: none are asked for, and braces are words. */
  isValue: ((name: string) => boolean) | null;
}

const mostDoubts = 12;
const mostOfParagraph = 8_000;
/** Marks of a sentence that stand behind its full stop belong before it. */
const markBehind = /([.!?])((?:\s*\[\[\d{1,4}\]\])+)/g;
const anyMark = /\s*\[\[\s*([^[\]]{0,20})\s*\]\]/g;
const markup = /<\/?[a-z][^<>]{0,200}>|\*\*|__|^\s{0,3}#{1,6}\s|^\s*(?:[-*•]|\d{1,2}[.)])\s|`|\]\(|&(?:lt|gt|amp|nbsp);/im;
const hasMarkup = 'It has signs of a list, of a web page or the like in it, which would stand in the letter as they are.';
const chip = /\{\{(?:cite:)?([^{}]{0,200})\}\}/g;

/**
 * Holds what a model said about its sources against the pages: nothing is believed, nothing mended. `why`: it cannot be used at all. Whatever is in it beside marks and
 * names of values is words and stays words, markup too.
 */
export function citeParagraph({ text, sources }: CitedParagraph, { isValue, ...held }: CiteInput): Cited | { why: string } {
  const plain = clean(text);
  if (plain === '') return { why: 'It is empty.' };
  if (plain.length > mostOfParagraph) return { why: 'It is too long for a paragraph.' };
  const unknown = isValue && unknownValue(plain, isValue);
  if (unknown !== null) return { why: `It names a value that the letter does not have: ${unknown}.` };
  const cited = citeMarks(isValue ? plain : withoutChips(plain), sources, held);
  return { ...cited, named: cited.named.trim(), doubts: [...(markup.test(text) ? [hasMarkup] : []), ...cited.doubts] };
}

/** The same for words that stand within a paragraph: only their marks are looked at. */
export function citeMarks(text: string, sources: CitedParagraph['sources'], { passages, pageOf }: Omit<CiteInput, 'isValue'>): Cited {
  const doubts: string[] = [];
  const found = new Map<string, SourceRef>();
  const sourceOf = (mark: string): string => {
    const source = sources.find((one) => String(one.mark) === mark.trim());
    const passage = passages.find(({ number }) => number === source?.passage);
    const page = passage && pageOf(passage.documentId, passage.page);
    const place = !source
      ? { why: 'it gives none.' }
      : !page
        ? { why: 'there is no such passage among those it was given.' }
        : placeOf(source.quote, page);
    if ('why' in place || !passage) {
      doubts.push(`Source ${mark.trim()} was left out: ${lower('why' in place ? place.why : '')}`);
      return '';
    }
    const { documentId, documentName } = passage;
    const ref: SourceRef = { documentId, documentName, page: passage.page, ...place };
    const name = passageName(ref);
    found.set(name, ref);
    return ` {{cite:${name}}}`;
  };
  const named = text.replace(markBehind, '$2$1').replace(anyMark, (_, mark: string) => sourceOf(mark));
  return { named, sources: found, doubts: [...new Set(doubts)].slice(0, mostDoubts) };
}

/** The first name in braces that stands for nothing, or null. */
export function unknownValue(text: string, isValue: (name: string) => boolean): string | null {
  for (const { 1: name = '' } of text.matchAll(chip)) if (!/^[A-Za-z0-9_]{1,100}$/.test(name) || !isValue(name)) return name.slice(0, 60);
  return null;
}

/** Braces of a text that names no values: words, also once they stand in a letter. */
export const withoutChips = (text: string): string => text.replaceAll('{{', '{ {').replaceAll('}}', '} }');

/** One line without what nobody sees: control characters, and those that turn or hide text. */
const clean = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim();
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
