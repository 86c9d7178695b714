import type { DocumentKind } from '../../shared/documents.ts';

export interface ClassifyInput {
  /** Path inside the case folder. */
  path: string;
  mediaType: string;
  /** Text of all pages; '' for scans. */
  text: string;
}

interface Rule {
  kind: DocumentKind;
  /** In the file's name, or in a folder's. */
  name: RegExp;
  /** In the first part of the text: what the document calls itself. */
  title: RegExp;
  /** Anywhere in the text; each different match counts a little. */
  words: RegExp;
}

const rules: readonly Rule[] = [
  {
    kind: 'Bill',
    name: /\b(bill|bills|billing|ledger|invoice|charges|specials|receipts?|ub-?04|cms-?1500|hcfa)\b/i,
    title:
      /\b(billing (ledger|statement)|itemi[sz]ed (bill|statement)|patient statement|invoice|statement of (account|charges)|health insurance claim form)\b/i,
    words: /\b(subtotal|balance due|cpt|amount due|billed|outstanding|itemi[sz]ed charges|total charges)\b/gi,
  },
  {
    kind: 'Police_Report',
    name: /\b(police|crash|collision|accident report|traffic)\b/i,
    title: /\b(police (accident |crash |incident )?report|traffic (crash|collision|accident) report|crash report)\b/i,
    words: /\b(trooper|badge|officer|reporting agency|citation|violations? issued|state police)\b/gi,
  },
  {
    kind: 'Incident_Report',
    name: /\b(incident|occurrence)\b/i,
    title: /\b(internal incident report|incident report|occurrence report|customer accident report)\b/i,
    words: /\b(report id|reported by|persons involved|manager on duty|sequence of events|surveillance)\b/gi,
  },
  {
    kind: 'Pleading',
    name: /\b(pleadings?|complaint|answer|petition|motion|summons|interrogator(y|ies)|disclosures?)\b/i,
    title:
      /\b(complaint for|answer and affirmative|superior court|district court|circuit court|county court|court of common pleas|petition)\b/i,
    words: /\b(wherefore|affirmative defense|prayer|jury trial|comes now|attorneys? for (plaintiff|defendant)|certificate of service)\b/gi,
  },
  {
    kind: 'Testimony',
    name: /\b(testimony|depo|deposition|transcript|affidavit|declaration|witness)\b/i,
    title: /\b(deposition|witness statement|affidavit|sworn statement|transcript of)\b/i,
    words: /\b(deponent|q\.|a\.|under penalty of perjury|sworn|court reporter|csr)(?=\s|$)/gi,
  },
  {
    kind: 'Medical_Record',
    name: /\b(medical|records?|er|ed|ems|emr|mri|hospital|clinic|chart|radiology|therapy|run sheet|discharge)\b/i,
    title:
      /\b(emergency department|visit summary|discharge summary|run sheet|operative report|progress note|radiology report|history and physical|urgent care|(?:office|chart|clinic) note|patient (information|name))\b/i,
    words:
      /\b(chief complaint|history of present illness|diagnosis|physical exam(ination)?|vital signs|assessment|medications?|mrn|allergies|follow-?up|icd-?(?:9|10)|hpi|dx|rx|prescri\w+)\b/gi,
  },
  {
    kind: 'Insurance',
    name: /\b(insurance|policy|declarations?|dec page|coverage|eob|loss run|claim (form|submission))\b/i,
    title: /\b(declarations page|explanation of benefits|loss run|insurance policy|notice of claim|reservation of rights)\b/i,
    words: /\b(policy (number|no|term|period)|insured|coverage|deductible|premium|claim number|adjuster)\b/gi,
  },
  {
    kind: 'Demand',
    name: /\bdemand\b/i,
    title: /\b(demand for settlement|settlement demand|time-?limited demand)\b/i,
    words: /\b(hereby demand|demand (is|expires)|policy limits)\b/gi,
  },
  {
    kind: 'Offer',
    name: /\b(offer|counter-?offer)\b/i,
    title:
      /\b(offer of settlement|settlement offer|counter-?offer|(response|reply|answer) to your (settlement |time-?limited |policy limits? )?demand)\b/i,
    words: /\b(we (can |will |hereby )?offer|our offer|prepared to (offer|pay)|full and final settlement|your demand)\b/gi,
  },
  {
    kind: 'Contract',
    name: /\b(contract|agreement|waiver|retainer)\b/i,
    title: /\b(gap (waiver|addendum)|service contract|agreement)\b/i,
    words: /\b(hereinafter|the parties agree|cancellation|term of this)\b/gi,
  },
  { kind: 'Call_Sheet', name: /\bcall ?sheet\b/i, title: /\bcall ?sheet\b/i, words: /\b(crew call|shooting call)\b/gi },
  { kind: 'RFQ', name: /\brfq\b/i, title: /\brequest for (quotation|quote)\b/i, words: /\bquotation\b/gi },
  {
    kind: 'Correspondence',
    name: /\b(letter|e-?mail|correspondence|memo|fax)\b/i,
    title: /^(from:|dear |re:|via (email|certified))/im,
    words: /\b(sincerely|regards|dear|subject:|thanks)\b/gi,
  },
  { kind: 'Photo', name: /\b(photos?|pictures?|img|dsc|image)\b|^(img|dsc)/i, title: /(?!)/, words: /(?!)/g },
];

