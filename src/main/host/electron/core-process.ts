import { fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { FromCoreProcess, ToCoreProcess } from './core-messages.ts';

/** One run of core. */
export interface CoreProcess {
  send(message: ToCoreProcess): void;
  onMessage(take: (message: FromCoreProcess) => void): void;
  onExit(react: (code: number | null) => void): void;
  kill(): void;
}

/** A utility process of Electron; or, when STENO_CORE_NODE names a Node, that one (development under an older Electron). */
export function forkCore(script: string, ownNode = process.env.STENO_CORE_NODE): CoreProcess {
  if (ownNode) {
    // STENO_CORE_NODE is for this process only, and ELECTRON_RUN_AS_NODE would reach programs core starts.
    const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
    const child = fork(script, [], { execPath: ownNode, execArgv: [], env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    // A core that is already gone is reported by 'exit'; writing to it is not a second failure.
    child.on('error', () => undefined);
    return {
      send: (message) => void (child.connected && child.send(message, () => undefined)),
      onMessage: (take) => void child.on('message', (message) => take(message as FromCoreProcess)),
      onExit: (react) => void child.on('exit', react),
      kill: () => void child.kill('SIGKILL'),
    };
  }
  const child = utilityProcess.fork(script, [], { serviceName: 'Steno core', stdio: 'inherit' });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (take) => void child.on('message', (message) => take(message as FromCoreProcess)),
    onExit: (react) => void child.on('exit', react),
    kill: () => void child.kill(),
  };
}
