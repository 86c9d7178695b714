import { parseCents } from '../../../shared/money.ts';
import { isTyped, type LetterRule } from '../lint-rule.ts';

/** Variables whose amount is worked out or entered once; where two come to the same sum the first is offered. */
const amounts = [
  'demand_amount',
  'total_billed',
  'economic_total',
  'total_paid',
  'total_owed',
  'total_adjusted',
  'wage_loss',
  'policy_limits',
];

/** An amount that somebody typed although Steno computes it: it will not follow when a bill is corrected. */
export const typedAmount: LetterRule = {
  id: 'typed_amount',
  severity: 'asks',
  inLetter({ letter, blocks, matter }) {
    const variables = matter?.values?.variables;
    if (!letter.isOurs || !variables) return [];
    const computed = new Map<number, string>();
    for (const name of amounts.toReversed()) {
      const cents = parseCents(variables[name]?.text ?? '');
      if (cents !== null && cents !== 0) computed.set(cents, name);
    }
    return blocks.flatMap((block) =>
      block.reading.amounts.flatMap((amount) => {
        const variable = computed.get(amount.cents);
        if (variable === undefined || !isTyped(block, amount)) return [];
        const { label = '', sources = [] } = variables[variable] ?? {};
        const reason = `${amount.text} is typed; as “${label}” it stays right when a bill or fact is corrected.`;
        return [{ block, start: amount.start, end: amount.end, about: [variable, amount.cents].join('\n'), reason, mend: { variable }, evidence: sources.slice(0, 20) }]; // prettier-ignore
      }),
    );
  },
};
