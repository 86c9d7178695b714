import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// The bootstrap in a project of its own, with an npm that only pretends.
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'steno-run-'));
  for (const folder of ['tools', 'bin', 'src/main']) await mkdir(join(root, folder), { recursive: true });
  await cp(join(import.meta.dirname, '../../tools/run.mjs'), join(root, 'tools/run.mjs'));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(join(root, 'package-lock.json'), '{"packages":{}}');
  await writeFile(
    join(root, 'src/main/cli.ts'),
    "const [word]: string[] = process.argv.slice(2);\nconsole.log('ran', word, process.env.npm_config_nodedir ?? '-');",
  );
  await npm('echo x >> installs; sleep 0.5; mkdir -p node_modules');
});
afterEach(() => rm(root, { recursive: true }));

const npm = (script: string) => writeFile(join(root, 'bin/npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

function start(...args: string[]): ChildProcess {
  const { npm_execpath: _, INIT_CWD: __, ...env } = process.env;
  const PATH = [join(root, 'bin'), env.PATH].join(delimiter);
  return spawn(process.execPath, [join(root, 'tools/run.mjs'), ...args], { cwd: root, env: { ...env, PATH, npm_config_nodedir: '/old' } });
}
async function run(...args: string[]): Promise<{ code: unknown; signal: unknown; said: string }> {
  const child = start(...args);
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [unknown, unknown];
  return { code, signal, said };
}
const installs = async () => (await readFile(join(root, 'installs'), 'utf8').catch(() => '')).split('\n').length - 1;

test('packages are installed once, and again only when the lock file changed', async () => {
  expect(await run('steno', 'hello')).toEqual({
    code: 0,
    signal: null,
    said: expect.stringMatching(/^steno: installing .*\nran hello -\n$/),
  });
  expect((await run('steno', 'hello')).said).toBe('ran hello -\n');
  await writeFile(join(root, 'package-lock.json'), '{"packages":{"":{}}}');
  expect((await run('steno', 'hello')).said).toMatch(/^steno: installing/);
  expect(await installs()).toBe(2);
});

test('two at once install once', async () => {
  const both = await Promise.all([run('steno', 'a'), run('demo')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.map(({ said }) => said.split('\n').at(-2))).toEqual(['ran a -', 'ran demo -']);
  expect(await installs()).toBe(1);
});

test('a lock left by a process that died is taken over', async () => {
  await mkdir(join(root, '.cache/install.lock'), { recursive: true });
  const dead = spawn('true');
  await once(dead, 'exit');
  await writeFile(join(root, '.cache/install.lock/pids'), String(dead.pid));
  expect((await run('steno', 'hello')).code).toBe(0);
});

test('an installation whose starter was killed is waited for, not joined', async () => {
  await npm('echo start >> log; sleep 1; mkdir -p node_modules; echo end >> log');
  const first = start('steno', 'hello');
  if (first.stdout) await once(first.stdout, 'data');
  await vi.waitFor(async () => expect(await readFile(join(root, 'log'), 'utf8')).toBe('start\n'), { timeout: 5000 });
  first.kill('SIGKILL');
  expect((await run('steno', 'hello')).code).toBe(0);
  expect(await readFile(join(root, 'log'), 'utf8')).toBe('start\nend\nstart\nend\n');
});

test('a failed installation says in plain words what to do, and is tried again next time', async () => {
  await npm('echo "npm error code ENOTFOUND" >&2; exit 1');
  const failed = await run('steno', 'hello');
  expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('no connection to the npm registry') });
  await npm('mkdir -p node_modules');
  expect((await run('steno', 'hello')).code).toBe(0);
});

test("the task's exit code and signals pass through", async () => {
  await writeFile(
    join(root, 'src/main/cli.ts'),
    "if (process.argv[2] === 'seven') process.exit(7);\nconsole.log('up');\nsetInterval(() => {}, 1000);",
  );
  expect((await run('steno', 'seven')).code).toBe(7);
  const child = start('steno', 'wait');
  if (child.stdout) await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('an unknown task names those there are', async () => {
  expect(await run('deploy')).toMatchObject({ code: 1, said: expect.stringContaining('demo, steno, start, test, bench, check, build') });
});
