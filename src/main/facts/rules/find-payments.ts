import { formatDayLong } from '../../../shared/days.ts';
import { formatCents } from '../../../shared/money.ts';
import { billsOf } from './care.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { paymentKey } from './payment-key.ts';

/** Who paid how much of a charge, where its bill names the payers. */
export const findPayments: FactRule = ({ page }, document) =>
  billsOf(document)
    .lines.filter((line) => line.page === page && line.paidBy.length > 0)
    .map((line): Candidate => {
      const paid = line.paidBy.map(({ payer, cents }) => `${payer} ${formatCents(cents)}`).join(', ');
      const day = line.serviceFrom === null ? '' : `, ${formatDayLong(line.serviceFrom)}`;
      return {
        kind: 'payment',
        value: `${paid} — ${line.code ?? line.description.slice(0, 100)}${day}`,
        normal: [paymentKey(line), ...line.paidBy.map(({ payer, cents }) => `${payer.toLowerCase()} ${String(cents)}`)].join('|'),
        confidence: 88,
        start: line.start,
        end: line.end,
        method: 'rule:payment-bill',
      };
    });
