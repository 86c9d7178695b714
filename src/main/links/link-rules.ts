import { formatDayShort } from '../../shared/days.ts';
import type { DocumentKind } from '../../shared/documents.ts';
import type { LinkKind } from '../../shared/links.ts';
import { tokensOf } from '../store/index-tables.ts';
import type { LinkDocument } from './link-document.ts';

export interface FoundLink {
  from: string;
  to: string;
  kind: LinkKind;
  confidence: number;
  /** One sentence for the person who decides. */
  why: string;
}

/** What tells whether a rule has anything to say about a document. */
export type Kinded = Pick<LinkDocument, 'kind' | 'mediaType'>;

/** Whether and why the first document belongs to the second. Both are of one matter, and not the same. */
export interface LinkRule {
  kind: LinkKind;
  fits(from: Kinded, to: Kinded): boolean;
  find(from: LinkDocument, to: LinkDocument): Pick<FoundLink, 'confidence' | 'why'> | null;
}

const ofKinds =
  (from: DocumentKind, to: DocumentKind): LinkRule['fits'] =>
  (one, other) =>
    one.kind === from && other.kind === to;

/** Words that many providers have in their names: alone they say nothing. */
const plainWords = new Set(
  'the of and for a an at in inc llc pllc pc pa md do dc dpt dr group associates center centre clinic hospital medical health healthcare services service care department dept regional county general emergency physicians physician'.split(
    ' ',
  ),
);
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

const wordsOf = new WeakMap<LinkDocument, Set<string>>();
/** Looked up, where `words` would be gone through for each of thousands of names. */
function hasWord(document: LinkDocument, word: string): boolean {
  let known = wordsOf.get(document);
  if (!known) wordsOf.set(document, (known = new Set(document.words.split(' '))));
  return known.has(word);
}

