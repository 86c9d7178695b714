import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import { prepareTemplate } from './postgres-template.ts';
import { silentLog } from './silent-log.ts';

export interface TestServer {
  host: string;
  port: number;
  user: string;
  password: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
    /** The version this run is about; null is the built-in one. */
    postgresMajor: string | null;
  }
}

/** One Postgres for the whole run, of the version that the project asks for, with the template database that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const major = project.getProvidedContext().postgresMajor;
  const postgres = await startEmbeddedPostgres({ dataDir: null, durable: false, log: silentLog, ...(major ? { major } : {}) });
  const server = { host: postgres.host, port: postgres.port, user: postgres.superuser, password: postgres.superuserPassword };
  try {
    await prepareTemplate(server);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  project.provide('postgres', server);
  return () => postgres.stop();
}
