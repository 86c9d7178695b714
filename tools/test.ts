import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres } from '../src/main/admin/find-postgres.ts';
import { withoutSmallDisk } from '../test/support/find-mount.ts';
import { withoutPgBouncer } from '../test/support/find-pgbouncer.ts';
import { withoutStrace } from '../test/support/power/find-strace.ts';
import { withoutSwift } from '../test/support/find-swift.ts';
import { hasSampleFiles, withoutSampleFiles } from '../test/support/sample-files.ts';
import { findElectron } from './electron-binary.ts';
import { failedInPlaywright, failedInVitest, type FailedTest } from './failed-tests.ts';
import { root, runNode, seconds } from './processes.ts';

// Every test there is, one part after the other. `npm test -- unit pg` runs only those parts.
interface Count {
  passed: number;
  failed: number;
  /** Those of them that have a name. */
  named?: FailedTest[];
}
/** Why a part cannot run on this machine, and whether CI's machine must be able to. */
interface Cannot {
  cannot: string;
  mustOnCi: boolean;
}
type Part = { name: string; ms: number } & (Count | Cannot);

const isCi = Boolean(process.env.CI);
const reports = join(root, '.cache', 'tests');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

/** Reads a tool's own counts; a tool that failed without a failed test (nothing found, set-up broke) counts as one failure. */
function count(reportFile: string, code: number, read: (report: Record<string, unknown>) => Count): Count {
  let counted: Count = { passed: 0, failed: 0 };
  try {
    counted = read(JSON.parse(readFileSync(reportFile, 'utf8')) as Record<string, unknown>);
  } catch {
    // No report: the tool ended before its tests did, and its code says so.
  }
  if (counted.failed === 0 && (code !== 0 || counted.passed === 0)) counted.failed = 1;
  return counted;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

async function vitest(project: string): Promise<Part> {
  const file = join(reports, `${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ran = await runNode('node_modules/vitest/vitest.mjs', args, { show: true });
  // A skipped test proves nothing: it counts as failed.
  const counted = count(file, ran.code, (report) => ({
    passed: number(report.numPassedTests),
    failed: number(report.numFailedTests) + number(report.numPendingTests) + number(report.numTodoTests),
    named: failedInVitest(report),
  }));
  return { name: project, ms: ran.ms, ...counted };
}

async function playwright(project: string, options: { env?: NodeJS.ProcessEnv; wrap?: string[] } = {}): Promise<Part> {
  const file = join(reports, `e2e-${project}.json`);
  const env = { ...options.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  // Electrons one at a time: two that start at the same moment on two cores have hung before their first window
  const args = ['test', `--project=${project}`, '--reporter=list,json', ...(project === 'electron' ? ['--workers=1'] : [])];
  const ran = await runNode('node_modules/@playwright/test/cli.js', args, { ...options, env, show: true });
  const counted = count(file, ran.code, (report) => {
    const stats = report.stats as Record<string, unknown>;
    const failed = number(stats.unexpected) + number(stats.flaky) + number(stats.skipped);
    return { passed: number(stats.expected), failed, named: failedInPlaywright(report) };
  });
  return { name: `e2e ${project}`, ms: ran.ms, ...counted };
}

async function build(): Promise<string | null> {
  const ran = await runNode('tools/build.ts', ['--if-stale']);
  if (ran.code !== 0) console.error(ran.output);
  return ran.code === 0 ? null : 'the window or the main side could not be built; the reason stands above';
}

let built: Promise<string | null> | undefined;
async function e2e(project: 'browser' | 'electron'): Promise<Part> {
  const name = `e2e ${project}`;
  const broken = await (built ??= build());
  if (broken) return { name, ms: 0, passed: 0, failed: 1 };
  if (project === 'browser') return await playwright(project);

  // what Electron needs for tests lies beside the sample files; where neither is there CI cannot run it
  const mustOnCi = hasSampleFiles();
  const electron = findElectron({ forTests: true });
  if ('missing' in electron) return { name, ms: 0, cannot: electron.missing, mustOnCi };
  const env = { STENO_TEST_ELECTRON: electron.executable, ...(electron.standIn ? { STENO_CORE_NODE: process.execPath } : {}) };
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  if (hasDisplay) return await playwright(project, { env });
  if (spawnSync('xvfb-run', ['--help']).error) return { name, ms: 0, cannot: 'there is no display and no xvfb-run', mustOnCi };
  return await playwright(project, { env, wrap: ['xvfb-run', '-a', '--server-args=-screen 0 1440x900x24'] });
}

async function onPostgres15(): Promise<Part> {
  const missing = await findPostgres('15').then(
    () => null,
    (error: unknown) => (error as Error).message,
  );
  return missing === null ? await vitest('pg15') : { name: 'pg15', ms: 0, cannot: missing, mustOnCi: true };
}

const all: Record<string, () => Promise<Part>> = {
  unit: () => vitest('unit'),
  pg: () => vitest('pg'),
  pg15: onPostgres15,
  sim: () => vitest('sim'),
  browser: () => e2e('browser'),
  electron: () => e2e('electron'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in all));
if (unknown.length > 0) {
  const parts = Object.keys(all).join(', ');
  console.error(
    wanted.includes('--help')
      ? `npm test -- PART...; without one all of them: ${parts}`
      : `No part is called ${unknown.join(', ')}; there are ${parts}.`,
  );
  process.exit(wanted.includes('--help') ? 0 : 2);
}

const parts: Part[] = [];
for (const [name, run] of Object.entries(all)) {
  if (wanted.length === 0 || wanted.includes(name)) parts.push(await run());
}

let passed = 0;
let failed = 0;
console.log('');
for (const part of parts) {
  if ('cannot' in part) {
    const mustRun = isCi && part.mustOnCi;
    if (mustRun) failed += 1;
    console.log(`${part.name.padEnd(14)} ${mustRun ? 'FAILED' : 'not run'}: ${part.cannot}`);
    continue;
  }
  passed += part.passed;
  failed += part.failed;
  console.log(`${part.name.padEnd(14)} ${seconds(part.ms)}  ${String(part.passed)} passed, ${String(part.failed)} failed`);
  for (const { name, why } of part.named ?? []) console.log(`    ${name}\n        ${why}`);
}
const leftOut = withoutSampleFiles();
if (leftOut.length > 0)
  console.log(`left out: ${String(leftOut.length)} test files that read sample cases, because ../shared/data is not beside the project`);
if (withoutSwift().length > 0) console.log(`left out: ${withoutSwift().join(', ')}, because no S3-compatible store is on this machine`);
if (withoutPgBouncer().length > 0) console.log(`left out: ${withoutPgBouncer().join(', ')}, because PgBouncer is not on this machine`);
if (withoutStrace().length > 0)
  console.log(`left out: ${withoutStrace().join(', ')}, because strace is not on this machine, or may not look at a process`);
if (withoutSmallDisk().length > 0)
  console.log(`left out: ${withoutSmallDisk().join(', ')}, because no disk may be mounted here (Linux, root)`);
console.log(`${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
