import type { FactRule } from './fact-rule.ts';
import { findCounsel } from './find-counsel.ts';
import { findDiagnosisCodes, findDiagnosisWords } from './find-diagnoses.ts';
import { findAdjuster, findCarrier } from './find-insurance.ts';
import { findEarlierConditions } from './find-earlier-conditions.ts';
import { findFutureCare } from './find-future-care.ts';
import { findLiabilityQuotes } from './find-liability-quotes.ts';
import { findPolicyLimits } from './find-limits.ts';
import { findDateOfLoss, findPlaceOfLoss, findTimeOfLoss } from './find-loss.ts';
import { findMeasures } from './find-measures.ts';
import { findMedications } from './find-medications.ts';
import { findClaimNumber, findPolicyNumber, findReferences } from './find-numbers.ts';
import { findBirthDate, findClient, findDefendant } from './find-parties.ts';
import { findPayments } from './find-payments.ts';
import { findProcedures } from './find-procedures.ts';
import { findProviders } from './find-providers.ts';
import { findVehicles } from './find-vehicles.ts';
import { findVisits } from './find-visits.ts';
import { findWageLoss, findWageParts } from './find-wages.ts';
import { findWitnesses } from './find-witnesses.ts';
import type { ProposedFact, RuleDocument } from './proposals.ts';

/** By name, so that what each is worth can be measured without it. */
export const factRules: Readonly<Record<string, FactRule>> = {
  findClient,
  findBirthDate,
  findDefendant,
  findDateOfLoss,
  findTimeOfLoss,
  findPlaceOfLoss,
  findClaimNumber,
  findPolicyNumber,
  findReferences,
  findCarrier,
  findAdjuster,
  findCounsel,
  findWitnesses,
  findWageLoss,
  findWageParts,
  findPolicyLimits,
  findProviders,
  findVisits,
  findDiagnosisCodes,
  findDiagnosisWords,
  findProcedures,
  findMedications,
  findPayments,
  findVehicles,
  findLiabilityQuotes,
  findMeasures,
  findEarlierConditions,
  findFutureCare,
};

/** Of one kind in one document; nobody decides between more. The surest stay. */
const mostOfAKind = 200;

/**
 * Facts a document states, by rule. Each value once per document, at its best place. The quote is exactly the page's text from
 * `start` to `end`; a candidate whose place is not on its page is dropped.
 */
export function factsIn(
  document: RuleDocument,
  rules: readonly FactRule[] = Object.values(factRules),
): { facts: ProposedFact[]; leftOut: number } {
  const best = new Map<string, ProposedFact>();
  for (const page of document.pages) {
    for (const rule of rules) {
      for (const found of rule(page, document)) {
        const fact = atItsPlace(found, page);
        if (!fact) continue;
        const key = `${fact.kind}\n${fact.normal.toLowerCase()}`;
        const before = best.get(key);
        if (!before || fact.confidence > before.confidence) best.set(key, fact);
      }
    }
  }
  const facts = [...Map.groupBy(best.values(), ({ kind }) => kind).values()].flatMap((ofKind) =>
    ofKind.length <= mostOfAKind ? ofKind : ofKind.toSorted((a, b) => b.confidence - a.confidence).slice(0, mostOfAKind),
  );
  const surestAt = new Map<string, ProposedFact>();
  for (const fact of facts) {
    const before = surestAt.get(placeKey(fact));
    if (!before || fact.confidence > before.confidence) surestAt.set(placeKey(fact), fact);
  }
  const clients = new Set(facts.filter((fact) => fact.kind === 'client_name').map((fact) => fact.normal));
  const kept = facts
    .filter((fact) => fact.kind !== 'witness' || !clients.has(fact.normal))
    .filter((fact) => !facts.some((other) => isPartOf(fact, other)))
    // two readings of one place by one rule would be kept under one id: the surer, then the first, is meant
    .filter((fact) => surestAt.get(placeKey(fact)) === fact)
    .toSorted((a, b) => a.page - b.page || a.start - b.start || (a.kind < b.kind ? -1 : 1));
  return { facts: kept, leftOut: best.size - facts.length };
}

const placeKey = ({ kind, page, start, method }: ProposedFact): string => `${kind} ${String(page)} ${String(start)} ${method}`;

export const extractFacts = (document: RuleDocument): ProposedFact[] => factsIn(document).facts;

/** "BestValue Grocer" beside "BestValue Grocer, Inc.", a lawyer's firm beside the lawyer with the firm: the fuller one stays. */
function isPartOf(fact: ProposedFact, other: ProposedFact): boolean {
  const kinds: readonly string[] = ['defendant_name', 'place_of_loss', 'plaintiff_counsel', 'opposing_counsel', 'client_name'];
  return (
    fact !== other &&
    fact.kind === other.kind &&
    kinds.includes(fact.kind) &&
    fact.normal.length < other.normal.length &&
    other.normal.startsWith(fact.normal)
  );
}

/** Takes the quote from the page, without spaces at its ends. */
function atItsPlace(found: ReturnType<FactRule>[number], page: { page: number; text: string }): ProposedFact | null {
  const raw = page.text.slice(found.start, found.end);
  const start = found.start + (raw.length - raw.trimStart().length);
  const end = start + raw.trim().length;
  const quote = page.text.slice(start, end);
  if (found.start < 0 || found.end > page.text.length || quote === '' || found.value.trim() === '' || found.value.length > 300) return null;
  return { ...found, page: page.page, start, end, quote };
}
