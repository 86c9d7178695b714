import type pg from 'pg';
/** drains COPY with own framing, straight from the socket's chunks */
export function copyOut(client: pg.Client, text: string, onData: (b: Buffer, from: number, to: number) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let rest: Buffer | null = null; let rows = 0; let failed: unknown = null;
    const q = {
      submit(connection: any) {
        const stream = connection.stream; const handler = stream.listeners('data')[0]; stream.removeListener('data', handler);
        const onChunk = (chunk: Buffer) => {
          let b = rest ? Buffer.concat([rest, chunk]) : chunk; rest = null; let at = 0;
          while (b.length - at >= 5) {
            const code = b[at]!; const len = b.readUInt32BE(at + 1);
            if (code === 0x64) { if (b.length - at < len + 1) break; onData(b, at + 5, at + len + 1); at += len + 1; }
            else if (code === 0x48) { if (b.length - at < len + 1) break; at += len + 1; }
            else { stream.removeListener('data', onChunk); stream.on('data', handler); handler(b.subarray(at)); return; }
          }
          if (at < b.length) rest = b.subarray(at);
        };
        stream.on('data', onChunk);
        connection.query(text);
      },
      handleCommandComplete(m: any) { rows = Number(/COPY (\d+)/.exec(m.text)?.[1]); }, handleError(e: unknown) { failed = e; reject(e as Error); }, handleReadyForQuery() { if (!failed) resolve(rows); }, handleCopyData() {}, handleRowDescription() {}, handleDataRow() {},
    };
    client.query(q as any);
  });
}
