import type { App } from '../../ipc/connection.ts';
import type { Dialogs } from '../host.ts';
import { openLine } from '../line.ts';
import type { CorePort } from './core-port.ts';
import type { FromCoreProcess } from './core-messages.ts';

type Question = Extract<FromCoreProcess, { type: 'ask' }>['ask'];

/** Dialogs as core sees them: main owns the windows, so main is asked. `take` gets the answers. */
export function createRemoteDialogs(port: CorePort): { dialogs: Dialogs; take(question: number, value: string | boolean | null): void } {
  const waiting = new Map<number, (value: string | boolean | null) => void>();
  let asked = 0;
  const ask = (what: Question) =>
    new Promise<string | boolean | null>((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      port.send({ type: 'ask', question: asked, ask: what });
    });
  return {
    dialogs: {
      chooseFolder: async () => {
        const answer = await ask({ what: 'chooseFolder' });
        return typeof answer === 'string' ? answer : null;
      },
      reveal: async (path) => (await ask({ what: 'reveal', path })) === true,
    },
    take: (question, value) => {
      waiting.get(question)?.(value);
      waiting.delete(question);
    },
  };
}

/** Serves every window of Electron until main says stop or is gone. */
export async function serveCore(port: CorePort, createApp: (dialogs: Dialogs) => Promise<App>): Promise<void> {
  const lines = new Map<number, ReturnType<typeof openLine>>();
  const { dialogs, take } = createRemoteDialogs(port);
  const app = await createApp(dialogs);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void app.stop().finally(() => process.exit());
  };
  port.onLost(stop);
  // In a terminal Ctrl-C reaches this process too; main decides when core ends, after the windows.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', stop);
  port.onMessage((message) => {
    switch (message.type) {
      case 'connect':
        lines.set(
          message.line,
          openLine(app, message.windowKey, (sent) => port.send({ type: 'message', line: message.line, message: sent })),
        );
        return;
      case 'call':
        return lines.get(message.line)?.take(message.message);
      case 'disconnect':
        lines.get(message.line)?.close();
        return void lines.delete(message.line);
      case 'answer':
        return take(message.question, message.value);
      case 'stop':
        return stop();
    }
  });
  port.send({ type: 'ready' });
}
