import { and, eq, isNull, ne } from 'drizzle-orm';
import type { Known } from '../ai/ai.ts';
import { fact, matter } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { readPerson } from './rules/names.ts';

const kinds: Record<string, Known['kind']> = {
  client_name: 'PERSON',
  client_birth_date: 'BIRTH-DATE',
  witness: 'PERSON',
  adjuster: 'PERSON',
  opposing_counsel: 'PERSON',
  plaintiff_counsel: 'PERSON',
  defendant_name: 'ORGANIZATION',
  carrier: 'ORGANIZATION',
  claim_number: 'NUMBER',
  policy_number: 'NUMBER',
  firm_reference: 'NUMBER',
  court_case_number: 'NUMBER',
  vehicle_vin: 'NUMBER',
  vehicle_plate: 'NUMBER',
};

/** Names and numbers of a matter that this laptop knows: from its facts, also those that nobody has approved yet, and from its title. */
export function knownOf(store: Store, matterId: string): Known[] {
  const rows = store.db
    .select({ kind: fact.kind, value: fact.value, normal: fact.normal })
    .from(fact)
    .where(and(eq(fact.matterId, matterId), isNull(fact.deletedAt), ne(fact.state, 'rejected')))
    .all();
  const title = store.db
    .select({ title: matter.title, reference: matter.caseReference })
    .from(matter)
    .where(eq(matter.matterId, matterId))
    .get();
  const names = (title?.title ?? '').split(/\s+v(?:s?\.|s)?\s+|[-–—/]/).flatMap((part) => readPerson(part) ?? []);
  const known = rows.flatMap(({ kind, value, normal }): Known[] => {
    const as = kinds[kind];
    return as ? [{ kind: as, value: as === 'BIRTH-DATE' ? normal : value }] : [];
  });
  return [
    ...known,
    ...names.map((value): Known => ({ kind: 'PERSON', value })),
    ...(title?.reference ? [{ kind: 'NUMBER' as const, value: title.reference }] : []),
  ];
}
