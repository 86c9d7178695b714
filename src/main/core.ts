import { createApp } from './app.ts';
import { findCorePort } from './host/electron/core-port.ts';
import { serveCore } from './host/electron/serve-core.ts';
import { createNodeHost } from './host/node-host.ts';

// The core process under Electron: everything but windows. The same createApp serves the browser host and the command line.
await serveCore(findCorePort(), async (dialogs) => createApp(await createNodeHost({ kind: 'electron', dialogs })));
