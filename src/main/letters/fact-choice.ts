import { formatDayLong, parseDay } from '../../shared/days.ts';
import type { SourceRef } from '../../shared/documents.ts';
import { dayKinds, type FactKind, type FactView, moneyKinds } from '../../shared/facts.ts';
import type { LetterVariable } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';

export interface ChosenFact {
  /** As a letter writes it: "February 15, 2024", "$3,960.00". */
  text: string;
  /** Integer cents for money kinds, null for others or where `normal` is no amount. */
  cents: number | null;
  state: Extract<LetterVariable['state'], 'proposed' | 'approved'>;
  /** The chosen fact's place first, then one place for each other document that says the same. */
  sources: SourceRef[];
}

/**
 * The one fact a letter uses for a kind: corrected before approved before proposed; among equals the more confident,
 * then the one more documents agree on, then by place, so that every laptop chooses the same. Rejected facts never.
 */
export function chooseFact(facts: readonly FactView[], kind: FactKind): ChosenFact | null {
  const standing = facts.filter((fact) => fact.kind === kind && fact.state !== 'rejected');
  const sorted = standing
    .map((fact) => ({ fact, support: new Set(agreeing(standing, fact).map(({ source }) => source.documentId)).size }))
    .sort(
      (a, b) => rank(b.fact) - rank(a.fact) || b.fact.confidence - a.fact.confidence || b.support - a.support || byPlace(a.fact, b.fact),
    );
  const best = sorted[0]?.fact;
  if (!best) return null;
  const others = agreeing(standing, best).sort(byPlace);
  const sources = [best, ...others].map(({ source }) => source);
  const cents = moneyKinds.includes(kind) && /^-?\d{1,13}$/.test(best.normal) ? Number(best.normal) : null;
  return {
    text: cents !== null ? formatCents(cents) : dayKinds.includes(kind) ? longDay(best) : best.value,
    cents,
    state: best.state === 'proposed' ? 'proposed' : 'approved',
    sources: sources.filter((source, index) => sources.findIndex(({ documentId }) => documentId === source.documentId) === index),
  };
}

function agreeing(facts: readonly FactView[], { normal }: FactView): FactView[] {
  return facts.filter((fact) => fact.normal === normal);
}

function rank({ state }: FactView): number {
  return { corrected: 3, approved: 2, proposed: 1, rejected: 0 }[state];
}

function byPlace(a: FactView, b: FactView): number {
  return (
    compare(a.source.documentName, b.source.documentName) ||
    compare(a.source.documentId, b.source.documentId) ||
    a.source.page - b.source.page ||
    a.source.start - b.source.start ||
    compare(a.factId, b.factId)
  );
}

/** By code units: a collation would differ from laptop to laptop. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function longDay({ normal, value }: FactView): string {
  const day = parseDay(normal);
  return day === null ? value : formatDayLong(day);
}

const suffixes = /^(?:jr|sr|ii|iii|iv|v|esq|md|phd|dds|rn)$/i;
const particles = new Set([
  'de',
  'del',
  'la',
  'las',
  'los',
  'da',
  'dos',
  'di',
  'van',
  'von',
  'der',
  'den',
  'ter',
  'bin',
  'ibn',
  'al',
  'el',
  'le',
  'du',
]);

/**
 * "Maria de la Cruz, Jr." -> "de la Cruz"; "Rivera, Maria" -> "Rivera". A name of one word is returned whole.
 * No title is ever added: a guessed one may be wrong about the person.
 */
export function lastName(name: string): string {
  const bare = (word: string): string => word.replaceAll('.', '').replace(/,$/, '');
  const [before = '', after] = name.trim().split(/\s*,\s*/, 2);
  if (after !== undefined && after !== '' && !after.split(' ').every((word) => suffixes.test(bare(word)))) return before;
  const words = before.split(/\s+/).filter((word, index) => index === 0 || !suffixes.test(bare(word)));
  let start = words.length - 1;
  while (start > 1 && particles.has(words[start - 1] ?? '')) start -= 1;
  return words.slice(Math.max(0, start)).join(' ');
}
