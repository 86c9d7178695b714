import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import { createPostgresRemote } from './postgres.ts';
import { RemoteError } from './remote.ts';

/**
 * Asks the firm's server whose session nobody's token is. The refusal proves network, certificate, login and schema, and unlike a
 * sign-in it is not counted, so that a hundred laptops can be set up in one morning. Errors: those of RemoteError.
 */
export async function probeServer(connection: FirmConnection): Promise<Outcome<Nothing>> {
  const remote = createPostgresRemote(connection, '');
  try {
    await remote.whoami();
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return error.error.code === 'unauthenticated' ? ok({}) : err(error.error);
  } finally {
    await remote.close();
  }
  throw new Error('the firm’s server knows a session without a token');
}
