import type { FromCore, ToCore } from '../../../shared/ipc/bridge.ts';

/** What Electron's main tells the core process. A `line` is one window's connection; numbers are never used twice. */
export type ToCoreProcess =
  | { type: 'connect'; line: number; windowKey: string }
  | { type: 'call'; line: number; message: ToCore }
  | { type: 'disconnect'; line: number }
  | { type: 'answer'; question: number; value: string | boolean | null }
  | { type: 'stop' };

/** What the core process tells Electron's main. */
export type FromCoreProcess =
  | { type: 'ready' }
  | { type: 'message'; line: number; message: FromCore }
  | { type: 'ask'; question: number; ask: { what: 'chooseFolder' } | { what: 'reveal'; path: string } };
