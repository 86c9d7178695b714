import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FirmFileSeal, FirmOptions } from '../../shared/provision.ts';
import { DemoFirm, FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { freshId } from '../host/ids.ts';

/** What this laptop remembers before anybody signs in. No secret is in it: the connection's password is in the keychain. */
const Settings = z.object({
  laptopId: z.uuid(),
  connection: FirmConnection.omit({ password: true }).nullable().default(null),
  demo: DemoFirm.nullable().default(null),
  /** What the firm's file decided for this laptop; nothing where the connection was entered by hand. */
  options: FirmOptions.default({}),
  /** Who signed the last file that was used. It outlives the connection, or leaving a firm would open the door to any signer. */
  firmFileKey: FirmFileSeal.shape.key.nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;

const passwordSecret = 'firm-connection';

export interface SettingsFile {
  read(): Settings;
  /** Errors of the disk fly: the caller is about to tell the user that it was saved. */
  save(change: Partial<Omit<Settings, 'laptopId'>>, connectionPassword?: string): Promise<void>;
  connection(): Promise<FirmConnection | null>;
}

/** A damaged settings file is set aside, never overwritten: stores on this laptop do not depend on it. */
export async function openSettings(host: Host): Promise<SettingsFile> {
  const path = join(host.paths.data, 'settings.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  const parsed = Settings.safeParse(text === null ? null : tryJson(text));
  if (text !== null && !parsed.success) await rename(path, `${path}.damaged`);
  let settings: Settings = parsed.success ? parsed.data : Settings.parse({ laptopId: freshId() });

  async function store(): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(settings, null, 2), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
  if (!parsed.success) await store();

  return {
    read: () => settings,
    async save(change, connectionPassword) {
      settings = { ...settings, ...change };
      if (connectionPassword !== undefined) await host.secrets.set(passwordSecret, connectionPassword);
      await store();
    },
    async connection() {
      if (!settings.connection) return null;
      return { ...settings.connection, password: (await host.secrets.get(passwordSecret)) ?? '' };
    },
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
