import type { Store } from '../store/store.ts';
import { readFile } from '../sync/files/kept-files.ts';

/** Two documents may lie side by side. */
const most = 2;
const keptMs = 30_000;

/** The files whose pages are being looked at. */
export interface OpenFiles {
  /** A file's bytes, or null where they are not all on this laptop. Workers read them where they lie. */
  read(hash: string): Uint8Array | null;
}

/**
 * Each page that is drawn needs the whole file: it is decrypted once for as long as somebody turns its pages, and never copied to
 * the workers. What nobody looked at for a while is let go.
 */
export function createOpenFiles(store: Store): OpenFiles {
  const open = new Map<string, { bytes: Uint8Array; timer: NodeJS.Timeout }>();
  const close = (hash: string): void => {
    clearTimeout(open.get(hash)?.timer);
    open.delete(hash);
  };
  return {
    read(hash) {
      const known = open.get(hash)?.bytes ?? toShared(readFile(store, hash));
      close(hash);
      if (!known) return null;
      const timer = setTimeout(close, keptMs, hash);
      timer.unref();
      open.set(hash, { bytes: known, timer });
      for (const [oldest] of open) if (open.size > most) close(oldest);
      return known;
    },
  };
}

function toShared(bytes: Uint8Array | null): Uint8Array | null {
  if (!bytes) return null;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
