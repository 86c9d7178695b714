import type { AppError } from '../../shared/errors.ts';
import { RemoteError } from './remote.ts';

const offline: AppError = {
  code: 'offline',
  reason: 'Everything you do is kept on this laptop and goes to the firm when the network is back.',
};

const connecting = { code: 'provider_failed' as const, what: "connecting to the firm's server" };
/** The login that all laptops of a firm share is not taken. */
export const refusedLogin: AppError = {
  ...connecting,
  reason: 'It refuses the connection settings of this laptop. Ask your IT for a new settings file.',
};
/** The server is there, the database that the settings name is not. */
export const noDatabase: AppError = {
  ...connecting,
  reason: 'The database that this laptop’s settings name is not on it. Ask your IT for a new settings file.',
};

/** What a failure of Postgres or its line means to the person. Unknown SQL errors are bugs and stay as they are. */
export function toRemoteError(error: unknown): RemoteError {
  if (error instanceof RemoteError) return error;
  const code = (error as { code?: string } | null)?.code ?? '';
  const message = error instanceof Error ? error.message : '';
  if (code === 'SN401')
    return new RemoteError({
      code: 'unauthenticated',
      reason: 'Your session at the firm has ended. Sign in again; your work here is kept.',
    });
  if (code === 'SN410')
    return new RemoteError({
      code: 'revoked',
      reason: 'It may not open the firm’s data any more. Steno saves what the firm does not have yet, then erases its copy.',
    });
  if (code === 'SN429')
    return new RemoteError({ code: 'rate_limited', retryAfterMs: Number((error as { detail?: string }).detail) * 1000 });
  if (code === 'SN001')
    return new RemoteError({ code: 'forbidden', what: 'this change', reason: 'A rule of the firm’s database is against it.' });
  if (code === 'SN403') return new RemoteError({ code: 'forbidden', what: "the firm's files", reason: 'Your role may read them only.' });
  // PgBouncer says all of its own failures under one code
  const fromPooler = code === '08P01' ? message : '';
  if (code === '28P01' || code === '28000' || fromPooler.includes('authentication failed')) {
    return new RemoteError(refusedLogin);
  }
  if (code === '3D000' || /database .* does not exist|no such database/.test(fromPooler)) return new RemoteError(noDatabase);
  if (code === '53100')
    return new RemoteError({
      code: 'full',
      what: "the firm's data on its server",
      reason: 'Your work is kept on this laptop. Tell your IT that the server is full.',
    });
  if (/certificate|self-signed|CERT_|altname/i.test(`${code} ${message}`)) {
    return new RemoteError({
      code: 'provider_failed',
      what: "checking the firm's server certificate",
      reason: 'The server could not prove that it is your firm’s, so nothing was sent. Ask your IT; do not go on over this network.',
    });
  }
  const isLine =
    /^(E[A-Z]+|08...|57P0.|53300)$/.test(code) || /timeout|terminated|Connection|not queryable|does not support SSL/i.test(message);
  if (isLine) return new RemoteError(offline);
  throw error;
}
