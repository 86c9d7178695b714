import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildAll } from './build.ts';
import { findElectron } from './electron-binary.ts';
import { root } from './processes.ts';

// `npm start`: a window of its own where Electron can be had, else the same window in the user's browser.
await buildAll(true);

const args = process.argv.slice(2);
const wantsBrowser = args.includes('--browser');
const noDisplay = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
const electron = wantsBrowser ? null : noDisplay ? { missing: 'this machine has no display' } : findElectron({ forTests: false });

if (electron && 'missing' in electron) console.log(`Electron is not used (${electron.missing}); Steno opens in the browser instead.`);
const child =
  electron && 'executable' in electron
    ? spawn(electron.executable, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...args], {
        stdio: 'inherit',
        env: { ...process.env, ...(electron.standIn ? { STENO_CORE_NODE: process.execPath } : {}) },
      })
    : spawn(process.execPath, [join(root, 'src/main/browser.ts'), ...args.filter((arg) => arg !== '--browser')], { stdio: 'inherit' });

process.on('SIGTERM', () => child.kill('SIGTERM'));
// Ctrl-C reaches the child by itself; we only wait for it to end well.
process.on('SIGINT', () => undefined);
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
