import type { LedgerAmounts, StatedTotal } from '../../../shared/facts.ts';
import { formatCents } from '../../../shared/money.ts';
import { inOrder, type ContradictionRule, type Found } from '../contradiction-rule.ts';

const words = (amounts: Pick<LedgerAmounts, 'billedCents' | 'paidCents' | 'owedCents'>, says: StatedTotal['says']): string =>
  says.map((one) => `${formatCents(amounts[`${one}Cents`])} ${one}`).join(', ');

/** A total that a document prints and that is not the sum of the lines we read. */
export const totalsDiffer: ContradictionRule = ({ ledger }) =>
  ledger.statedTotals
    .filter(({ agrees }) => !agrees)
    .map((total): Found => {
      const ours = total.provider === null ? ledger.totals : ledger.providers.find(({ provider }) => provider === total.provider);
      const lines = ledger.lines.filter(({ provider }) => total.provider === null || provider === total.provider);
      return {
        kind: 'total_differs',
        about: [
          total.source.documentId,
          String(total.source.page),
          String(total.source.start),
          ...total.says,
          String(ours?.billedCents),
          String(ours?.paidCents),
          String(ours?.owedCents),
        ].join('\n'),
        title: `${total.provider ?? 'All providers'}: “${total.label}” is not what the lines add up to.`,
        advice: 'Look for a line that is missing, stands twice, or was misread. The letter uses the sum of the lines.',
        sides: [
          { value: `The page says ${words(total, total.says)}`, factIds: [], sources: [total.source] },
          {
            value: ours ? `The lines add up to ${words(ours, total.says)}` : 'No line of it was read',
            factIds: [],
            sources: inOrder(lines.map(({ source }) => source)).slice(0, 20),
          },
        ],
        isChoice: false,
      };
    });