/** How surely a text names a provider: all of the name in a row, or each word of it that is the provider's own. */
function namesProvider(document: LinkDocument, provider: string): number {
  const { words } = document;
  const name = tokensOf(provider);
  if (name.length === 0 || !name.some((word) => hasWord(document, word))) return 0;
  const own = name.filter((word) => word.length >= 3 && !plainWords.has(word) && !/^\d+$/.test(word));
  if (name.length >= 2 && words.includes(` ${name.join(' ')} `)) return own.length > 0 ? 1 : 0.6;
  // "Mercy Hospital — Emergency" is Mercy Hospital: what stands before a dash is the house
  const house = tokensOf(provider.split(/\s[—–-]\s|,|\(/)[0] ?? '');
  if (own.length > 0 && house.length >= 2 && house.length < name.length && words.includes(` ${house.join(' ')} `)) return 0.9;
  // "Emergency Department — Mercy General" is Mercy General Emergency Department
  const lead = name.slice(0, name.findIndex((word) => own.includes(word)) + 2);
  if (lead.length >= 2 && words.includes(` ${lead.join(' ')} `) && name.every((word) => hasWord(document, word)))
    return own.length > 0 ? 0.85 : 0;
  return own.length >= 2 && own.every((word) => hasWord(document, word)) ? 0.7 : 0;
}

/** The record of what a bill asks money for: the same provider, on days the bill names. */
const recordFor: LinkRule = {
  kind: 'record_for',
  fits: ofKinds('Medical_Record', 'Bill'),
  find(record, bill) {
    let best: { confidence: number; why: string } | null = null;
    const days = [...record.days].sort();
    const names = new Map<string, number>();
    for (const { provider, from, to } of bill.services) {
      const named = names.get(provider) ?? namesProvider(record, provider);
      names.set(provider, named);
      if (named === 0) continue;
      const day = days.find((one) => one >= from && one <= to);
      if (day === undefined) {
        // a form of that provider's whose day of service stands nowhere
        const isLetterhead = named === 1 && tokensOf(record.text.slice(0, 300)).join(' ').includes(tokensOf(provider).join(' '));
        const isDayless = ![...record.days].some((one) => one >= from.slice(0, 4) && one.slice(0, 4) <= to);
        if (isLetterhead && isDayless && !best) best = { confidence: 62, why: `It is of ${provider} and names no day of that year.` };
        continue;
      }
      const confidence = Math.round(60 * named) + (from === to || daysBetween(from, to) < 7 ? 35 : 25);
      if (confidence > (best?.confidence ?? 59)) best = { confidence, why: `Both name ${provider} and ${formatDayShort(day)}.` };
    }
    return best;
  },
};

const reference =
  /\b(?:rfq|rfp|request for (?:quotation|quotes?)|quotation|quote|our ref|your ref|reference)\b[ \t]*(?:no\.?|number|#|:)*[ \t:#-]{0,3}([a-z0-9][a-z0-9/-]{2,30})/gi;

/** Numbers by which a request and its answer call each other; a word without a digit is none. */
function references(text: string): Set<string> {
  return new Set(
    [...text.matchAll(reference)]
      .map(([, number = '']) => number.toUpperCase().replace(/^RFQ-?/, ''))
      .filter((number) => /\d{2,}/.test(number)),
  );
}

const saysIn = (text: string, about: RegExp, reach = 120): string[] =>
  [...text.matchAll(about)].map(({ index, 0: whole }) => text.slice(Math.max(0, index - 20), index + whole.length + reach));

const isAfter = (later: LinkDocument, earlier: LinkDocument, mostDays: number): boolean =>
  later.ownDay !== null &&
  earlier.ownDay !== null &&
  later.ownDay >= earlier.ownDay &&
  daysBetween(earlier.ownDay, later.ownDay) <= mostDays;

/** An offer answers a request whose number or day it names. */
const offerFor: LinkRule = {
  kind: 'offer_for',
  fits: ofKinds('Offer', 'RFQ'),
  find(offer, request) {
    const asked = references(request.text);
    const same = [...references(offer.text)].find((number) => asked.has(number));
    if (same !== undefined) return { confidence: 95, why: `Both name the reference ${same}.` };
    const day = request.ownDay;
    const mentions = saysIn(offer.text, /\b(?:rfq|request for (?:quotation|quotes?)|your (?:request|inquiry))\b/gi);
    if (day !== null && mentions.some((said) => daySaid(said, day)))
      return { confidence: 88, why: `The offer speaks of a request of ${formatDayShort(day)}, which is this one’s day.` };
    if (mentions.length > 0 && isAfter(offer, request, 60))
      return { confidence: 60, why: 'The offer answers a request and was written within 60 days of this one.' };
    return null;
  },
};

/** A counter-offer answers the demand whose day, claim or sum it names. */
const counterOffer: LinkRule = {
  kind: 'counter_offer',
  fits: ofKinds('Offer', 'Demand'),
  find(offer, demand) {
    const day = demand.ownDay;
    const mentions = saysIn(offer.text, /\b(?:demand|counter-?offer)\b/gi);
    if (day !== null && mentions.some((said) => daySaid(said, day)))
      return { confidence: 92, why: `The offer speaks of a demand of ${formatDayShort(day)}, which is this one’s day.` };
    const claim = claimOfBoth(offer, demand);
    if (!isAfter(offer, demand, 366)) return null;
    if (claim !== undefined) return { confidence: 85, why: `Both name the claim ${claim}, and the offer came later.` };
    const offered = new Set(sumsOf(mentions));
    const sum = sumsOf(saysIn(demand.text, /\b(?:demand|settle|policy limits?)\b/gi)).find((one) => offered.has(one));
    if (sum !== undefined) return { confidence: 80, why: `The offer names the demand’s ${sum} and came later.` };
    return mentions.length > 0 ? { confidence: 60, why: 'The offer speaks of a demand and came within a year of this one.' } : null;
  },
};

/** "$250,000.00" and "$ 250,000" are one sum. */
const sumsOf = (said: string[]): string[] =>
  said.flatMap((one) => one.match(/\$\s?\d{1,3}(?:,\d{3})+(?:\.\d\d)?/g) ?? []).map((one) => one.replace(/\s|\.00$/g, ''));

function claimOfBoth(a: LinkDocument, b: LinkDocument): string | undefined {
  const says = ({ words }: LinkDocument, number: string): boolean => {
    const spelled = tokensOf(number).join(' ');
    return spelled.length >= 5 && words.includes(` ${spelled} `);
  };
  return a.claimNumbers.find((number) => says(b, number)) ?? b.claimNumbers.find((number) => says(a, number));
}

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'.split('|');

/** Whether a few words name a day, in any of the forms letters use. */
function daySaid(said: string, day: string): boolean {
  const [year = '', month = '', date = ''] = day.split('-');
  const [m, d] = [String(Number(month)), String(Number(date))];
  const forms = [
    `${year}-${month}-${date}`,
    `0?${m}[/.-]0?${d}[/.-](?:${year}|${year.slice(2)})(?!\\d)`,
    `${months[Number(month) - 1] ?? ''}[a-z]*\\.?\\s{1,3}0?${d}(?:st|nd|rd|th)?,?\\s{1,3}${year}`,
  ];
  return new RegExp(`(?<!\\d)(?:${forms.join('|')})`, 'i').test(said);
}

export const mailTypes: ReadonlySet<string> = new Set(['message/rfc822', 'application/vnd.ms-outlook']);
export const isMail = (mediaType: string): boolean => mailTypes.has(mediaType);
/** What a mail says came with it. */
export const attachmentsListed = (text: string): string[] => /^Attachments: (.+)$/m.exec(text.slice(0, 20_000))?.[1]?.split(', ') ?? [];
/** scan.pdf comes with many mails. */
export const isTellingName = (fileName: string): boolean => fileName.replace(/\.[^.]+$/, '').length >= 8;

/** What was taken out of a mail, or lies in the folder under the name the mail gives it. */
const attachmentOf: LinkRule = {
  kind: 'attachment_of',
  fits: (_attachment, mail) => isMail(mail.mediaType),
  find(attachment, mail) {
    if (attachment.parentDocumentId === mail.documentId) return { confidence: 100, why: 'It was taken out of this mail.' };
    return isTellingName(attachment.fileName) && attachmentsListed(mail.text).includes(attachment.fileName)
      ? { confidence: 80, why: `The mail lists an attachment called ${attachment.fileName}.` }
      : null;
  },
};

export const linkRules: readonly LinkRule[] = [recordFor, offerFor, counterOffer, attachmentOf];

/** What the rules say of a pair, read from the first to the second. */
export function linksFrom(from: LinkDocument, to: LinkDocument): FoundLink[] {
  return linkRules.flatMap((rule) => {
    const found = rule.fits(from, to) ? rule.find(from, to) : null;
    return found ? [{ from: from.documentId, to: to.documentId, kind: rule.kind, ...found }] : [];
  });
}
