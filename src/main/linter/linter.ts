import { createHash } from 'node:crypto';
import type { SourceRef } from '../../shared/documents.ts';
import type { Finding } from '../../shared/linter.ts';
import { headOf, readLintBlock } from './letter-head.ts';
import { tablesOf } from './letter-tables.ts';
import { isTyped, type BlockFound, type LintMaterial, type LintMatter, type LintRule, type ReadLintBlock } from './lint-rule.ts';
import type { LintBlock, LintLetter } from './lint-letter.ts';
import { lintRules } from './lint-rules.ts';

export type { LintLetter } from './lint-letter.ts';
export type { LintMatter, OtherMatter } from './lint-rule.ts';
export { ourRules } from './lint-rules.ts';
export { ourLetter } from './our-letter.ts';
export { chipMark, isOfFact } from './statement.ts';
export { outsideLetter } from './outside-letter.ts';

/** What is wrong or odd in a letter, found anew by small rules (rules/); nothing of it is kept but in memory. */
export interface Linter {
  /**
   * In reading order. Blocks whose text and chips were in the letter before are not read again: of an edited letter one paragraph is, and the rules that hold blocks against
   * each other. `matter` null: the letter is held against itself alone.
   */
  lint(letter: LintLetter, matter: LintMatter | null): Finding[];
  /** How many blocks the last call had to read. */
  readLast(): number;
}

interface KnownBlock extends Pick<ReadLintBlock, 'reading' | 'labels'> {
  found: { rule: LintRule; found: BlockFound }[];
}

/** More findings of one rule than that tell no more than these. */
const [mostInBlock, mostInLetter] = [50, 500];

/** One linter for one letter: what it remembers is of the letter it saw last. */
export function createLinter(rules: readonly LintRule[] = lintRules): Linter {
  let known = new Map<string, KnownBlock>();
  let read = 0;

  function knownOf(block: LintBlock): KnownBlock {
    read += 1;
    const whole = readLintBlock(block);
    const found = rules.flatMap((rule) =>
      'inBlock' in rule
        ? rule
            .inBlock(whole)
            .slice(0, rule.isWhole ? undefined : mostInBlock)
            .map((one) => ({ rule, found: one }))
        : [],
    );
    return { reading: whole.reading, labels: whole.labels, found };
  }

  function lint(letter: LintLetter, matter: LintMatter | null): Finding[] {
    const before = known;
    known = new Map();
    read = 0;
    const findings: { order: number; finding: Finding }[] = [];
    const blocks = letter.blocks.map((block, order): ReadLintBlock => {
      const content = contentOf(block);
      const one = known.get(content) ?? before.get(content) ?? knownOf(block);
      known.set(content, one);
      for (const { rule, found } of one.found) findings.push({ order, finding: findingOf(rule, block, found) });
      return { ...block, reading: one.reading, labels: one.labels };
    });
    const head = headOf(blocks);
    const material: LintMaterial = {
      letter,
      blocks,
      head,
      tables: tablesOf(blocks),
      matter,
      lossDay: lossDayFrom(matter, head.lossDays[0]?.value),
    };
    const orders = new Map(blocks.map((block, order) => [block, order]));
    for (const rule of rules)
      if ('inLetter' in rule)
        for (const { block, ...found } of rule.inLetter(material).slice(0, mostInLetter))
          findings.push({ order: orders.get(block) ?? 0, finding: findingOf(rule, block, found) });
    return findings.toSorted((a, b) => a.order - b.order || a.finding.place.start - b.finding.place.start).map(({ finding }) => finding);
  }

  return { lint, readLast: () => read };
}

/** What a block's own findings depend on. */
const contentOf = ({ kind, isComputed, chips, text }: LintBlock): string =>
  `${kind}${isComputed ? '!' : ''}${chips.map(({ start, end, is, name, isMissing, isEntered }) => `${String(start)}-${String(end)}${is}${name}${isMissing ? '?' : ''}${isEntered ? '=' : ''}`).join()}\n${text}`;

/** What people decided about the loss goes before what the letter says of it. */
function lossDayFrom(matter: LintMatter | null, stated: string | undefined): string | null {
  return matter?.chronology.lossDay ?? stated ?? null;
}

function oncePerPage(sources: readonly SourceRef[]): SourceRef[] {
  return [...Map.groupBy(sources, ({ documentId, page }) => `${documentId} ${String(page)}`).values()].flatMap((same) => same.slice(0, 1));
}

function findingOf(rule: LintRule, block: LintBlock, found: BlockFound): Finding {
  const { start, end, reason, about, severity, evidence, mend } = found;
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    reason,
    quote: block.text.slice(start, end),
    place: { block: block.path, start, end, page: block.page },
    evidence: oncePerPage(evidence ?? []),
    // what a chip says is mended where its fact is
    mend: mend && isTyped(block, found) ? mend : null,
    key: `lint:${rule.id}:${createHash('sha256').update(`${rule.id}\n${about}`).digest('hex').slice(0, 32)}`,
  };
}
