import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import type { FirmConnection } from '../../../src/shared/setup.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../src/main/admin/embedded-postgres.ts';
import { createFirm, createUser } from '../../../src/main/admin/firm.ts';
import { migrateServer, serverMigrations } from '../../../src/main/admin/server-migrations.ts';
import { createPostgresDoor } from '../../../src/main/sync/postgres.ts';
import { must } from '../laptop.ts';
import { clientPassword } from '../postgres-template.ts';
import { silentLog } from '../silent-log.ts';

/** A firm's server that is killed, with its data on disk as a firm has it (fsync, synchronous commit). */
export interface MortalServer {
  connection: FirmConnection;
  /** kill -9 of everything: the postmaster and each of its processes, in the same moment. */
  kill(): Promise<void>;
  /** On the data and the port it had. */
  start(): Promise<void>;
  admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  signIn(deviceId: string): Promise<{ token: string; userId: string }>;
}

const person = { email: 'a@firm.example', password: 'long enough it is' };

export async function createMortalServer(major: string | null, settings: Record<string, string> = {}): Promise<MortalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'steno-mortal-'));
  await chmod(folder, 0o755); // where tests run as root, the server is somebody else
  let server: EmbeddedPostgres | null = null;
  let port = 0;
  async function start(): Promise<void> {
    server = await startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      port,
      settings: { synchronous_commit: 'on', ...settings },
      ...(major === null ? {} : { major }),
      log: silentLog,
    });
    port = server.port;
  }
  await start();
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  async function admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    if (!server) throw new Error('it is dead');
    const { host, superuser: user, superuserPassword: password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'postgres' });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  await admin(async (client) => {
    must(await migrateServer(client, serverMigrations()));
    must(await createFirm(client, { name: 'Firm', slug: 'firm' }, []));
    must(await createUser(client, 'firm', { ...person, firstName: 'A', lastName: 'B', role: 'Attorney' }));
    await client.query(`alter role steno_client password '${clientPassword}'`);
  });
  const connection: FirmConnection = {
    firmSlug: 'firm',
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'steno_client',
    password: clientPassword,
    tls: 'off',
    tlsRoot: null,
    replica: null,
  };
  return {
    connection,
    start,
    admin,
    async kill() {
      if (!server) throw new Error('it is dead');
      const postmaster = Number(readFileSync(join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
      const [gone, processes] = [server.kill(), childrenOf(postmaster)];
      for (const pid of processes) killed(pid);
      await gone;
      server = null;
    },
    async signIn(deviceId) {
      const door = createPostgresDoor(connection);
      const signedIn = await door.signIn({ firmSlug: 'firm', ...person, deviceId, deviceName: 'x' });
      await door.close();
      if (!signedIn) throw new Error('refused');
      return { token: signedIn.token, userId: signedIn.account.userId };
    },
  };
}

/** A process that has just ended by itself is as dead. */
function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}

/** Where there is no /proc they notice by themselves, a moment later, that the postmaster is gone. */
function childrenOf(parent: number): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    // "123 (name) S 1 ...": the name may hold anything, brackets too
    return Number(
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ')[1],
    );
  } catch {
    return null; // it has just ended
  }
}
