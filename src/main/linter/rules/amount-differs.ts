import type { SourceRef } from '../../../shared/documents.ts';
import type { LedgerView, ProviderTotals } from '../../../shared/facts.ts';
import { formatCents, sumCents } from '../../../shared/money.ts';
import type { LetterFound, LetterRule, LintMatter, ReadLintBlock } from '../lint-rule.ts';
import { isTyped } from '../lint-rule.ts';
import type { TableRow } from '../letter-tables.ts';
import { isSameCompany, plain } from '../parties.ts';
import { statedTotals } from '../stated-totals.ts';

const ofBill = /\b(?:billed|charged|charges?|bills?|cost|invoiced?|statement)\b/i;
const ofWages = /\b(?:lost|loss of|missed)\b[^.$]{0,30}\b(?:wages?|earnings?|income|pay)\b|\bwage loss\b/i;
const notWhole = /\b(?:future|per|an? (?:hour|day|week|month|year)|hourly|weekly|annual\w*|rate|reduced|lien|accept\w*|offer\w*)\b/i;

/** An amount somebody typed that the bills or the wage records say otherwise. */
export const amountDiffers: LetterRule = {
  id: 'amount_differs',
  severity: 'blocks',
  inLetter({ blocks, tables, matter, letter }) {
    if (!matter) return [];
    const { ledger } = matter;
    const known = ledger.lines.some(({ state }) => state !== 'rejected');
    const found: LetterFound[] = [];
    const providers = ledger.providers.map((provider): NamedProvider => ({ provider, said: said(provider.provider) }));
    for (const block of known ? blocks : []) {
      const named = block.kind === 'row' ? [] : providersIn(block, providers);
      for (const sum of statedTotals(block)) {
        const ours = ledger.totals[`${sum.figure}Cents`];
        if (!isTyped(block, sum) || named.length > 0 || sum.cents === ours) continue;
        const reason = `The bills on file come to ${formatCents(ours)} ${sum.figure}, not ${sum.text}.`;
        const mend = letter.isOurs ? { variable: `total_${sum.figure}` } : { replace: formatCents(ours) };
        found.push({
          ...placed(block, sum),
          about: ['total', sum.figure, ours, sum.cents].join('\n'),
          reason,
          mend,
          evidence: sourcesOf(ledger.providers),
        });
      }
      found.push(...ofProviders(block, named, ledger));
    }
    for (const { rows, isComputed } of known && !tables.every(({ isComputed: own }) => own) ? tables : [])
      if (!isComputed) found.push(...rows.flatMap((row) => inRow(row, ledger)));
    return [...found, ...blocks.flatMap((block) => ofWageLoss(block, matter))];
  },
};

const placed = (block: ReadLintBlock, { start, end }: { start: number; end: number }) => ({ block, start, end });
const sourcesOf = (providers: readonly ProviderTotals[]): SourceRef[] => providers.flatMap(({ sources }) => sources).slice(0, 20);

/** Each sum that a bill of one provider may state: by figure, and of each line. */
function sumsOf(provider: ProviderTotals, { lines }: LedgerView): Set<number> {
  const own = lines.filter((line) => line.state !== 'rejected' && isSameCompany(line.provider, provider.provider));
  const amounts = [provider, ...own].flatMap((one) => [one.billedCents, one.adjustedCents, one.paidCents, one.owedCents]);
  const byDay = [...Map.groupBy(own, ({ serviceFrom }) => serviceFrom).values()].map((same) =>
    sumCents(same.map(({ billedCents }) => billedCents)),
  );
  return new Set([...amounts, ...byDay]);
}

interface NamedProvider {
  provider: ProviderTotals;
  /** Its words, as `said` joins them. */
  said: string;
}

const said = (name: string): string => ` ${(plain(name).match(/[\p{L}\p{N}]{2,}/gu) ?? []).join(' ')} `;

/** Providers whose whole name stands between two places of the block. */
function providersIn({ text, reading }: ReadLintBlock, providers: readonly NamedProvider[], start = 0, end = text.length): NamedProvider[] {
  if (reading.amounts.length === 0) return [];
  const words = reading.words.filter((one) => one.start >= start && one.end <= end).map(({ word }) => word);
  const whole = ` ${words.join(' ')} `;
  return providers.filter((one) => whole.includes(one.said));
}

/** A sentence that names one provider and one amount of a bill. */
function ofProviders(block: ReadLintBlock, named: readonly NamedProvider[], ledger: LedgerView): LetterFound[] {
  if (named.length === 0) return [];
  const { reading, text } = block;
  return reading.sentences.flatMap(({ start, end }): LetterFound[] => {
    const amounts = reading.amounts.filter((one) => one.start >= start && one.end <= end);
    const sentence = text.slice(start, end);
    const [one, more] = providersIn(block, named, start, end);
    const [amount] = amounts;
    if (!one || more || !amount || amounts.length > 1 || !isTyped(block, amount)) return [];
    if (!ofBill.test(sentence) || notWhole.test(sentence) || sumsOf(one.provider, ledger).has(amount.cents)) return [];
    return [wrongFor(block, amount, one.provider)];
  });
}

function inRow({ block, cells, label, isTotal }: TableRow, ledger: LedgerView): LetterFound[] {
  if (isTotal) return [];
  const [provider, more] = ledger.providers.filter((one) => isSameCompany(one.provider, label));
  if (!provider || more) return [];
  const sums = sumsOf(provider, ledger);
  return cells.flatMap((cell): LetterFound[] => {
    if (!cell.isMoney || cell.cents === null || sums.has(cell.cents)) return [];
    return [wrongFor(block, { ...cell, cents: cell.cents }, provider)];
  });
}

function wrongFor(
  block: ReadLintBlock,
  amount: { start: number; end: number; text: string; cents: number },
  of: ProviderTotals,
): LetterFound {
  return {
    ...placed(block, amount),
    about: [of.provider, of.billedCents, amount.cents].join('\n'),
    reason: `The bills of ${of.provider} on file do not say ${amount.text}: they come to ${formatCents(of.billedCents)}.`,
    evidence: of.sources,
  };
}

function ofWageLoss(block: ReadLintBlock, { facts }: LintMatter): LetterFound[] {
  if (!ofWages.test(block.text)) return [];
  const losses = facts.filter(({ kind, state }) => kind === 'wage_loss' && state !== 'rejected');
  const sums = losses.map(({ normal }) => Number(normal)).filter(Number.isSafeInteger);
  if (sums.length === 0) return [];
  const { reading, text } = block;
  return reading.sentences.flatMap(({ start, end }): LetterFound[] => {
    const [amount, more] = reading.amounts.filter((one) => one.start >= start && one.end <= end);
    const sentence = text.slice(start, end);
    if (!amount || more || !ofWages.test(sentence) || notWhole.test(sentence) || /\btogether\b|\beconomic\b/i.test(sentence)) return [];
    if (!isTyped(block, amount) || sums.includes(amount.cents) || sumCents(sums) === amount.cents) return [];
    return [
      {
        ...placed(block, amount),
        about: ['wage', ...sums, amount.cents].join('\n'),
        reason: `The records on file say a wage loss of ${sums.map(formatCents).slice(0, 3).join(' or ')}, not ${amount.text}.`,
        evidence: losses.map(({ source }) => source).slice(0, 20),
      },
    ];
  });
}
