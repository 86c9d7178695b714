import { z } from 'zod';
import { Email, FirmSlug, LostCopy, Role, SessionView } from './session.ts';

/** Where the firm's Postgres is: what IT hands out. The password is the shared client login's, never a person's. */
export const FirmConnection = z.object({
  firmSlug: FirmSlug,
  host: z.string().trim().min(1, 'Enter the server name your IT gave you.').max(255),
  port: z.number().int().min(1).max(65535),
  database: z.string().trim().min(1).max(63),
  user: z.string().trim().min(1).max(63),
  password: z.string().max(1024),
  /** 'verify' checks the server's certificate (against `tlsRoot` where given); 'off' is accepted for loopback only. */
  tls: z.enum(['verify', 'off']),
  tlsRoot: z.string().max(100_000).nullable(),
  /** A streaming replica of that server, for reading; same database, login and certificate authority. Older settings files name none. */
  replica: z
    .object({ host: z.string().trim().min(1).max(255), port: z.number().int().min(1).max(65535) })
    .nullable()
    .default(null),
});
export type FirmConnection = z.infer<typeof FirmConnection>;

export const DemoAccount = z.object({ email: Email, password: z.string(), name: z.string(), role: Role });
export type DemoAccount = z.infer<typeof DemoAccount>;

export const DemoFirm = z.object({
  firmSlug: FirmSlug,
  firmName: z.string(),
  accounts: z.array(DemoAccount),
  /** A copy of the sample case on this machine, ready to be chosen as a case folder. */
  caseFolder: z.string(),
});
export type DemoFirm = z.infer<typeof DemoFirm>;

export const AppState = z.object({
  hostKind: z.enum(['electron', 'browser', 'cli', 'test']),
  /** The firm this laptop is connected to, without its password; null before the first run's choice. */
  connection: FirmConnection.omit({ password: true, tlsRoot: true, replica: true }).nullable(),
  demo: DemoFirm.nullable(),
  /** IT installed the key that every firm file must be signed with; a server is then never entered by hand. */
  isManaged: z.boolean(),
  session: SessionView.nullable(),
  /** Sentences the user should know, such as a missing keychain. */
  warnings: z.array(z.string()),
  /** Copies that this laptop no longer has, until somebody has read what became of them. */
  lostCopies: z.array(LostCopy),
});
export type AppState = z.infer<typeof AppState>;

/** A server on this same machine: the only one a laptop may talk to without TLS. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host);
}

/** Whether all that a connection reaches, the replica too, is this same machine. */
export function isHere({ host, replica }: Pick<FirmConnection, 'host' | 'replica'>): boolean {
  return isLoopback(host) && isLoopback(replica?.host ?? host);
}
