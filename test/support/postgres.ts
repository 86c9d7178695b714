import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import type { TestServer } from './postgres-setup.ts';
import { TEMPLATE } from './postgres-template.ts';

export interface TestDatabase extends TestServer {
  database: string;
}

/** A database of this test file's own, cloned from the template, dropped after the file's last test. */
export async function createTestDatabase(server: TestServer = inject('postgres')): Promise<TestDatabase> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  const asSuperuser = async (statement: string) => {
    const client = new pg.Client({ ...server, database: 'postgres' });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await asSuperuser(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`);
  afterAll(() => asSuperuser(`DROP DATABASE ${database} WITH (FORCE)`));
  return { ...server, database };
}
