import type pg from 'pg';

/** Where a base backup goes as it arrives. Called in order, and waited for: nothing more is read before it returns. */
export interface BaseSink {
  /** A new archive (base.tar) or the manifest follows. */
  begin(file: string): void;
  write(bytes: Buffer): void;
  progress(doneBytes: number, totalBytes: number): void;
}

export interface BaseRange {
  startLsn: string;
  endLsn: string;
  timeline: number;
}

/** WAL true: the backup carries what makes it consistent. SHA256: each of its files can be checked by its name later. */
const command = "BASE_BACKUP (LABEL 'steno', PROGRESS true, CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')";

/**
 * Runs the replication protocol's BASE_BACKUP (the form that Postgres 15 and newer answer: one COPY stream of marked messages) on a line that
 * was opened with `replication: 'database'`. The sink writes synchronously: the next piece leaves the socket once this one is written, so
 * memory stays the same whatever the size. Rejects with the server's error, or with the sink's own.
 */
export async function streamBaseBackup(line: pg.Client, sink: BaseSink): Promise<BaseRange> {
  // The segments written meanwhile are sent last; the slot, which ends with this line, keeps the server from recycling them before.
  await line.query(`CREATE_REPLICATION_SLOT steno_backup_${String(process.pid)} TEMPORARY PHYSICAL RESERVE_WAL`);
  return await new Promise((resolve, reject) => line.query(baseBackupQuery(sink, resolve, reject)));
}

/** The handlers that the Postgres client calls on whatever is given to `query` beside text. */
function baseBackupQuery(sink: BaseSink, resolve: (range: BaseRange) => void, reject: (error: Error) => void) {
  /** Rows of the plain results before and after the stream: start position, tablespaces, end position. */
  const rows: (string | null)[][] = [];
  let failure: Error | null = null;
  let totalBytes = 0;

  function receive(bytes: Buffer): void {
    switch (String.fromCharCode(bytes[0] ?? 0)) {
      case 'n': {
        const path = bytes.subarray(bytes.indexOf(0) + 1, -1).toString();
        if (path !== '') throw new Error(`the server keeps data outside its data directory, in ${path}`);
        sink.begin(bytes.subarray(1, bytes.indexOf(0)).toString());
        return;
      }
      case 'm':
        sink.begin('backup_manifest');
        return;
      case 'd':
        sink.write(bytes.subarray(1));
        return;
      case 'p':
        sink.progress(Number(bytes.readBigInt64BE(1)), totalBytes);
        return;
      default:
        throw new Error('the server speaks another form of BASE_BACKUP');
    }
  }

  return {
    submit: (connection: pg.Connection) => connection.query(command),
    handleRowDescription: () => undefined,
    handleDataRow({ fields }: { fields: (string | null)[] }) {
      rows.push(fields);
      // the tablespaces' sizes, in kB, stand in their third column
      if (fields.length > 2) totalBytes += Number(fields[2] ?? 0) * 1024;
    },
    handleCommandComplete: () => undefined,
    handleEmptyQuery: () => undefined,
    handleCopyData({ chunk }: { chunk: Buffer }, connection: pg.Connection) {
      if (failure) return;
      try {
        receive(chunk);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        connection.stream.destroy();
      }
    },
    handleError(error: Error) {
      reject(failure ?? error);
    },
    handleReadyForQuery() {
      const [start, end] = [rows[0], rows.at(-1)];
      resolve({ startLsn: start?.[0] ?? '', endLsn: end?.[0] ?? '', timeline: Number(start?.[1]) });
    },
  };
}
