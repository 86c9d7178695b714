export type PostgresFailure = 'port_taken' | 'already_running' | 'other_version' | 'disk_full' | 'no_binaries' | 'no_user' | 'failed';

/** Why the built-in Postgres did not start; the message is a sentence for the user. */
export class EmbeddedPostgresError extends Error {
  readonly code: PostgresFailure;
  constructor(code: PostgresFailure, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** Names the failure behind what a program or the file system said. */
export function explainFailure(what: string, said: unknown): EmbeddedPostgresError {
  if (said instanceof EmbeddedPostgresError) return said;
  const text = said instanceof Error ? `${said.message} ${'code' in said ? String(said.code) : ''}` : String(said);
  if (/ENOSPC|EDQUOT|No space left|Disk quota/i.test(text)) {
    return new EmbeddedPostgresError(
      'disk_full',
      `${what}: the disk is full. Free some space and try again; nothing already saved was lost.`,
      said,
    );
  }
  if (/Address already in use|could not bind|EADDRINUSE|could not create any TCP\/IP sockets/i.test(text)) {
    return new EmbeddedPostgresError('port_taken', `${what}: another program uses that port.`, said);
  }
  if (/lock file .* already exists|Is another postmaster/i.test(text)) {
    return new EmbeddedPostgresError('already_running', `${what}: another Steno already runs on this data. Close it first.`, said);
  }
  if (/incompatible with server|initialized by PostgreSQL version/i.test(text)) {
    return new EmbeddedPostgresError('other_version', `${what}: the data was written by another version of Postgres.`, said);
  }
  return new EmbeddedPostgresError('failed', `${what}: ${text.trim().split('\n').at(-1) ?? 'no reason given'}`, said);
}