/** What speaks for a kind has to weigh more than this. */
const leastScore = 2.4;
/** As sure as rules are: they have never been told that they were right. */
const mostConfidence = 95;

/** 0 to 100: the more speaks for a kind, and the less for the next best, the surer. */
function confidenceOf(score: number, next: number): number {
  const lead = Math.min(1, (score - next) / 3);
  return Math.min(mostConfidence, Math.round(100 * (1 - Math.exp(-score / 3)) * (0.65 + 0.35 * lead)));
}

/**
 * Tells a document's kind by name, folder and text, with one short reason and how sure that is. A vehicle estimate or any property bill is Other:
 * only medical bills become specials.
 */
export function classifyDocument(input: ClassifyInput): { kind: DocumentKind; kindWhy: string; kindConfidence: number } {
  const parts = input.path.split(/[\\/]/).map((part) => part.replace(/\.[^.]+$/, '').replace(/[_\-.]+/g, ' '));
  const name = parts.at(-1) ?? '';
  const folders = parts.slice(0, -1).join(' / ');
  const head = input.text.slice(0, 1500);
  if (/\b(repair estimate|auto body|body shop)\b/i.test(head.slice(0, 120)))
    return { kind: 'Other', kindWhy: 'its text calls itself a repair estimate', kindConfidence: 85 };
  let best: { kind: DocumentKind; score: number; why: string } = {
    kind: 'Other',
    score: leastScore,
    why: 'nothing in its name or text tells its kind',
  };
  let next = 0;
  for (const rule of rules) {
    const reasons: [number, string][] = [];
    const titled = rule.title.exec(head);
    if (titled) reasons.push([titled.index < 200 ? 5 : 3, `its text begins with “${titled[0].trim()}”`]);
    const named = rule.name.exec(name);
    if (named) reasons.push([3, `its name holds “${named[0]}”`]);
    const folder = rule.name.exec(folders);
    if (folder) reasons.push([2.5, `it lies in the folder “${folder[0]}”`]);
    const words = new Set((input.text.slice(0, 60_000).match(rule.words) ?? []).map((word) => word.toLowerCase()));
    if (words.size > 0) reasons.push([Math.min(3, words.size * 0.7), `it speaks of “${[...words].slice(0, 2).join('” and “')}”`]);
    const score = reasons.reduce((sum, [points]) => sum + points, 0);
    const [strongest] = reasons.toSorted((a, b) => b[0] - a[0]);
    if (score > best.score && strongest) {
      if (best.kind !== 'Other') next = best.score;
      best = { kind: rule.kind, score, why: strongest[1] };
    } else next = Math.max(next, score);
  }
  if (best.kind === 'Other' && input.mediaType.startsWith('image/'))
    return { kind: 'Photo', kindWhy: 'it is a picture without a telling name', kindConfidence: 50 };
  return { kind: best.kind, kindWhy: best.why, kindConfidence: best.kind === 'Other' ? 30 : confidenceOf(best.score, next) };
}
