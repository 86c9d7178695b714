import { protocol, session } from 'electron';
import { readWindowFile, windowHeaders } from '../window-files.ts';

/** Where windows come from: a scheme of our own, so that their origin is neither a file nor a web site. */
export const WINDOW_ORIGIN = 'steno://app';

/** Must run before Electron is ready. */
export function declareWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'steno', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Serves the built window, and lets the session load nothing else and be granted nothing (R15). */
export function serveWindowScheme(rendererDir: string, allowDevtools: boolean): void {
  const headers = windowHeaders([]);
  protocol.handle('steno', async (request) => {
    const url = new URL(request.url);
    const file = url.host === 'app' ? await readWindowFile(rendererDir, url.pathname) : null;
    if (!file) return new Response('Not here.', { status: 404, headers });
    return new Response(new Uint8Array(file.body), { headers: { ...headers, 'Content-Type': file.type } });
  });
  const allowed = ['steno:', 'data:', 'blob:', ...(allowDevtools ? ['devtools:'] : [])];
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !allowed.includes(URL.parse(details.url)?.protocol ?? '') });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event) => event.preventDefault());
}
