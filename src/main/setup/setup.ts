import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { AppState, DemoFirm, FirmConnection } from '../../shared/setup.ts';
import { demoFirm, demoUsers, seedFirm, startOwnServer, type OwnServer } from '../admin/admin.ts';
import type { Host } from '../host/host.ts';
import { createPostgresDoor } from '../sync/postgres.ts';
import { RemoteError } from '../sync/remote.ts';
import type { SettingsFile } from './settings.ts';

interface Template {
  name: string;
  description: string;
  category: string;
  isDefault: boolean;
  content: unknown;
}

export interface Setup {
  state(): Omit<AppState, 'session'>;
  startDemoFirm(onProgress: (text: string) => void): Promise<Outcome<DemoFirm>>;
  connectFirm(connection: FirmConnection): Promise<Outcome<Nothing>>;
  forgetFirm(): Promise<Outcome<Nothing>>;
  /** Resolves when the demo firm's server, if this laptop has one, is up again after a restart. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** The sample case: the large one beside the project where it is there, else the one the project carries. */
export function sampleCaseFolder(): string {
  const large = fileURLToPath(new URL('../../../../shared/data/rivera-v-bestvalue/', import.meta.url));
  return existsSync(large) ? large : fileURLToPath(new URL('../../../sample/okafor-v-lakeside-market/', import.meta.url));
}

export function createSetup({ host, settings, templates }: { host: Host; settings: SettingsFile; templates: readonly Template[] }): Setup {
  let server: OwnServer | null = null;
  let warning: string | null = null;
  const startedAgain = settings.read().demo ? startServer().then(() => undefined, noteFailure) : Promise.resolve();

  async function startServer(): Promise<OwnServer> {
    server ??= await startOwnServer({ dataDir: join(host.paths.data, 'demo-postgres'), log: host.log });
    const { password, ...connection } = server.connection;
    await settings.save({ connection: { ...connection, firmSlug: demoFirm.firm.slug } }, password);
    return server;
  }
  function noteFailure(error: unknown): void {
    warning = `The demo firm's server did not start: ${error instanceof Error ? error.message : 'no reason given'} You can still open what is on this laptop.`;
  }

  return {
    ready: () => startedAgain,
    state() {
      const { connection, demo } = settings.read();
      const shown = connection && {
        firmSlug: connection.firmSlug,
        host: connection.host,
        port: connection.port,
        database: connection.database,
        user: connection.user,
        tls: connection.tls,
      };
      return { hostKind: host.kind, connection: shown, demo, warnings: [host.secrets.warning, warning].filter((text) => text !== null) };
    },

    async startDemoFirm(onProgress) {
      try {
        onProgress('Starting a Postgres on this machine …');
        const { adminUrl } = await startServer();
        onProgress('Making the firm, its people and its templates …');
        const seeded = await seedFirm(adminUrl, demoFirm.firm, demoUsers(), [...templates]);
        if (!seeded.ok) return seeded;
        onProgress('Copying the sample case …');
        const from = sampleCaseFolder();
        const caseFolder = join(host.paths.data, 'demo-cases', basename(from));
        await mkdir(join(host.paths.data, 'demo-cases'), { recursive: true });
        if (!existsSync(caseFolder)) await cp(from, caseFolder, { recursive: true });
        const demo: DemoFirm = { firmSlug: demoFirm.firm.slug, firmName: demoFirm.firm.name, accounts: demoFirm.accounts, caseFolder };
        await settings.save({ demo });
        warning = null;
        return ok(demo);
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'no reason given';
        host.log.bug('demo firm', error);
        return err({ code: 'provider_failed', what: 'starting the demo firm', reason });
      }
    },

    async connectFirm(connection) {
      const hosts = [connection.host, connection.replica?.host ?? connection.host];
      if (connection.tls === 'off' && !hosts.every((name) => ['localhost', '127.0.0.1', '::1'].includes(name))) {
        return err({
          code: 'invalid_input',
          what: 'a connection without TLS',
          reason: 'It is allowed to a server on this machine only. Choose to verify the server’s certificate.',
        });
      }
      const door = createPostgresDoor(connection);
      try {
        // an account that cannot exist: an answer at all proves server, certificate, login and schema
        await door.signIn({
          firmSlug: connection.firmSlug,
          email: 'probe@invalid.example',
          password: 'probe',
          deviceId: settings.read().laptopId,
          deviceName: 'probe',
        });
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        if (error.error.code === 'offline')
          return err({
            code: 'offline',
            reason: `Nothing answers at ${connection.host}, port ${String(connection.port)}. Check both with your IT, and that you are on the firm’s network.`,
          });
        return err(error.error);
      } finally {
        await door.close();
      }
      const { password, ...rest } = connection;
      await settings.save({ connection: rest, demo: null }, password);
      return ok({});
    },

    async forgetFirm() {
      await settings.save({ connection: null, demo: null }, '');
      await server?.stop();
      server = null;
      return ok({});
    },

    async stop() {
      await startedAgain;
      await server?.stop();
      server = null;
    },
  };
}
