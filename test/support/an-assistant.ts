import { createAi, createKeys, type Ai, type Ask, type Keys, type OfflineAnswers } from '../../src/main/ai/ai.ts';
import type { Pause } from '../../src/main/ai/retry.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { assistantCall } from '../../src/main/store/assistant-schema.ts';
import { offlinePolicy, type FirmPolicy, type MatterPolicy } from '../../src/shared/ai.ts';
import { ok } from '../../src/shared/result.ts';
import { makeLaptop, must, type TestLaptop } from './laptop.ts';
import { workersHere } from './workers-here.ts';

export interface TestAssistant {
  laptop: TestLaptop;
  ai: Ai;
  keys: Keys;
  secrets: Map<string, string>;
  matterId: string;
  /** How long it waited between attempts, ms. */
  waits: number[];
  /** Moves on by 5 ms at each look. */
  now: { at: number };
  decide(policy: Partial<FirmPolicy>): void;
  decideForMatter(policy: Partial<MatterPolicy>): void;
  calls(): (typeof assistantCall.$inferSelect)[];
}

/** An assistant on a laptop with a real store, whose firm let redacted text go to `origin`, and whose waiting takes no time. */
export async function anAssistant(
  origin: string,
  { offline = {}, mayNotAsk = null }: { offline?: OfflineAnswers; mayNotAsk?: string | null } = {},
): Promise<TestAssistant> {
  const laptop = makeLaptop();
  const { store, write } = laptop;
  const matterId = freshId();
  const secrets = new Map<string, string>();
  const keychain = {
    get: (name: string) => Promise.resolve(secrets.get(name) ?? null),
    set: (name: string, value: string) => Promise.resolve(void secrets.set(name, value)),
    delete: (name: string) => Promise.resolve(void secrets.delete(name)),
    warning: null,
  };
  const keys = createKeys(keychain, 'keys');
  const waits: number[] = [];
  const pause: Pause = (ms) => Promise.resolve(void waits.push(ms));
  const now = { at: Date.UTC(2026, 0, 2) };
  const clock = { now: () => (now.at += 5) };
  const ai = createAi({ store, write, workers: workersHere, clock, keys, offline, mayNotAsk, pause, random: () => 1 });
  must(write((change) => ok(change.insert('matter', { matterId, title: 'Rivera', status: 'Open' }))));
  const put = (id: string, of: string | null, policy: unknown): void => {
    must(
      write((change) =>
        ok(change.insert('assistant_policy', { policyId: id, matterId: of, policy }) || change.patch('assistant_policy', id, { policy })),
      ),
    );
  };
  const [firmRow, matterRow] = [freshId(), freshId()];
  let firm: FirmPolicy = {
    ...offlinePolicy,
    provider: 'anthropic',
    model: 'a-model',
    baseUrl: origin,
    leaves: 'redacted',
    price: { input: 3_000_000, output: 15_000_000 },
  };
  let own: MatterPolicy = { leaves: null, limitMicrodollars: null, model: null };
  put(firmRow, null, firm);
  await keys.set('anthropic', origin, 'key-of-anthropic');
  return {
    laptop,
    ai,
    keys,
    secrets,
    matterId,
    waits,
    now,
    decide: (policy) => put(firmRow, null, (firm = { ...firm, ...policy })),
    decideForMatter: (policy) => put(matterRow, matterId, (own = { ...own, ...policy })),
    calls: () => store.db.select().from(assistantCall).orderBy(assistantCall.calledAt, assistantCall.attempt).all(),
  };
}

export const asking = <T>(over: Partial<Ask<T>> & Pick<Ask<T>, 'prompt' | 'matterId'>): Ask<T> => ({
  evidence: [],
  known: [],
  question: null,
  documentId: null,
  signal: new AbortController().signal,
  ...over,
});
