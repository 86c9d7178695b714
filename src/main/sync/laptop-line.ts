import type { FirmConnection } from '../../shared/setup.ts';
import { createLine } from './pg-line.ts';
import { LaptopPolicy } from './remote.ts';

/** What a laptop says once its copy is gone. */
export interface Erased {
  changes: number;
  files: number;
  rescue: 'nothing' | 'file' | 'sealed_store' | 'lost';
}

/** A laptop and its firm, apart from rows and files. Every method may reject with RemoteError and may be repeated. */
export interface LaptopLine {
  /** Rejects with `revoked` where the copy must be erased, with `unauthenticated` where the session is over. */
  policy(): Promise<LaptopPolicy>;
  erased(report: Erased): Promise<void>;
  close(): Promise<void>;
}

/** A token is good for this also when its session is over: by it the firm knows the laptop. */
export function createLaptopLine(connection: FirmConnection, token: string): LaptopLine {
  const line = createLine(connection);
  return {
    policy: async () => LaptopPolicy.parse((await line.one<{ policy: unknown }>('select app.laptop_policy($1) as policy', [token])).policy),
    async erased({ changes, files, rescue }) {
      await line.one('select app.erased($1, $2, $3, $4)', [token, changes, files, rescue]);
    },
    close: () => line.close(),
  };
}
