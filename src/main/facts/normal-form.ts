import { formatDayLong, parseDay } from '../../shared/days.ts';
import { dayKinds, moneyKinds, type FactKind } from '../../shared/facts.ts';
import { formatCents, parseCents } from '../../shared/money.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';

const icd = /^([A-TV-Z]\d[\dAB](?:\.?[\dA-Z]{1,4})?|\d{3}(?:\.\d{1,2})?|[VE]\d{2,3}(?:\.\d{1,2})?)(?=$|[\s,:])/i;
const refuse = (what: string, reason: string) => err({ code: 'invalid_input', what, reason } as const);

/**
 * What a person typed, as it is shown and in the form rules compare (src/shared/facts.ts): days as ISO, money as cents, codes without a dot; never a guess at a
 * malformed one. Errors: invalid_input, with how to write it.
 */
export function normalForm(kind: FactKind, value: string): Outcome<{ value: string; normal: string }> {
  const flat = value.replace(/\s+/g, ' ').trim();
  if (dayKinds.includes(kind)) {
    const day = parseDay(value);
    return day ? ok({ value: formatDayLong(day), normal: day }) : refuse('the date', 'Write it as February 15, 2024 or 02/15/2024.');
  }
  if (moneyKinds.includes(kind)) {
    const cents = parseCents(value);
    return cents === null ? refuse('the amount', 'Write it as $1,234.50.') : ok({ value: formatCents(cents), normal: String(cents) });
  }
  switch (kind) {
    case 'visit': {
      const [said = '', ...provider] = flat.split(/ [—–] | - |\|/);
      const day = parseDay(said);
      if (!day || provider.length === 0) return refuse('the visit', 'Write it as February 15, 2024 — the provider.');
      return ok({ value: `${formatDayLong(day)} — ${provider.join(' — ')}`, normal: `${day}|${provider.join(' — ')}` });
    }
    case 'wage_days':
    case 'wage_hours': {
      const match = /^(\d{1,4}(?:\.\d{1,2})?)(?: (?:days|hours))?( (?:a|per) day)?$/i.exec(flat);
      if (!match?.[1]) return refuse('the number', 'Write it as 5.5, or for hours also as 8 hours a day.');
      return ok({ value: flat, normal: `${String(Number(match[1]))}${match[2] && kind === 'wage_hours' ? '/day' : ''}` });
    }
    case 'measure':
    case 'earlier_condition':
      return refuse(
        kind === 'measure' ? 'a measure' : 'an earlier condition',
        'It is what the page says: reject it here if that was misread.',
      );
    case 'future_care': {
      const match = /^([^:|]{2,90}): (\$[\d,.]+)(?: to (\$[\d,.]+))?(?: per ([a-z]+))?$/i.exec(flat);
      const [low, high] = [parseCents(match?.[2] ?? ''), parseCents(match?.[3] ?? match?.[2] ?? '')];
      if (!match?.[1] || low === null || high === null || low > high)
        return refuse(
          'the future care',
          'Write it as Physical therapy: $7,500.00 to $15,000.00, or as Injection: $2,100.00 per injection.',
        );
      return ok({ value: flat, normal: [match[1].toLowerCase(), String(low), String(high), (match[4] ?? '').toLowerCase()].join('|') });
    }
    case 'payment':
      return refuse('a payment', 'It follows from its line of the bill: reject it here, and correct what was paid in the ledger.');
    case 'diagnosis': {
      const code = icd.exec(flat)?.[1];
      return ok({ value: flat, normal: code ? code.toUpperCase().replace('.', '') : flat.toLowerCase().replace(/[‐-―]/g, '-') });
    }
    case 'procedure':
      return ok({ value: flat, normal: (flat.split(' ')[0] ?? flat).toUpperCase() });
    case 'medication': {
      const dose = /^(.*?\d(?:\.\d+)? ?(?:mg|mcg|g|ml|units?))\b/i.exec(flat)?.[1];
      return ok({ value: flat, normal: (dose ?? flat).toLowerCase().replace(/(\d) ?(?=mg|mcg|g\b|ml|unit)/, '$1 ') });
    }
    case 'vehicle':
      return ok({ value: flat, normal: flat.toLowerCase() });
    case 'vehicle_vin':
      return ok({ value: flat.replace(/ /g, '').toUpperCase(), normal: flat.replace(/ /g, '').toUpperCase() });
    case 'vehicle_plate':
      return ok({ value: flat.toUpperCase(), normal: flat.toUpperCase() });
    case 'liability_quote':
      return ok({ value: flat, normal: flat.replace(/^[“"]|[”"]$/g, '').toLowerCase() });
    default:
      return ok({ value, normal: value });
  }
}
