import pg from 'pg';
import { RemoteAccount, RemoteError } from './remote.ts';
import { createNap, systemTimers } from './timers.ts';

/** The line on which the firm speaks first: LISTEN needs one of its own. */
export interface LiveLine {
  /** Calls back after each push of anybody in the firm, until `signal` fires; rejects when the line is lost, with `unsupported` behind a pooler. */
  listen(onPush: () => void, signal: AbortSignal): Promise<void>;
  isUp(): boolean;
  /** Which channels of letters to hear as well; kept for the next line when this one is lost. */
  hear(channels: readonly string[], onNotice: (channel: string) => void): void;
  /** A short question that need not wait behind a push; null where this line is not there. */
  one<R>(sql: string, values: unknown[]): Promise<R> | null;
  /** Gives the line up, as after a sleep: whoever listens is told that it is lost. */
  drop(): void;
}

/**
 * A line that only listens hears of its end no way but by speaking. So it is asked for a sign of life, and given up where none comes:
 * a dead line is noticed at most `beatMs + answerMs` (30 s) after it died.
 */
interface Patience {
  beatMs: number;
  answerMs: number;
}
const patience: Patience = { beatMs: 20_000, answerMs: 10_000 };

/** The server gives up a laptop that went without a word after two minutes, not after the two hours that systems wait. */
const shortFarewell = 'set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 6';

export function createLiveLine(open: () => pg.Client, token: string, { beatMs, answerMs } = patience, timers = systemTimers): LiveLine {
  let client: pg.Client | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let give = (): void => undefined;
  let wanted = new Set<string>();
  let heard = new Set<string>();
  let tell = (channel: string): void => void channel;
  /** Nothing came since the last look. */
  let isQuiet = true;

  /** One after another, as pg wants it. Where one gets no answer the others will not either. */
  function ask(on: pg.Client, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const query: pg.QueryConfig & { query_timeout: number } = { text: sql, values, query_timeout: answerMs };
    const asked = queue.then(async () => {
      try {
        return await on.query(query);
      } catch (error) {
        if (!(error instanceof pg.DatabaseError) && on === client) give();
        throw error;
      } finally {
        isQuiet = false;
      }
    });
    queue = asked.catch(() => undefined);
    return asked;
  }

  async function beat(on: pg.Client, signal: AbortSignal): Promise<never> {
    const nap = createNap(timers);
    signal.addEventListener('abort', () => nap.wake(), { once: true });
    const heardNothing = (): boolean => isQuiet; // since it was set below
    while (!signal.aborted) {
      isQuiet = true;
      const isOver = await nap.sleep(beatMs);
      if (!isOver && heardNothing()) await ask(on, 'select 1');
    }
    return new Promise(() => undefined);
  }

  /** Brings what the line hears in step with what is wanted. Names were checked to be `steno_here_` and hex. */
  async function tune(): Promise<void> {
    const on = client;
    if (!on) return;
    const changes = [
      ...[...heard].filter((name) => !wanted.has(name)).map((name) => `unlisten ${name}`),
      ...[...wanted].filter((name) => !heard.has(name)).map((name) => `listen ${name}`),
    ];
    heard = new Set(wanted);
    const fresh = [...wanted];
    for (const change of changes) await ask(on, change);
    // what was said between the answer that named the channel and now
    if (changes.some((change) => change.startsWith('listen'))) for (const name of fresh) tell(name);
  }

  return {
    async listen(onPush, signal) {
      const own = open();
      const over = new AbortController();
      const lost = new Promise<never>((_, reject) => {
        give = () => reject(new Error('Connection given up'));
        own.on('error', reject);
        own.on('end', () => reject(new Error('Connection terminated')));
      });
      lost.catch(() => undefined);
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      try {
        await own.connect();
        const { rows } = await own.query<{ account: unknown; pid: number }>('select app.whoami($1) as account, pg_backend_pid() as pid', [
          token,
        ]);
        if (!isDirect(own, rows[0]?.pid)) throw pooled();
        const { feedChannel } = RemoteAccount.parse(rows[0]?.account);
        own.on('notification', ({ channel }) => {
          isQuiet = false;
          if (channel === feedChannel) onPush();
          else tell(channel);
        });
        await own.query(`listen ${feedChannel}; ${shortFarewell}`); // the name was checked by RemoteAccount to be steno_ and hex
        client = own;
        heard = new Set();
        onPush(); // what was pushed between the last pull and now
        await tune();
        await Promise.race([lost, aborted, beat(own, over.signal)]);
      } finally {
        over.abort();
        if (client === own) client = null;
        // a farewell on a dead line would wait for its answer
        own.end().catch(() => undefined);
      }
    },
    isUp: () => client !== null,
    hear(channels, onNotice) {
      wanted = new Set(channels);
      tell = onNotice;
      tune().catch(() => give());
    },
    one<R>(sql: string, values: unknown[]) {
      return client && ask(client, sql, values).then(({ rows }) => rows[0] as R);
    },
    drop: () => give(),
  };
}

/**
 * Whether this line ends at the server process that answers on it. A pooler greets with a number of its own. In transaction mode it would
 * take the LISTEN and give it to a connection that everybody shares, where nobody hears it.
 */
function isDirect(client: pg.Client, pid: number | undefined): boolean {
  const greetedBy: unknown = Reflect.get(client, 'processID'); // public in pg, missing in its types
  return pid !== undefined && greetedBy === pid;
}

const pooled = (): RemoteError =>
  new RemoteError({
    code: 'unsupported',
    what: 'notices through a connection pooler',
    reason: 'Changes of others are asked for every few seconds instead.',
  });
