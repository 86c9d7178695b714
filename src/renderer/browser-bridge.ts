import type { Bridge } from '../shared/ipc/bridge.ts';
import type { Line } from './line.ts';
import { createSocketBridge, type SocketLike } from './socket-bridge.ts';

const tokenKey = 'steno.token';
const windowKeyKey = 'steno.windowKey';

/**
 * The bridge of a browser tab, or null where the tab was opened without the address Steno printed.
 * The run's token comes in the fragment, which no server log and no Referer ever sees, and leaves the address bar at once.
 */
export function connectBrowser(line: Line): Bridge | null {
  const token = takeToken();
  if (token === null) return null;
  const protocols = ['steno', `token.${token}`, `window.${windowKey()}`];
  return createSocketBridge(() => new WebSocket(`ws://${location.host}/core`, protocols) as SocketLike, line);
}

function takeToken(): string | null {
  const fresh = /^#token=([0-9a-f]{16,256})$/i.exec(location.hash)?.[1];
  if (fresh !== undefined) {
    sessionStorage.setItem(tokenKey, fresh);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(tokenKey);
}

/** Names this tab across reloads, so that a reloaded tab is still signed in. */
function windowKey(): string {
  const kept = sessionStorage.getItem(windowKeyKey);
  if (kept !== null) return kept;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(windowKeyKey, made);
  return made;
}
