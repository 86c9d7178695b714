import { BrowserWindow, ipcMain } from 'electron';
import { asToCore } from '../line.ts';
import type { CoreKeeper } from './core-keeper.ts';
import { WINDOW_ORIGIN } from './window-scheme.ts';

export interface WindowOptions {
  preload: string;
  allowDevtools: boolean;
}

type Line = ReturnType<CoreKeeper['connect']>;

/** Opens windows and joins each to core by who it is, never by what it says it is. */
export function createWindows(core: CoreKeeper, options: WindowOptions): { open(): void; showOne(): void } {
  const lines = new Map<number, Line>();

  ipcMain.on('steno:to-core', (event, content: unknown) => {
    // Only the window's own page speaks: not a frame in it, not another address.
    if (event.senderFrame !== event.sender.mainFrame || !event.senderFrame.url.startsWith(`${WINDOW_ORIGIN}/`)) return;
    const message = asToCore(content);
    if (message) lines.get(event.sender.id)?.take(message);
  });

  const open = () => {
    const window = new BrowserWindow({
      width: 1360,
      height: 880,
      minWidth: 900,
      minHeight: 600,
      show: false,
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false, // the dictionary would be fetched from the network
        devTools: options.allowDevtools,
      },
    });
    const contents = window.webContents;
    const { id } = contents;
    const send = (message: unknown) => {
      if (!contents.isDestroyed()) contents.send('steno:from-core', message);
    };
    lines.set(id, core.connect({ key: `electron-${String(window.id)}`, send }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    // A page that crashed comes back; core still has everything it was given.
    contents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) contents.reload();
    });
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      lines.get(id)?.close();
      lines.delete(id);
    });
    void window.loadURL(`${WINDOW_ORIGIN}/index.html`).catch(() => undefined);
  };

  const showOne = () => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) open();
    else {
      if (window.isMinimized()) window.restore();
      window.focus();
    }
  };
  return { open, showOne };
}
