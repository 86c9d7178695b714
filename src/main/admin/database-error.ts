import type { AppError } from '../../shared/errors.ts';

const lostConnection = /^(08|57P0[123])/;
const lostSocket = /^(ECONNRESET|EPIPE|ECONNREFUSED|ETIMEDOUT)$/;

/**
 * What went wrong between an administrator's command and the server, where IT can do something about it; null for anything else, which is
 * a bug. `doing` is what was under way ("step 0004_letter"), `safe` what is true of the database now.
 */
export function explainDatabaseError(error: unknown, doing: string, safe: string): AppError | null {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (lostConnection.test(code) || lostSocket.test(code) || /^Connection terminated|not queryable/.test(message))
    return { code: 'offline', reason: `The connection was lost during ${doing}. ${safe} Run the command again once the server answers.` };
  if (code.startsWith('23')) {
    const rule = (error as { constraint?: string }).constraint ?? code;
    const reason = `Rows there do not fit what ${doing} brings (rule ${rule}). ${safe} Change or remove those rows, then run it again.`;
    return { code: 'conflict', what: 'the database', reason };
  }
  switch (code) {
    case '42501':
      return { code: 'forbidden', what: 'the database', reason: `The user in the address may not do ${doing}; use a superuser. ${safe}` };
    case '55P03':
      return {
        code: 'conflict',
        what: 'the database',
        reason: `During ${doing} a table stayed in use by others for too long. ${safe} Run it again when fewer people work, or end the long transaction (steno admin doctor names it).`,
      };
    case '57014':
      return { code: 'cancelled', what: doing };
    case '53100':
      return {
        code: 'full',
        what: `the database on the server's disk`,
        reason: `It filled up during ${doing}. ${safe} Free some space there and run it again.`,
      };
    case '53300':
      return { code: 'offline', reason: `The server has no connection left for ${doing} (max_connections). ${safe}` };
    case '40P01':
      return { code: 'conflict', what: 'the database', reason: `${doing} and other work waited for each other. ${safe} Run it again.` };
    default:
      return null;
  }
}
