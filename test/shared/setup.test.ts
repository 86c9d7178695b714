import { expect, test } from 'vitest';
import { FirmConnection } from '../../src/shared/setup.ts';

const old = {
  firmSlug: 'pardo-lane',
  host: 'db.firm.example',
  port: 5432,
  database: 'steno',
  user: 'steno_client',
  password: 'x',
  tls: 'verify',
  tlsRoot: null,
};

test('settings from before there were replicas are read, and name none', () => {
  expect(FirmConnection.parse(old)).toEqual({ ...old, replica: null });
  const replica = { host: 'read.firm.example', port: 5433 };
  expect(FirmConnection.parse({ ...old, replica })).toEqual({ ...old, replica });
  expect(FirmConnection.safeParse({ ...old, replica: { host: '', port: 5433 } }).success).toBe(false);
});
