import { z } from 'zod';
import type { ProviderName } from '../../shared/ai.ts';
import type { Secrets } from '../host/host.ts';

/** A person's keys to models, in the keychain of this laptop and nowhere else. */
export interface Keys {
  /** The key for this provider; `elsewhere` where the one that is here was entered for another address. */
  get(provider: ProviderName, address: string): Promise<{ key: string | null; isElsewhere: boolean }>;
  set(provider: ProviderName, address: string, key: string): Promise<void>;
  forget(provider: ProviderName): Promise<void>;
}

const Kept = z.partialRecord(z.enum(['offline', 'anthropic', 'openai', 'bedrock']), z.object({ origin: z.string(), key: z.string() }));

/** What was damaged is no key. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * A key is bound to the address it was entered for: when the firm's settings come to name another server, that one is not shown the key before its owner has
 * agreed. `name`: the one secret they are kept in.
 */
export function createKeys(secrets: Secrets, name: string): Keys {
  const read = async (): Promise<z.infer<typeof Kept>> => {
    const text = await secrets.get(name);
    return Kept.catch({}).parse(parsed(text ?? '{}'));
  };
  return {
    async get(provider, address) {
      const kept = (await read())[provider];
      const isElsewhere = kept !== undefined && kept.origin !== new URL(address).origin;
      return { key: kept && !isElsewhere ? kept.key : null, isElsewhere };
    },
    set: async (provider, address, key) =>
      secrets.set(name, JSON.stringify({ ...(await read()), [provider]: { origin: new URL(address).origin, key } })),
    async forget(provider) {
      const { [provider]: _gone, ...rest } = await read();
      await (Object.keys(rest).length > 0 ? secrets.set(name, JSON.stringify(rest)) : secrets.delete(name));
    },
  };
}
