import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { Role } from '../../src/shared/session.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import type { TestServer } from './postgres-setup.ts';
import { clientPassword } from './postgres-template.ts';

export interface PgFirm {
  firmId: string;
  slug: string;
  userIds: Record<Role, string>;
}

export interface PgWorld {
  database: TestDatabase;
  admin: pg.Client;
  connection: FirmConnection;
  firms: Record<'one' | 'two', PgFirm>;
  /** A session without the bcrypt: the row that a sign-in leaves. */
  tokenFor(firm: 'one' | 'two', role: Role, deviceId?: string): Promise<string>;
  /** Another way in than straight to the server: a pooler's port. */
  connect(firm: 'one' | 'two', role: Role, deviceId?: string, port?: number): Promise<Remote>;
  /** A bare line with the login that every laptop has, as a hostile client would use it. */
  client(port?: number): Promise<pg.Client>;
}

/** Two firms with a person of each role, in a database of this file's own; with the ids of another world's, where `like` is given. Call it at the top of a test file. */
export async function createPgWorld(server?: TestServer, like?: PgWorld): Promise<PgWorld> {
  const database = await createTestDatabase(server);
  const open: { end(): Promise<void> }[] = [];
  const admin = new pg.Client(database);
  await admin.connect();
  const connection: FirmConnection = {
    firmSlug: 'one',
    host: database.host,
    port: database.port,
    database: database.database,
    user: 'steno_client',
    password: clientPassword,
    tls: 'off',
    tlsRoot: null,
    replica: null,
  };
  const firms = { one: await makeFirm(admin, 'one', like?.firms.one), two: await makeFirm(admin, 'two', like?.firms.two) };
  afterAll(async () => {
    for (const line of open) await line.end();
    await admin.end();
  });

  async function tokenFor(firm: 'one' | 'two', role: Role, deviceId = freshId()): Promise<string> {
    const token = randomBytes(32).toString('hex');
    const hash = createHash('sha256').update(token).digest();
    await admin.query(
      `insert into auth.session (firm_id, user_id, device_id, device_name, token_hash, expires_at) values ($1, $2, $3, 'test', $4, now() + interval '1 day')`,
      [firms[firm].firmId, firms[firm].userIds[role], deviceId, hash],
    );
    return token;
  }
  return {
    database,
    admin,
    connection,
    firms,
    tokenFor,
    async connect(firm, role, deviceId, port = connection.port) {
      const remote = createPostgresRemote({ ...connection, port }, await tokenFor(firm, role, deviceId));
      open.push({ end: () => remote.close() });
      return remote;
    },
    async client(port = connection.port) {
      const { host, user, password } = connection;
      const client = new pg.Client({ host, port, user, password, database: database.database });
      await client.connect();
      open.push(client);
      return client;
    },
  };
}

async function makeFirm(admin: pg.Client, slug: string, like?: PgFirm): Promise<PgFirm> {
  const firmId = like?.firmId ?? freshId();
  await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firmId, `Firm ${slug}`, slug]);
  const userIds = like?.userIds ?? (Object.fromEntries(Role.options.map((role) => [role, freshId()])) as Record<Role, string>);
  for (const role of Role.options) {
    await admin.query(`insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, $3, 'A', 'B', $4)`, [
      firmId,
      userIds[role],
      `${role.toLowerCase()}@${slug}.example`,
      role,
    ]);
  }
  return { firmId, slug, userIds };
}
