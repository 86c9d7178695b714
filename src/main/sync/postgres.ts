import { z } from 'zod';
import type { FirmConnection } from '../../shared/setup.ts';
import { createFileStore } from './files/file-store.ts';
import { createPostgresFiles } from './files/postgres-files.ts';
import { createLines } from './lines.ts';
import type { Mutation } from './outbox.ts';
import { createLiveLine } from './live-line.ts';
import { createLine, newClient, patience, type Patience } from './pg-line.ts';
import { createReplicaReads } from './replica.ts';
import { toRemoteError } from './pg-errors.ts';
import { createPostgresSource } from './snapshot/postgres-source.ts';
import {
  AnchorReply,
  FeedPage,
  PresenceReply,
  HandBackReply,
  LaptopPolicy,
  RemoteAccount,
  type RemoteError,
  speaks,
  type Speaks,
  type Greeting,
  type Remote,
  type RemoteDoor,
} from './remote.ts';
import { fromReply, toLines } from './push-lines.ts';

/** The primary stands ready to answer instead. */
const replicaPatience: Patience = { connectMs: 1_000, greetMs: 1_000, callMs: 3_000 };

const renewEveryMs = 86_400_000;
/** A question that is not worth waiting for. */
const asideMs = 10_000;

/** The firm's Postgres, as a place to sign in. Errors: RemoteError. */
export function createPostgresDoor(connection: FirmConnection): RemoteDoor {
  const line = createLine(connection);
  return {
    async signIn({ firmSlug, email, password, deviceId, deviceName }) {
      const reply = await line.one<{ account: unknown }>('select app.sign_in($1, $2, $3, $4, $5) as account', [
        firmSlug,
        email,
        password,
        deviceId,
        deviceName,
      ]);
      if (reply.account === null) return null;
      const { token, policy } = SignedIn.parse(reply.account);
      return { token, policy, account: RemoteAccount.parse(reply.account) };
    },
    close: () => line.close(),
  };
}

const SignedIn = z.object({ token: z.string(), policy: LaptopPolicy });

/** How far it has come is asked first: rows that are read after that are no older. */
const pullFromReplica = `select pg_is_in_recovery() as following,
  case when (app.pull($1, ${String(Number.MAX_SAFE_INTEGER)}, 1) ->> 'head')::bigint >= $4 then app.pull($1, $2, $3) end as page`;

