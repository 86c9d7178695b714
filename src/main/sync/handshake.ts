import type pg from 'pg';
import { RemoteError, type Speaks } from './remote.ts';

/**
 * The database's schema version, where it and this app can work together: it is not below the oldest this app can call, and a newer one says that it
 * still serves this app. Errors: unsupported, in words for IT; the user's work stays on the laptop until then.
 */
export async function checkSchema(client: pg.Client, { oldest, newest }: Speaks): Promise<number> {
  const version = await numberOf(client, 'select max(version) as n from public.steno_migration');
  if (version === null)
    throw refused("It holds no Steno tables. Ask your IT to run 'steno admin migrate' on it. Your work stays on this laptop.");
  if (version < oldest)
    throw refused(
      `It is older than this app (version ${String(version)}, needed ${String(oldest)}). Ask your IT to run 'steno admin migrate'. Your work stays on this laptop.`,
    );
  if (version <= newest) return version;
  const oldestApp = (await numberOf(client, 'select oldest_app as n from public.steno_client')) ?? version;
  if (oldestApp <= newest) return version;
  throw refused(
    `It is newer than this app (it serves apps from version ${String(oldestApp)}, this one is ${String(newest)}). Update Steno on this laptop. Your work stays here until then.`,
  );
}

async function numberOf(client: pg.Client, sql: string): Promise<number | null> {
  try {
    return (await client.query<{ n: number | null }>(sql)).rows[0]?.n ?? null;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== '42P01' && code !== '42501' && code !== '3F000') throw error;
    return null;
  }
}

const refused = (reason: string): RemoteError => new RemoteError({ code: 'unsupported', what: "the firm's database", reason });
