import { formatDayLong } from '../../../shared/days.ts';
import type { FactKind } from '../../../shared/facts.ts';
import { datePattern, readDay, yearsIn } from './dates.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches, sideAt } from './fact-rule.ts';
import { inTitleCase, nameOnALine, personPattern, readPerson } from './names.ts';

const company =
  "[A-Z][A-Za-z0-9'’&.-]*(?:[ \\n]+(?:&|of|[A-Z][A-Za-z0-9'’&.-]*)){0,5},?[ \\n]+(?:Inc\\.?|INC\\.?|LLC|L\\.L\\.C\\.|Corp(?:oration|\\.)?|CORP\\.?|Co\\.|Company|Ltd\\.?|L\\.?P\\.?|LLP)";

interface NameRule {
  pattern: RegExp;
  confidence: number;
  /** Words without which the pattern finds nothing. One that begins with any name looks at all of them, which takes a hundred times as long. */
  needs?: RegExp;
}

/** "Owner: Northwind Freight Lines, Inc." is nobody's name. */
const notAFirm = '(?!,?\\s+(?:Inc|LLC|L\\.L\\.C|Corp|Co\\b|Ltd|L\\.?P|LLP)|[A-Za-z])';

const clientRules: readonly NameRule[] = [
  { pattern: new RegExp(`\\b(${personPattern}),\\s+Plaintiff\\b`, 'dg'), confidence: 95, needs: /,\s+Plaintiff\b/ },
  { pattern: new RegExp(`\\b(?:[Pp]laintiff|Claimant|Our client,?)\\s+(${personPattern})(?=[\\s,.;])`, 'dg'), confidence: 93 },
  {
    pattern: new RegExp(
      `^[* \\t]*(?:Patient(?: Name)?|PATIENT(?: NAME)?|P[Tt]\\.? N(?:ame|AME)|Client(?: Name)?|Claimant(?: Name)?|Plaintiff|Injured Party|Customer|Owner)\\s*:[* ]*([A-Z][A-Za-z'’-]+,\\s+[A-Z][A-Za-z'’-]+|${nameOnALine})${notAFirm}`,
      'dgm',
    ),
    confidence: 90,
  },
  {
    pattern: new RegExp(`\\b(?:Patient|Customer|Claimant)\\s*:\\s*([A-Z][A-Za-z'’-]+,\\s+[A-Z][a-z'’-]+|${nameOnALine})`, 'dg'),
    confidence: 86,
  },
  { pattern: new RegExp(`\\b(?:providers?|physicians?)\\s+treating\\s+(${personPattern})(?=\\s+for\\b)`, 'dg'), confidence: 88 },
  {
    pattern: new RegExp(`\\b(?:LEDGER|BILLS?|STATEMENT|SPECIALS)\\s+(?:[—–-]|FOR)\\s+(${nameOnALine})$`, 'dgm'),
    confidence: 80,
  },
];

/** A vehicle's driver in a police report; the heading above says on which side. */
const driver = new RegExp(`^[^\\w\\n]*(?:Driver|Name)\\s*:\\s*(${nameOnALine})(?=$|\\t| {2})`, 'dgm');
const victimRules: readonly NameRule[] = [
  { pattern: new RegExp(`\\b(${nameOnALine})\\s+\\((?:the )?victim driver\\)`, 'dgi'), confidence: 70, needs: /victim driver\)/i },
];
const atFaultRules: readonly NameRule[] = [
  {
    pattern: new RegExp(`\\b(${nameOnALine})\\s+\\((?:the )?(?:at-fault driver|at fault)\\)`, 'dgi'),
    confidence: 70,
    needs: /at.fault(?: driver)?\)/i,
  },
];

/** A claimant writes of what happened to her and signs. */
const signed = new RegExp(`\\b(?:Thanks|Thank you|Sincerely|Regards|Best regards),?\\s+(${nameOnALine})`, 'dg');
const ownLoss =
  /\bI (?:was|am|got|have been) (?:\w+ ){0,6}?(?:hit|struck|injured|hurt|rear-ended)\b|\b(?:hit|struck|rear-ended|injured) me\b/i;
/** An employer writes of the wages of the person who was hurt. */
const employee = new RegExp(`^[* \\t]*(?:Employee(?: Name)?|R[Ee])\\s*:[* ]*(${nameOnALine})(?=$|[,;\\t]| {2})`, 'dgm');

/** The injured person the firm acts for. */
export const findClient: FactRule = ({ text }, document) => [
  ...people('client_name', text, clientRules, 'rule:client-name').filter((found) => sideAt(text, found.start) !== 'other'),
  ...(document.kind === 'Correspondence' && ownLoss.test(text)
    ? people('client_name', text, [{ pattern: signed, confidence: 74 }], 'rule:client-signature')
    : []),
  ...(/\b(?:lost wages|wage loss|wage (?:and salary )?verification|hours missed|days missed|lost earnings)\b/i.test(text)
    ? people('client_name', text, [{ pattern: employee, confidence: 70 }], 'rule:client-employee')
    : []),
  ...people('client_name', text, [{ pattern: driver, confidence: 84 }], 'rule:client-vehicle').filter(
    (found) => sideAt(text, found.start) === 'client',
  ),
  ...people('client_name', text, victimRules, 'rule:client-victim'),
];

