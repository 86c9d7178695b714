import { and, eq, isNull, type SQL } from 'drizzle-orm';
import { asTheFirm, FirmPolicy, Leaves, MatterPolicy, offlinePolicy } from '../../shared/ai.ts';
import { assistantPolicy } from '../store/assistant-schema.ts';
import type { Store } from '../store/store.ts';

const strictness = Leaves.options;

/** The stricter of two. */
export function stricter(a: Leaves, b: Leaves): Leaves {
  return strictness.indexOf(a) <= strictness.indexOf(b) ? a : b;
}

/** Whether a matter's own decisions loosen nothing that the firm decided. */
export function isStricter(own: MatterPolicy, firm: FirmPolicy): boolean {
  if (own.leaves !== null && stricter(own.leaves, firm.leaves) !== own.leaves) return false;
  return own.limitMicrodollars === null || firm.matterLimitMicrodollars === null || own.limitMicrodollars <= firm.matterLimitMicrodollars;
}

const decided = (store: Store, where: SQL | undefined): unknown =>
  store.db
    .select({ policy: assistantPolicy.policy })
    .from(assistantPolicy)
    .where(and(where, isNull(assistantPolicy.deletedAt)))
    .get()?.policy;

/** What the firm decided. A value that this Steno does not understand lets nothing leave. */
export function firmPolicy(store: Store): FirmPolicy {
  return FirmPolicy.catch(offlinePolicy).parse(decided(store, isNull(assistantPolicy.matterId)) ?? offlinePolicy);
}

/** A matter's own decisions; what cannot be understood lets nothing leave. */
export function matterPolicy(store: Store, matterId: string): MatterPolicy {
  return MatterPolicy.catch({ ...asTheFirm, leaves: 'nothing' }).parse(decided(store, eq(assistantPolicy.matterId, matterId)) ?? asTheFirm);
}

/** The firm's policy as a matter narrows it: never wider, whatever the matter's row says. */
export function effectivePolicy(firm: FirmPolicy, own: MatterPolicy): FirmPolicy {
  const leaves = own.leaves === null ? firm.leaves : stricter(own.leaves, firm.leaves);
  const limits = [own.limitMicrodollars, firm.matterLimitMicrodollars].filter((limit) => limit !== null);
  return {
    ...firm,
    leaves,
    // where nothing may leave there is only what this laptop can do by itself
    provider: leaves === 'nothing' ? 'offline' : firm.provider,
    model: own.model ?? firm.model,
    // what the firm said of its own model says nothing of another
    price: own.model === null || own.model === firm.model ? firm.price : null,
    matterLimitMicrodollars: limits.length > 0 ? Math.min(...limits) : null,
  };
}
