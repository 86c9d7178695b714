import { expect, test, vi } from 'vitest';
import { FirmConnection } from '../../../src/shared/setup.ts';
import type { Host } from '../../../src/main/host/host.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { createWorkers } from '../../../src/main/host/node-workers.ts';
import type { SettingsFile } from '../../../src/main/setup/settings.ts';
import { createSetup } from '../../../src/main/setup/setup.ts';
import { testFolder } from '../../support/laptop.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = testFolder();
const host: Host = {
  kind: 'test',
  paths: { data: folder, cache: folder, exports: folder, rescue: folder },
  secrets: { get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve(), warning: null },
  clock: { now: () => 0 },
  dialogs: { chooseFolder: null, reveal: () => Promise.resolve(false) },
  workers: createWorkers(),
  log: silentLog,
};
const save = vi.fn<SettingsFile['save']>(() => Promise.resolve());
const settings: SettingsFile = {
  read: () => ({ laptopId: freshId(), connection: null, demo: null, options: {}, firmFileKey: null }),
  save,
  connection: () => Promise.resolve(null),
};
const here = {
  firmSlug: 'pardo',
  host: '127.0.0.1',
  port: 1,
  database: 'steno',
  user: 'steno_client',
  password: 'x',
  tls: 'off',
  tlsRoot: null,
};

test('without TLS neither the server nor its replica may be another machine', async () => {
  const { connectFirm } = createSetup({ host, settings, templates: [] });
  const tryWith = (change: object) => connectFirm(FirmConnection.parse({ ...here, ...change }));
  const refused = { ok: false, error: { code: 'invalid_input', what: 'a connection without TLS' } };
  expect(await tryWith({ host: 'db.firm.example' })).toMatchObject(refused);
  expect(await tryWith({ replica: { host: 'read.firm.example', port: 5432 } })).toMatchObject(refused);
  // nothing answers on port 1, so it was let through that far
  expect(await tryWith({ replica: { host: 'localhost', port: 1 } })).toMatchObject({ ok: false, error: { code: 'offline' } });
  expect(save).not.toHaveBeenCalled();
});