const defendantRules: readonly NameRule[] = [
  { pattern: new RegExp(`\\bDefendants?,?\\s+(${company})`, 'dg'), confidence: 95 },
  { pattern: new RegExp(`\\b[A-Z][A-Za-z'’-]+\\s+vs?\\.\\s+(${company})`, 'dg'), confidence: 90, needs: /\bvs?\./ },
  {
    pattern: new RegExp(`\\b(${company})(?:,\\s+an?\\s+[A-Z]\\w+\\s+(?:corporation|company|limited liability company))`, 'dg'),
    confidence: 86,
    needs: /,\s+an?\s+[A-Z]\w+\s+(?:corporation|company|limited)/,
  },
  {
    pattern: new RegExp(`\\bDefendant,?\\s+(${personPattern})(?=[\\s,.;])(?!,?\\s+(?:Inc|LLC|Corp|Co\\b|Ltd|L\\.))`, 'dg'),
    confidence: 84,
  },
  { pattern: new RegExp(`\\b(?:Our |Your |Named )?Insured\\s*:\\s*(${company}|${nameOnALine})`, 'dg'), confidence: 76 },
  { pattern: new RegExp(`\\b(${personPattern}),\\s+Defendant\\b`, 'dg'), confidence: 90, needs: /,\s+Defendant\b/ },
];

const owner = new RegExp(`^[^\\w\\n]*Owner(?:\\/Lessee)?\\s*:\\s*(${company})`, 'dgm');
/** "the driver of the Honda (later identified as Jane Doe)", where the same text calls the Honda at fault. */
const identified = new RegExp(`\\bdriver of the (\\w{3,20})\\s+\\((?:later )?identified as (${nameOnALine})\\)`, 'dg');

/** Who is liable: a company by its legal form, or a person named Defendant or at fault. */
export const findDefendant: FactRule = ({ text }) => [
  ...defendantRules.flatMap(({ pattern, confidence, needs }) =>
    matches(text, pattern, needs).flatMap((match): Candidate[] => {
      const raw = flatten(match.groups[1] ?? '');
      const isCompany = /(?:Inc|LLC|L\.L\.C|Corp\w*|Co|Company|Ltd|L\.?P|LLP)\.?$/i.test(raw);
      const name = isCompany ? companyName(raw, text) : readPerson(raw);
      if (!name || /\bvs?\.\s/.test(name)) return [];
      return [{ kind: 'defendant_name', value: name, normal: name, confidence, ...match.span(0), method: 'rule:defendant-name' }];
    }),
  ),
  ...people('defendant_name', text, [{ pattern: driver, confidence: 82 }], 'rule:defendant-vehicle').filter(
    (found) => sideAt(text, found.start) === 'other',
  ),
  ...people('defendant_name', text, atFaultRules, 'rule:defendant-at-fault'),
  ...matches(text, owner, /Owner/).flatMap((match): Candidate[] => {
    const { start } = match.span(0);
    if (sideAt(text, start) !== 'other') return [];
    const name = companyName(flatten(match.groups[1] ?? ''), text);
    return [{ kind: 'defendant_name', value: name, normal: name, confidence: 80, ...match.span(0), method: 'rule:defendant-owner' }];
  }),
  ...matches(text, identified, /identified as/).flatMap((match): Candidate[] => {
    const car = new RegExp(`\\b${match.groups[1] ?? ''}[^\\n]{0,20}\\(at-fault`, 'i');
    const name = readPerson(match.groups[2] ?? '');
    return name !== null && car.test(text)
      ? [{ kind: 'defendant_name', value: name, normal: name, confidence: 70, ...match.span(0), method: 'rule:defendant-identified' }]
      : [];
  }),
];

/** "BESTVALUE GROCER, INC." as the same document writes it elsewhere in mixed case, where it does. */
function companyName(raw: string, text: string): string {
  const known = new RegExp(raw.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+'), 'gi');
  const mixed = [...text.matchAll(known)].map((match) => flatten(match[0])).find((form) => /[a-z]/.test(form));
  const name = mixed ?? inTitleCase(raw);
  return /\b(?:Inc|Corp|Co|Ltd)$/.test(name) && text.includes(`${raw}.`) ? `${name}.` : name;
}

const birthDate = new RegExp(`\\b(?:Date of birth|D\\.?O\\.?B\\.?|Birth ?date|Born)\\s*[:*]*\\s*(?:on\\s+)?(${datePattern})`, 'dgi');

/** The client's birth date; the other driver's and a witness's are left alone. */
export const findBirthDate: FactRule = ({ text }, document) =>
  matches(text, birthDate).flatMap((match): Candidate[] => {
    const day = readDay(match.groups[1] ?? '', yearsIn(document));
    const side = sideAt(text, match.span(0).start);
    if (!day || side === 'other' || document.kind === 'Testimony') return [];
    const trusted = side === 'client' || ['Medical_Record', 'Bill', 'Pleading'].includes(document.kind);
    return [
      {
        kind: 'client_birth_date',
        value: formatDayLong(day),
        normal: day,
        confidence: trusted ? 93 : 55,
        ...match.span(0),
        method: 'rule:birth-date',
      },
    ];
  });

export function people(kind: FactKind, text: string, rules: readonly NameRule[], method: string): Candidate[] {
  return rules.flatMap(({ pattern, confidence, needs }) =>
    matches(text, pattern, needs).flatMap((match): Candidate[] => {
      const name = readPerson((match.groups[1] ?? '').replace(/\s+(?:Time|Date|Phone|Address|Store|Title|Signature)$/, ''));
      return name ? [{ kind, value: name, normal: name, confidence, ...match.span(0), method }] : [];
    }),
  );
}
