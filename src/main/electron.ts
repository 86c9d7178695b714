import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, shell } from 'electron';
import { keepCore } from './host/electron/core-keeper.ts';
import { forkCore } from './host/electron/core-process.ts';
import { setMenu } from './host/electron/menu.ts';
import { declareWindowScheme, serveWindowScheme } from './host/electron/window-scheme.ts';
import { createWindows } from './host/electron/windows.ts';

// Windows, menus, dialogs: thin on purpose. Everything that knows a matter or a letter runs in core, a process of its own.
// This file is bundled to out/main/electron.js, beside core.js and preload.cjs.
const beside = (path: string) => join(fileURLToPath(import.meta.url), '..', path);
const allowDevtools = !app.isPackaged;

declareWindowScheme();
// A second Steno on the same data would find everything locked; it shows the first one's window instead.
if (process.env.STENO_DATA_DIR) app.setPath('userData', join(process.env.STENO_DATA_DIR, 'window'));
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  // Before that no utility process can be forked.
  await app.whenReady();
  const core = keepCore({
    start: () => forkCore(beside('core.js')),
    answer: async (ask) => {
      if (ask.what === 'reveal') {
        shell.showItemInFolder(ask.path);
        return true;
      }
      const chosen = await dialog.showOpenDialog({ title: 'Choose a case folder', properties: ['openDirectory'] });
      return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
    },
    onGiveUp: () => {
      dialog.showErrorBox(
        'Steno cannot go on',
        'Its core ended several times in a minute. What you saved is safe. Start Steno again; if this returns, send steno.log to support.',
      );
      app.exit(1);
    },
  });

  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void core.stop(10_000).then(() => {
      isStopped = true;
      app.quit();
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  serveWindowScheme(beside('../renderer'), allowDevtools);
  const windows = createWindows(core, { preload: beside('preload.cjs'), allowDevtools });
  setMenu(windows.open, allowDevtools);
  app.on('second-instance', windows.showOne);
  app.on('activate', windows.showOne);
  windows.open();
}
