import type { Log } from '../../src/main/host/host.ts';

/** For tests that are not about the log. */
export const silentLog: Log = { info: () => undefined, bug: () => 'ref' };