/** The firm's Postgres for one session token. Each call is one statement, so a transaction pooler in between is fine. */
export function createPostgresRemote(connection: FirmConnection, token: string, spoken: Speaks = speaks, limits = patience): Remote {
  const line = createLine(connection, spoken, limits);
  const live = createLiveLine(() => newClient(connection, limits), token);
  /** On the line that listens, where it is there: neither then waits for the other. */
  async function aside<R>(sql: string, values: unknown[]): Promise<R> {
    const asked = live.one<R>(sql, values);
    if (!asked) return line.one<R>(sql, values, Math.min(asideMs, limits.callMs));
    return asked.catch((error: unknown) => {
      throw toRemoteError(error);
    });
  }
  const here = async (sql: string, ...values: unknown[]): Promise<PresenceReply | null> =>
    PresenceReply.nullable().parse((await aside<{ here: unknown }>(`select ${sql} as here`, [token, ...values])).here);
  const fileLines = createLines(() => createLine(connection, spoken, limits));
  const replicaLine = connection.replica && createLine({ ...connection, ...connection.replica }, spoken, replicaPatience);
  const replica =
    replicaLine &&
    createReplicaReads(async (after, most, atLeast) => {
      const reply = await replicaLine.one<{ page: unknown; following: boolean }>(pullFromReplica, [token, after, most, atLeast]);
      return { page: FeedPage.nullable().parse(reply.page), isFollowing: reply.following };
    });
  /** A laptop in use stays signed in: its session is carried on once a day (as far as the firm's policy lets it). */
  let renewedAt = Number.NEGATIVE_INFINITY;
  async function renewDaily(): Promise<void> {
    if (performance.now() - renewedAt < renewEveryMs) return;
    await line.one('select app.renew($1) as until', [token]);
    renewedAt = performance.now();
  }
  let greeting: Greeting | null = null;
  /** Set once a pooler was found in between: asking again each round would cost a connection and find the same. */
  let noNotices: RemoteError | null = null;
  return {
    async whoami() {
      return RemoteAccount.parse((await line.one<{ account: unknown }>('select app.whoami($1) as account', [token])).account);
    },
    async push(batch: Mutation[]) {
      replica?.knows(null); // also where the reply is lost
      const { reply } = await line.one<{ reply: unknown }>('select app.push_lines($1, $2) as reply', [token, toLines(batch)]);
      const { verdicts, position } = fromReply(reply, batch);
      replica?.knows(position);
      return verdicts;
    },
    async pull(after, most) {
      const fromReplica = await replica?.pull(after, most);
      if (fromReplica) return fromReplica;
      await renewDaily();
      const page = FeedPage.parse((await line.one<{ page: unknown }>('select app.pull($1, $2, $3) as page', [token, after, most])).page);
      replica?.knows(page.head ?? 0);
      return page;
    },
    async feedHead() {
      await renewDaily();
      const { head } = await line.one<{ head: unknown }>('select app.feed_head($1) as head', [token], Math.min(asideMs, limits.callMs));
      return z.coerce.number().int().parse(head); // a bigint comes as text
    },
    presence: {
      set: (letterId, state, place) => here('app.presence_set($1, $2, $3, $4)', letterId, state, place),
      of: (letterId) => here('app.presence_of($1, $2)', letterId),
      clear: async (letterId) => void (await aside('select app.presence_clear($1, $2)', [token, letterId])),
      hear: (channels, onNotice) => live.hear(channels, onNotice),
      hasNotices: () => live.isUp(),
    },
    reconnect() {
      line.drop();
      live.drop();
    },
    snapshot: () => createPostgresSource(connection, token, spoken),
    async greet() {
      const { connection, version } = await line.connected();
      if (greeting?.connection === connection) return greeting;
      const fields =
        version < spoken.newest ? Understood.parse((await line.one<{ u: unknown }>('select app.understands($1) as u', [token])).u) : null;
      greeting = {
        connection,
        understands: ({ entity, patch }) => !fields || Object.keys(patch).every((name) => fields[entity]?.includes(name)),
      };
      return greeting;
    },
    async anchor(remembered, mutationIds, own) {
      const { reply } = await line.one<{ reply: unknown }>('select app.anchor($1, $2, $3, $4, $5) as reply', [
        token,
        remembered?.batchNumber ?? null,
        remembered?.batchHash ?? null,
        mutationIds,
        JSON.stringify(own),
      ]);
      return AnchorReply.parse(reply);
    },
    async handBack(batch) {
      replica?.knows(null);
      const { reply } = await line.one<{ reply: unknown }>('select app.hand_back($1, $2::jsonb) as reply', [token, JSON.stringify(batch)]);
      return HandBackReply.parse(reply).verdicts;
    },
    async listen(onPush, signal) {
      if (noNotices) throw noNotices;
      await live.listen(onPush, signal).catch((error: unknown) => {
        const known = toRemoteError(error);
        if (known.error.code === 'unsupported') noNotices = known;
        throw known;
      });
    },
    async joinLetterUpdates(letterId, updateIds, joinedId, payload) {
      const values = [token, letterId, updateIds, joinedId, Buffer.from(payload)];
      return (await line.one<{ done: boolean }>('select app.join_letter_updates($1, $2, $3, $4, $5) as done', values)).done;
    },
    files: createPostgresFiles(fileLines.one, token, createFileStore(connection.tlsRoot)),
    async signOut() {
      await line.one('select app.sign_out($1)', [token]);
    },
    async close() {
      await fileLines.close();
      await replicaLine?.close();
      await line.close();
    },
  };
}

const Understood = z.record(z.string(), z.array(z.string()));
