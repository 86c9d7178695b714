import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the windows only; main and preload are compiled by tsc. Relative paths, so any host can serve the folder. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../out/renderer',
    emptyOutDir: true,
    target: 'es2022',
    // Every window runs a Chromium that has module preload itself.
    modulePreload: { polyfill: false },
    // The editor's chunk is loaded on its own when a letter opens.
    chunkSizeWarningLimit: 900,
  },
});
