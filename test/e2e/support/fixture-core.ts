import { findCorePort } from '../../../src/main/host/electron/core-port.ts';
import { serveCore } from '../../../src/main/host/electron/serve-core.ts';
import type { App } from '../../../src/main/ipc/connection.ts';

// A core without features, for tests of the shell: it echoes, tells, asks, crashes and hangs on request.
await serveCore(findCorePort(), (dialogs) => {
  const app: App = {
    connect: (windowKey, send) => ({
      call: async (name, input) => {
        const wish = JSON.stringify(input);
        if (wish.includes('crash')) process.exit(3);
        if (wish.includes('hang')) await new Promise(() => undefined);
        if (wish.includes('tell')) send('setup.progress', { text: 'told' });
        const folder = wish.includes('folder') ? await dialogs.chooseFolder?.() : undefined;
        return { ok: true, value: { windowKey, name, input, folder, pid: process.pid, node: process.versions.node } };
      },
      close: () => undefined,
    }),
    stop: () => Promise.resolve(),
  };
  return Promise.resolve(app);
});
