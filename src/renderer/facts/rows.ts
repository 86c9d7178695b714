import { factLabels, listKinds, type BillLineView, type FactKind, type FactView } from '../../shared/facts.ts';

/** The table's parts, each with its kinds in the order in which a letter needs them. */
const sections: readonly { title: string; kinds: readonly FactKind[] }[] = [
  { title: 'Parties', kinds: ['client_name', 'client_birth_date', 'defendant_name', 'witness', 'plaintiff_counsel', 'opposing_counsel'] },
  {
    title: 'The loss',
    kinds: ['date_of_loss', 'time_of_loss', 'place_of_loss', 'liability_quote', 'measure', 'vehicle', 'vehicle_vin', 'vehicle_plate'],
  },
  {
    title: 'Insurance and references',
    kinds: ['carrier', 'adjuster', 'claim_number', 'policy_number', 'policy_limits', 'firm_reference', 'court_case_number'],
  },
  { title: 'Treatment', kinds: ['provider', 'visit', 'diagnosis', 'procedure', 'medication', 'earlier_condition', 'payment'] },
  { title: 'Wages and future care', kinds: ['wage_loss', 'wage_rate', 'wage_hours', 'wage_days', 'future_care'] },
];
const inOrder: readonly FactKind[] = [
  ...sections.flatMap(({ kinds }) => kinds),
  ...(Object.keys(factLabels) as FactKind[]).filter((kind) => !sections.some(({ kinds }) => kinds.includes(kind))),
];

export interface FactGroup {
  /** A kind, a document's id, or what is left to check. */
  key: string;
  /** The title of the part of the table that begins with this group; null within one. */
  opens: string | null;
  label: string;
  facts: FactView[];
  /** How many values stand against each other until a person says which one holds; 0 once one is approved. */
  differentValues: number;
  /** Still to check, and contradicted by nothing: what "approve all" may approve. */
  undisputed: FactView[];
}

const manyAreFine: readonly FactKind[] = [
  ...listKinds,
  'witness',
  'wage_loss',
  'wage_hours',
  'wage_days',
  'policy_limits',
  'plaintiff_counsel',
  'opposing_counsel',
];

/** Facts by part of the table and by kind; within a kind the surest first, visits by their day. */
export function groupFacts(facts: readonly FactView[]): FactGroup[] {
  const opened = new Set<string>();
  return inOrder.flatMap((kind) => {
    const those = facts
      .filter((fact) => fact.kind === kind)
      .sort(
        (a, b) =>
          (kind === 'visit' ? byNormal(a, b) : 0) ||
          b.confidence - a.confidence ||
          a.source.page - b.source.page ||
          a.source.start - b.source.start,
      );
    const values = new Set(those.filter((fact) => fact.state !== 'rejected').map((fact) => fact.normal));
    const decided = new Set(those.filter((fact) => fact.state === 'approved' || fact.state === 'corrected').map((fact) => fact.normal));
    const mayDiffer = manyAreFine.includes(kind);
    const undisputed = those.filter((fact) => fact.state === 'proposed' && (mayDiffer || values.size === 1 || decided.has(fact.normal)));
    if (those.length === 0) return [];
    const title = sections.find(({ kinds }) => kinds.includes(kind))?.title ?? 'Other';
    const opens = opened.has(title) ? null : title;
    opened.add(title);
    const differentValues = decided.size > 0 || mayDiffer ? 0 : values.size;
    return [{ key: kind, opens, label: factLabels[kind], facts: those, differentValues, undisputed }];
  });
}

/** How the facts of a matter are put in order for review. */
export const factOrders = ['kind', 'unsure', 'source'] as const;
export type FactOrder = (typeof factOrders)[number];

/** By kind; or all that is to check, the least sure first, and then the rest; or by document, from its first page to its last. */
export function orderFacts(facts: readonly FactView[], order: FactOrder): FactGroup[] {
  const byKind = groupFacts(facts);
  if (order === 'kind') return byKind;
  const undisputed = new Set(byKind.flatMap((group) => group.undisputed));
  const group = (key: string, label: string, those: FactView[]): FactGroup[] =>
    those.length === 0
      ? []
      : [{ key, label, opens: null, facts: those, differentValues: 0, undisputed: those.filter((fact) => undisputed.has(fact)) }];
  if (order === 'unsure') {
    const leastSure = facts.toSorted((a, b) => a.confidence - b.confidence || byPlace(a, b));
    return [
      ...group(
        'open',
        'To check, the least sure first',
        leastSure.filter(({ state }) => state === 'proposed'),
      ),
      ...group(
        'decided',
        'Decided',
        leastSure.filter(({ state }) => state !== 'proposed'),
      ),
    ];
  }
  return [...Map.groupBy(facts.toSorted(byPlace), ({ source }) => source.documentId)]
    .toSorted(([, [a]], [, [b]]) => ((a?.source.documentName ?? '') < (b?.source.documentName ?? '') ? -1 : 1))
    .flatMap(([documentId, those]) => group(documentId, those[0]?.source.documentName ?? '', those));
}

const byPlace = (a: FactView, b: FactView): number => a.source.page - b.source.page || a.source.start - b.source.start;
const byNormal = (a: FactView, b: FactView): number => (a.normal < b.normal ? -1 : a.normal > b.normal ? 1 : 0);

/** Where the cursor goes after a decision: the next one still to decide, from here on and then from the top. */
export function nextProposed(rows: readonly { state: FactView['state'] }[], from: number): number {
  for (let step = 1; step <= rows.length; step++) {
    const index = (from + step) % rows.length;
    if (rows[index]?.state === 'proposed') return index;
  }
  return from;
}

export const reviewWords: Record<FactView['state'], string> = {
  proposed: 'To check',
  approved: 'Approved',
  corrected: 'Corrected',
  rejected: 'Rejected',
};
export const reviewTones: Record<FactView['state'], string> = {
  proposed: 'tag-ask tag-hollow',
  approved: 'tag-done',
  corrected: 'tag-done',
  rejected: '',
};

/** Lines under their provider, providers in order of their first service. */
export function linesByProvider(lines: readonly BillLineView[]): { provider: string; lines: BillLineView[] }[] {
  const groups = new Map<string, BillLineView[]>();
  for (const line of [...lines].sort((a, b) => (a.serviceFrom ?? '9').localeCompare(b.serviceFrom ?? '9'))) {
    const those = groups.get(line.provider);
    if (those) those.push(line);
    else groups.set(line.provider, [line]);
  }
  return [...groups].map(([provider, those]) => ({ provider, lines: those }));
}
