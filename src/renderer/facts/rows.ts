import { factLabels, type BillLineView, type FactKind, type FactView } from '../../shared/facts.ts';

export interface FactGroup {
  kind: FactKind;
  label: string;
  facts: FactView[];
  /** How many values stand against each other until a person says which one holds; 0 once one is approved. */
  differentValues: number;
  /** Still to check, and contradicted by nothing: what "approve all" may approve. */
  undisputed: FactView[];
}

const manyAreFine: readonly FactKind[] = ['witness', 'wage_loss', 'plaintiff_counsel', 'opposing_counsel'];

/** Facts by kind in the order of `factLabels`; within a kind the surest first. */
export function groupFacts(facts: readonly FactView[]): FactGroup[] {
  return (Object.keys(factLabels) as FactKind[]).flatMap((kind) => {
    const those = facts.filter((fact) => fact.kind === kind).sort((a, b) => b.confidence - a.confidence || a.source.page - b.source.page);
    const values = new Set(those.filter((fact) => fact.state !== 'rejected').map((fact) => fact.normal));
    const decided = new Set(those.filter((fact) => fact.state === 'approved' || fact.state === 'corrected').map((fact) => fact.normal));
    const mayDiffer = manyAreFine.includes(kind);
    const undisputed = those.filter((fact) => fact.state === 'proposed' && (mayDiffer || values.size === 1 || decided.has(fact.normal)));
    if (those.length === 0) return [];
    return [{ kind, label: factLabels[kind], facts: those, differentValues: decided.size > 0 || mayDiffer ? 0 : values.size, undisputed }];
  });
}

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
