import type { RuleDocument } from './proposals.ts';
import type { Row } from './bill-rows.ts';
import { readService, type Years } from './dates.ts';

/** What the heading above a table says. `excluded`: its amounts are no past medical bills. `summary`: it repeats others. */
export interface Heading {
  provider: string | null;
  /** The heading is numbered or sounds like a provider of care; otherwise the document's letterhead is to be preferred. */
  sure: boolean;
  service: { from: string; to: string } | null;
  excluded: boolean;
  summary: boolean;
}

const providerWords =
  /\b(hospital|clinic|medical|medicine|memorial|spine|med|center|centre|imaging|radiology|ortho\w*|therap\w*|pharmacy|ambulance|ems|rescue|physicians?|surg\w*|health\w*|chiropractic|pain|emergency|laborator\w*|labs?|care|dental|neuro\w*|rehab\w*|wellness|diagnostics?|anesthesia|associates|group|dr\.|m\.?d\.?|d\.?o\.?|d\.?c\.?|dpt|pllc|p\.?a\.?)(?=\W|$)/i;
/** Words of what is no past medical bill. */
export const excludedWords =
  /\b(future|estimated?|anticipated|projected|life[- ]care|wages?|lost (income|earnings)|earnings|property|repairs?|rental|parts|labor|materials|vehicle|towing|mileage log)\b/i;
const summaryWords = /\b(consolidated|summary|recap(itulation)?|grand total|totals?|total by provider|all providers)\b/i;
const genericWords =
  /^(itemi[sz]ed|statement|charges?|services?|billing|account|details?|transactions?|invoice|list of|fees|medical (bills?|expenses|specials)|past medical|specials)\b/i;

/** Reads the lines that stand between the last table or paragraph and a header. */
export function readHeading(lines: readonly string[], years?: Years): Heading {
  const text = lines
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/^[#*\s]+|[*\s]+$/g, '')
    .trim();
  const service = readService(text, years);
  const excluded = excludedWords.test(text);
  const summary = summaryWords.test(text);
  const numbered = /^(?:\d{1,3}|[A-Z]|[IVX]{1,5})[.)]\s+/.test(text);
  const plain = text
    .replace(/^(?:\d{1,3}|[A-Z]|[IVX]{1,5})[.)]\s+/, '')
    .replace(/\s*\([^()]*\)?\s*$/, '')
    .replace(/\s*[:—–-]\s*$/, '')
    .trim();
  const parts = plain.split(/\s+[—–]\s+|\s+-\s+/);
  const kept = parts.filter((part, index) => index === 0 || providerWords.test(part));
  const provider = kept
    .join(' — ')
    .replace(/^(provider|facility)\s*:\s*/i, '')
    .trim();
  const labelled = /:|^(?:patient|account|claim|date|page|insured|client|re)\b/i.test(provider);
  const usable = provider !== '' && !labelled && provider.length <= 120 && !genericWords.test(provider) && !summary && !excluded;
  return { provider: usable ? provider : null, sure: numbered || providerWords.test(provider), service, excluded, summary };
}

/** The block of running lines right above row `index`; empty where that block is a paragraph of prose. */
export function headingAbove(rows: readonly Row[], index: number): string[] {
  let at = index - 1;
  while (at >= 0 && rows[at]?.text.trim() === '') at--;
  const block: string[] = [];
  const page = rows[at]?.page;
  // four lines are prose already, and of prose only the last two are looked at
  for (; at >= 0 && block.length < 4; at--) {
    const row = rows[at];
    if (!row || row.page !== page || row.text.trim() === '' || row.text.includes('\t') || row.text.includes('|')) break;
    // what stands in a column beside it is another thing
    block.unshift(row.text.trim().replace(/ {3,}.*$/, ''));
  }
  const last = block.at(-1) ?? '';
  const prose = block.length > 3 || (/[.;,]$/.test(last) && last.length > 60);
  if (!prose) return block;
  // A numbered heading may stand right under a paragraph.
  const numbered = block.findLastIndex((line) => /^\d{1,3}[.)]\s+[A-Z]/.test(line) && line.length < 110);
  return numbered >= 0 && block.length - numbered <= 2 ? block.slice(numbered) : [];
}

/** The provider of a document that is one provider's bill: a labelled name, else a letterhead on the first lines. */
export function documentProvider(document: RuleDocument): string | null {
  const text = document.pages[0]?.text ?? '';
  const labelled = /^(?:billing provider|rendering provider|provider name|provider|facility|hospital)\s*:\s*(.{3,100})$/im
    .exec(text)?.[1]
    ?.trim();
  return labelled ?? letterheadOf(document);
}

/** A provider's name on the first lines of a document. */
export function letterheadOf(document: RuleDocument): string | null {
  const text = document.pages[0]?.text ?? '';
  const lines = text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^[#*]+\s*|\*+$/g, '')
        .replace(/(?: {3,}|\t).*$/, ''),
    )
    .filter((line) => line !== '');
  const candidates = lines
    .slice(0, 8)
    .filter(
      (line) =>
        line.length <= 70 &&
        providerWords.test(line) &&
        !/:|\d{3}|summary|record|statement|ledger|report|bill(?:ing)?\b|receipt|invoice/i.test(line),
    );
  return candidates[0] ?? null;
}

/** The days of service of a document that names them once: "Visit Date: November 11, 2025". */
export function documentService(document: RuleDocument, years?: Years): { from: string; to: string } | null {
  for (const { text } of document.pages) {
    const labelled = /\b(?:dates? of service|service dates?|visit date|dos|admission date|admitted)\s*:\s*([^\n]{4,60})/i.exec(text)?.[1];
    const service = labelled ? readService(labelled, years) : null;
    if (service) return service;
  }
  return null;
}
