import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { isHere, type AppState, type DemoFirm, type FirmConnection } from '../../shared/setup.ts';
import { demoFirm, demoUsers, seedFirm, seedRecoveryKey, startOwnServer, type OwnServer } from '../admin/admin.ts';
import type { Host } from '../host/host.ts';
import { probeServer } from '../sync/probe.ts';
import { createFirmFiles, type FirmFiles } from './firm-files.ts';
import { readPinnedKey } from './pinned-key.ts';
import type { Settings, SettingsFile } from './settings.ts';

interface Template {
  name: string;
  description: string;
  category: string;
  isDefault: boolean;
  content: unknown;
}

export interface Setup {
  state(): Promise<Omit<AppState, 'session' | 'lostCopies'>>;
  startDemoFirm(onProgress: (text: string) => void): Promise<Outcome<DemoFirm>>;
  /** The firm's server as a person entered it. */
  connectFirm(connection: FirmConnection): Promise<Outcome<Nothing>>;
  firmFiles: FirmFiles;
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
    await settings.save({ connection: { ...connection, firmSlug: demoFirm.firm.slug }, options: {} }, password);
    return server;
  }
  function noteFailure(error: unknown): void {
    warning = `The demo firm's server did not start: ${error instanceof Error ? error.message : 'no reason given'} You can still open what is on this laptop.`;
  }

  async function connectTo(connection: FirmConnection, remember: Omit<Partial<Settings>, 'laptopId'>): Promise<Outcome<Nothing>> {
    if (connection.tls === 'off' && !isHere(connection)) {
      const reason = 'It is allowed to a server on this machine only. Choose to verify the server’s certificate.';
      return err({ code: 'invalid_input', what: 'a connection without TLS', reason });
    }
    const probed = await probeServer(connection);
    if (!probed.ok) {
      if (probed.error.code !== 'offline') return probed;
      const reason = `Nothing answers at ${connection.host}, port ${String(connection.port)}. Check both with your IT, and that you are on the firm’s network.`;
      return err({ code: 'offline', reason });
    }
    const { password, ...rest } = connection;
    await settings.save({ ...remember, connection: rest, demo: null }, password);
    return ok({});
  }

  return {
    ready: () => startedAgain,
    async state() {
      const { connection, demo } = settings.read();
      const shown = connection && {
        firmSlug: connection.firmSlug,
        host: connection.host,
        port: connection.port,
        database: connection.database,
        user: connection.user,
        tls: connection.tls,
      };
      const pinned = await readPinnedKey(host);
      const warnings = [host.secrets.warning, warning].filter((text) => text !== null);
      return { hostKind: host.kind, connection: shown, demo, isManaged: !pinned.ok || pinned.value !== null, warnings };
    },

    async startDemoFirm(onProgress) {
      try {
        onProgress('Starting a Postgres on this machine …');
        const { adminUrl } = await startServer();
        onProgress('Making the firm, its people and its templates …');
        const seeded = await seedFirm(adminUrl, demoFirm.firm, demoUsers(), [...templates]);
        if (!seeded.ok) return seeded;
        const recoverable = await seedRecoveryKey(adminUrl, join(host.paths.data, 'demo-recovery.key'));
        if (!recoverable.ok) return recoverable;
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
      const pinned = await readPinnedKey(host);
      if (!pinned.ok) return pinned;
      if (pinned.value !== null && !isHere(connection)) {
        const reason = 'Your IT set this computer up to take the firm’s server from a signed file only. Open the file from your IT.';
        return err({ code: 'invalid_input', what: 'a server entered by hand', reason });
      }
      return connectTo(connection, { options: {} });
    },
    firmFiles: createFirmFiles({ host, settings, connect: connectTo }),

    async forgetFirm() {
      await settings.save({ connection: null, demo: null, options: {} }, '');
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
