import './ui/styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import type { Bridge } from '../shared/ipc/bridge.ts';
import { App } from './app.tsx';
import { createLine } from './line.ts';

// zod would probe for eval, which the page's CSP forbids and reports.
config({ jitless: true });

const line = createLine();

async function connect(): Promise<Bridge | null> {
  if (window.steno) return window.steno;
  const { connectBrowser } = await import('./browser-bridge.ts');
  return connectBrowser(line);
}

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root');
const root = createRoot(element);
void connect().then((bridge) => {
  root.render(
    <StrictMode>
      <App bridge={bridge} line={line} />
    </StrictMode>,
  );
});
