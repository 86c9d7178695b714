/** A connection to the firm's Postgres that comes about when it is first needed. */
export interface Line {
  /** Runs one statement that returns one row, connecting first where needed. */
  one<R>(sql: string, values: unknown[]): Promise<R>;
  close(): Promise<void>;
}

/** Lines that files take up at most; rows have their own, so that a long file never stands before them. */
const mostLines = 3;
/** A line that nobody needed this long is given back to the server. */
const idleMs = 15_000;

/** A few lines for many calls: each goes to the one with the least to do. A hundred laptops at rest hold none. */
export function createLines(open: () => Line): Line {
  const lines: { line: Line; pending: number; idle: NodeJS.Timeout | undefined }[] = [];
  let isClosed = false;
  return {
    async one<R>(sql: string, values: unknown[]): Promise<R> {
      let used = lines.toSorted((a, b) => a.pending - b.pending)[0];
      if (!used || (used.pending > 0 && lines.length < mostLines && !isClosed)) {
        used = { line: open(), pending: 0, idle: undefined };
        lines.push(used);
      }
      const taken = used;
      clearTimeout(taken.idle);
      taken.pending += 1;
      try {
        if (isClosed) await taken.line.close(); // which then says so
        return await taken.line.one<R>(sql, values);
      } finally {
        taken.pending -= 1;
        if (taken.pending === 0 && !isClosed) {
          taken.idle = setTimeout(() => {
            lines.splice(lines.indexOf(taken), 1);
            void taken.line.close();
          }, idleMs);
          taken.idle.unref();
        }
      }
    },
    async close() {
      isClosed = true;
      for (const { line, idle } of lines) {
        clearTimeout(idle);
        await line.close();
      }
    },
  };
}
