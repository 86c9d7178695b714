import { chipText, citedSources, isPassage } from '../../shared/citations.ts';
import type { Anchor, SuggestionData } from '../../shared/collaboration.ts';
import type { SourceRef } from '../../shared/documents.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { bare, factual, figuresIn, sentencesOf, unsupportedIn } from '../drafting/drafting.ts';
import { passageVariables } from '../letters/letters.ts';
import { chipMark, isOfFact } from '../linter/linter.ts';
import type { Store } from '../store/store.ts';
import { isPlaceHere } from '../sync/letter-insertion.ts';
import { readable } from '../sync/letter-suggestion.ts';

const chip = /\{\{(cite:)?([A-Za-z0-9_]{1,100})\}\}/g;
const mostCautions = 20;
const mostSources = 20;

/**
 * Figures that a suggestion brings in and that stand neither in what it replaces nor in what is known of the matter (facts, bill lines, computed values), one
 * sentence each. A figure is the same however it is grouped: "$19,748" is "$19,748.00"; an amount is known by an amount only, not by a year or a house number.
 */
export function cautionsOf(was: string, becomes: string, known: readonly string[]): string[] {
  const standing = new Set(
    [was, ...known].flatMap((text) => figuresIn(text).flatMap((figure) => [bare(figure), bare(figure).replace('$', '')])),
  );
  return [...new Set(figuresIn(becomes))]
    .filter((figure) => !standing.has(bare(figure)))
    .slice(0, mostCautions)
    .map((figure) => `“${figure}” stands in no fact, bill line or computed value of this matter.`);
}

/**
 * Sentences of fact, as the linter tells them, that a model brings in and that name no source, one caution each; whatever names somebody or has a figure counts. `was` and `becomes` with chips by name: only a citation's chip is a source, words that
 * look like one are none. `shown` makes a sentence readable.
 */
export function uncited(was: string, becomes: string, shown: (named: string) => string): string[] {
  const before = new Set(sentencesOf(was));
  return sentencesOf(becomes)
    .filter(
      (one) => one !== '' && !before.has(one) && !one.includes('{{cite:') && (factual.test(one) || isOfFact(one.replace(chip, chipMark))),
    )
    .slice(0, mostCautions)
    .map((one) => `“${shown(one).slice(0, 200)}” names no source.`);
}

/** Names that citations in a text point to. */
const citedIn = (named: string): string[] => [...named.matchAll(chip)].flatMap(({ 1: cites, 2: name = '' }) => (cites ? [name] : []));

/**
 * What a person has to look at before a suggestion is accepted. Of words that a model wrote also sentences of fact without a source, and what sentences with one say that
 * does not stand in it. `known`: what of the matter stands fast; `values` hold the places on pages that the suggestion cites.
 */
function cautionsAbout({ was, becomes, model, prompt, doubts }: SuggestionData, known: readonly string[], values: LetterValues): string[] {
  const variable = (name: string) => (Object.hasOwn(values.variables, name) ? values.variables[name] : undefined);
  const shown = (named: string): string => readable(named, (one) => chipText(values, one));
  const quotes = citedIn(becomes).flatMap((name) => variable(name)?.sources.map(({ quote }) => quote) ?? []);
  // a citation of what nobody can open is none
  const held = becomes.replace(chip, (whole, cites: string | undefined, name: string) =>
    cites && (variable(name)?.sources.length ?? 0) === 0 ? '' : whole,
  );
  const isByModel = model !== null && prompt !== null;
  const before = new Set(sentencesOf(was));
  const beyond = (isByModel ? sentencesOf(held) : []).flatMap((sentence) => {
    const names = [...sentence.matchAll(chip)].map(({ 2: name = '' }) => name);
    if (before.has(sentence) || !sentence.includes('{{cite:')) return [];
    const sources = names.flatMap((name) => [variable(name)?.text ?? '', ...(variable(name)?.sources.map(({ quote }) => quote) ?? [])]);
    return unsupportedIn(sentence.replace(chip, ' ').replace(/\s+/g, ' ').trim(), sources, [was, ...known]);
  });
  const said = new Set(beyond.map((one) => cautionsOf('', one, [])).flat());
  return [
    ...doubts,
    ...[...new Set(beyond)].slice(0, mostCautions).map((one) => `“${one}” does not stand in the source that its sentence gives.`),
    ...cautionsOf(shown(was), shown(becomes), [...known, ...quotes]).filter((one) => !said.has(one)),
    ...(isByModel ? uncited(was, held, shown) : []),
  ];
}

/** The letter's values, and the places on pages that a suggestion cites. */
export function valuesWith(store: Store, matterId: string, values: LetterValues, becomes: string): LetterValues {
  const names = citedIn(becomes).filter((name) => isPassage(name) && !Object.hasOwn(values.variables, name));
  if (names.length === 0) return values;
  const passages = passageVariables(store, matterId, names).map((variable) => [variable.name, variable] as const);
  return { ...values, variables: { ...values.variables, ...Object.fromEntries(passages) } };
}

/** The pages that new words cite, each once. */
export function sourcesOf(becomes: string, { variables }: LetterValues): SourceRef[] {
  const all = citedIn(becomes).flatMap((name) => (Object.hasOwn(variables, name) && variables[name] ? citedSources(variables[name]) : []));
  const once = new Map(
    all.map((source) => [`${source.documentId}:${String(source.page)}:${String(source.start)}:${String(source.end)}`, source]),
  );
  return [...once.values()].slice(0, mostSources);
}

const lostPlace = 'The paragraph it would stand behind is gone. It would come where that stood.';
/** The same in the letter as it stands: also whether the place of a new paragraph is still there. */
export function cautionsHere(
  data: SuggestionData,
  known: readonly string[],
  values: LetterValues,
  state: Uint8Array,
  anchor: Anchor | null,
): string[] {
  const isLost = data.isBlock && !isPlaceHere(state, anchor?.place ?? '');
  return [...(isLost ? [lostPlace] : []), ...cautionsAbout(data, known, values)];
}
