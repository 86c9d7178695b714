import { spawnSync } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
import { startOwnServer } from '/work/main/src/main/admin/admin.ts';
const s = await startOwnServer({ dataDir: null, durable: true, log: { info() {}, bug() { return ''; } } });
mkdirSync('/tmp/reports', { recursive: true });
const run = (name: string, ...args: string[]) => {
  const t = Date.now();
  const r = spawnSync('node', ['/work/main/src/main/cli.ts', 'admin', ...args], { env: { ...process.env, STENO_ADMIN_URL: s.adminUrl }, encoding: 'utf8', maxBuffer: 1e9 });
  writeFileSync(`/tmp/reports/${name}.txt`, r.stdout);
  console.log(name, r.status, ((Date.now() - t) / 1000).toFixed(1) + ' s', r.stderr.split('\n').slice(-3).join(' | '));
};
run('seed', 'seed', '--size', 'large');
run('verify-isolation', 'verify-isolation');
run('verify-audit', 'verify-audit');
run('doctor', 'doctor');
run('status', 'status');
run('partitions', 'partitions', '--dry-run');
run('retention', 'retention', 'run', '--dry-run');
await s.stop();
