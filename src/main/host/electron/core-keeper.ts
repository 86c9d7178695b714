import type { FromCore, ToCore } from '../../../shared/ipc/bridge.ts';
import type { FromCoreProcess } from './core-messages.ts';
import type { CoreProcess } from './core-process.ts';

/** A window as the keeper sees it. */
export interface KeptWindow {
  key: string;
  send(message: FromCore): void;
}

export interface CoreKeeper {
  /** Joins a window to core now and to every later core, should this one crash. */
  connect(window: KeptWindow): { take(message: ToCore): void; close(): void };
  /** Asks core to put everything on disk and end; ends it by force when it does not. */
  stop(timeoutMs: number): Promise<void>;
}

interface Options {
  start(): CoreProcess;
  answer(ask: Extract<FromCoreProcess, { type: 'ask' }>['ask']): Promise<string | boolean | null>;
  /** Core crashed more often than can be accident. */
  onGiveUp(): void;
}

const coreGone = {
  ok: false,
  error: { code: 'core_gone', reason: 'The Steno core stopped and is starting again. What was saved is safe; try this once more.' },
} as const;
const CRASHES_ALLOWED = 5;
const WITHIN_MS = 60_000;

interface Line {
  window: KeptWindow;
  /** Its number with the current core. */
  number: number;
  /** Calls core has not answered; after a crash nobody knows whether they were done. */
  open: Set<number>;
}

/** Keeps a core running: starts it again after a crash, joins the windows to the new one and answers the calls the old one took with it. */
export function keepCore(options: Options): CoreKeeper {
  const lines = new Set<Line>();
  const crashes: number[] = [];
  let lastLine = 0;
  let isReady = false;
  let waiting: (() => void)[] = [];
  let ended: (() => void) | null = null;
  let core = launch();

  function launch(): CoreProcess {
    isReady = false;
    const started = options.start();
    started.onMessage((message) => take(started, message));
    started.onExit(() => lost());
    return started;
  }

  function whenReady(act: () => void): void {
    if (isReady) act();
    else waiting.push(act);
  }

  function join(line: Line): void {
    line.number = lastLine += 1;
    core.send({ type: 'connect', line: line.number, windowKey: line.window.key });
  }

  function take(from: CoreProcess, message: FromCoreProcess): void {
    if (message.type === 'ready') {
      isReady = true;
      for (const line of lines) join(line);
      const acts = waiting;
      waiting = [];
      for (const act of acts) act();
    } else if (message.type === 'message') {
      const line = [...lines].find((candidate) => candidate.number === message.line);
      if ('id' in message.message) line?.open.delete(message.message.id);
      line?.window.send(message.message);
    } else {
      const reply = (value: string | boolean | null) => from.send({ type: 'answer', question: message.question, value });
      options.answer(message.ask).then(reply, () => reply(null));
    }
  }

  function lost(): void {
    isReady = false;
    waiting = [];
    for (const line of lines) {
      const open = [...line.open];
      line.open.clear();
      for (const id of open) line.window.send({ id, outcome: coreGone });
    }
    if (ended) return ended();
    const now = Date.now();
    crashes.push(now);
    if (crashes.filter((at) => now - at < WITHIN_MS).length > CRASHES_ALLOWED) return options.onGiveUp();
    core = launch();
  }

  return {
    connect: (window) => {
      const line: Line = { window, number: 0, open: new Set() };
      lines.add(line);
      if (isReady) join(line);
      return {
        take: (message) => {
          line.open.add(message.id);
          whenReady(() => core.send({ type: 'call', line: line.number, message }));
        },
        close: () => {
          lines.delete(line);
          if (isReady) core.send({ type: 'disconnect', line: line.number });
        },
      };
    },
    stop: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => core.kill(), timeoutMs);
        ended = () => {
          clearTimeout(timer);
          resolve();
        };
        core.send({ type: 'stop' });
        // A core that is still starting listens to nothing yet, and has nothing to put on disk.
        if (!isReady) core.kill();
      }),
  };
}
