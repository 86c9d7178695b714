import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { AssistantView, FirmPolicy, MatterAssistantView, SetMatterAssistant } from '../../shared/ai.ts';
import type { AccountView } from '../../shared/session.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import {
  addressOf,
  effectivePolicy,
  firmPolicy,
  isStricter,
  matterPolicy,
  monthOf,
  priceOf,
  pricesAsOf,
  spentInMonth,
  spentOn,
  type Keys,
} from '../ai/ai.ts';
import type { Clock } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { assistantPolicy } from '../store/assistant-schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';

/** What the firm, its matters and this person decide about the assistant. Keys go in and are never told. */
export interface Settings {
  assistant(): Promise<Outcome<AssistantView>>;
  /** Errors: forbidden, invalid_input (the address, the region). */
  setAssistant(policy: FirmPolicy): Outcome<Nothing>;
  /** This person's key for the provider that the firm has now, bound to its address. */
  setKey(key: string): Promise<Outcome<Nothing>>;
  forgetKey(): Promise<Outcome<Nothing>>;
  matterAssistant(matterId: string): Outcome<MatterAssistantView>;
  /** Who would answer about a matter. */
  assistantOf(matterId: string): Pick<FirmPolicy, 'provider' | 'model'>;
  /** Errors: forbidden, invalid_input where it would be laxer than the firm. */
  setMatterAssistant(input: z.output<typeof SetMatterAssistant>): Outcome<Nothing>;
}

interface SettingsInput {
  store: Store;
  write: Write;
  keys: Keys;
  account: AccountView;
  clock: Clock;
}

export function createSettings({ store, write, keys, account, clock }: SettingsInput): Settings {
  const { role, firmId } = account;
  const firmLock = role === 'Admin' ? null : 'Your firm decided this. An administrator can change it.';
  const matterLock = role === 'Admin' || role === 'Attorney' ? null : 'An attorney or administrator decides this for a matter.';

  /** Where text goes, as a person reads it; null where nothing leaves. */
  function goesTo(policy: FirmPolicy): string | null {
    if (policy.leaves === 'nothing') return null;
    const address = addressOf(policy);
    return address.ok && address.value !== null ? new URL(address.value).host : null;
  }

  function put(matterId: string | null, policy: unknown): Outcome<Nothing> {
    return write((change) => {
      // the row that is here, whoever made it: of a firm and of a matter there is one
      const whose = matterId === null ? isNull(assistantPolicy.matterId) : eq(assistantPolicy.matterId, matterId);
      const row = change.db
        .select({ id: assistantPolicy.policyId })
        .from(assistantPolicy)
        .where(and(whose, isNull(assistantPolicy.deletedAt)))
        .get();
      const policyId = row?.id ?? idOf('assistant_policy', matterId ?? firmId);
      // Of two inserts of one id the second is dropped without a word, and it may be the stricter. What is decided is a patch, so that two who decide while apart are
      // shown both. A row as yet without it lets nothing leave.
      if (!row) change.insert('assistant_policy', { policyId, matterId, policy: {} });
      change.patch('assistant_policy', policyId, { policy });
      return ok({});
    });
  }

  return {
    async assistant() {
      const policy = firmPolicy(store);
      const address = addressOf(policy);
      const key = address.ok && address.value !== null ? await keys.get(policy.provider, address.value) : { key: null, isElsewhere: false };
      const now = clock.now();
      return ok({
        policy,
        goesTo: goesTo(policy),
        hasKey: key.key !== null,
        isKeyForElsewhere: key.isElsewhere,
        locked: firmLock,
        isPriceKnown: priceOf(policy, policy.model) !== null,
        pricesAsOf,
        month: { since: new Date(monthOf(now)).toISOString().slice(0, 10), ...spentInMonth(store, now) },
      });
    },

    setAssistant(policy) {
      if (firmLock !== null) return err({ code: 'forbidden', what: 'the firm’s settings', reason: firmLock });
      const address = addressOf(policy);
      if (!address.ok) return address;
      if (policy.provider !== 'offline' && policy.model === null)
        return err({ code: 'invalid_input', what: 'the assistant', reason: 'Enter the name of the model, as the provider writes it.' });
      // without a model nothing leaves, whatever else was chosen
      return put(null, policy.provider === 'offline' ? { ...policy, leaves: 'nothing' } : policy);
    },

    async setKey(key) {
      const policy = firmPolicy(store);
      const address = addressOf(policy);
      if (!address.ok) return address;
      if (address.value === null)
        return err({ code: 'invalid_input', what: 'the key', reason: 'The assistant is offline, so it needs no key.' });
      await keys.set(policy.provider, address.value, key);
      return ok({});
    },

    async forgetKey() {
      await keys.forget(firmPolicy(store).provider);
      return ok({});
    },

    matterAssistant(matterId) {
      const own = matterPolicy(store, matterId);
      const firm = firmPolicy(store);
      const policy = effectivePolicy(firm, own);
      const { provider, model, leaves } = policy;
      return ok({ own, firm, provider, model, leaves, goesTo: goesTo(policy), locked: matterLock, ...spentOn(store, matterId) });
    },

    assistantOf: (matterId) => effectivePolicy(firmPolicy(store), matterPolicy(store, matterId)),

    setMatterAssistant({ matterId, policy }) {
      if (matterLock !== null) return err({ code: 'forbidden', what: 'what the assistant may see of a matter', reason: matterLock });
      if (!isStricter(policy, firmPolicy(store)))
        return err({ code: 'invalid_input', what: 'that', reason: 'A matter may be stricter than the firm, not laxer.' });
      return put(matterId, policy);
    },
  };
}
