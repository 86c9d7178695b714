import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/processes.ts';
import { desk } from './desk.ts';
import { evidence } from './evidence.ts';
import type { Measured } from './measure.ts';
import { server } from './server.ts';
import { sync } from './sync.ts';

// `npm run bench` measures everything, `npm run bench -- server` one part. Ratios of one run count, not seconds: machines differ.
// STENO_BENCH_SIZE=small measures on a firm a fiftieth of the size the goals speak of.
const suites: Record<string, () => Promise<Measured[]>> = { server, sync, evidence, desk };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  const parts = Object.keys(suites).join(', ');
  console.error(
    wanted.includes('--help')
      ? `npm run bench -- PART...; without one all of them: ${parts}`
      : `No part is called ${unknown.join(', ')}; there are ${parts}.`,
  );
  process.exit(wanted.includes('--help') ? 0 : 2);
}

const results: Record<string, Measured[]> = {};
for (const [name, run] of Object.entries(suites)) {
  if (wanted.length === 0 || wanted.includes(name)) results[name] = await run();
}
for (const [name, rows] of Object.entries(results)) {
  console.log(`\n${name}`);
  for (const { goal, what, value, unit, limit, met } of rows) {
    const verdict = met === null ? '' : met ? 'met' : 'MISSED';
    console.log(`  ${goal.padEnd(4)} ${what.padEnd(58)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(8)} ${limit.padEnd(22)} ${verdict}`);
  }
}
// what was not measured now stands as it was, with the day and the machine it was measured on
const path = join(root, 'bench', 'results.json');
const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
const machine = { node: process.version, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), platform: process.platform };
const size = process.env['STENO_BENCH_SIZE'] === 'small' ? 'small' : 'full';
const measured = Object.fromEntries(
  Object.entries(results).map(([name, figures]) => [name, { measuredAt: new Date().toISOString(), machine, size, figures }]),
);
mkdirSync(join(root, 'bench'), { recursive: true });
writeFileSync(path, `${JSON.stringify({ ...before, ...measured }, null, 2)}\n`);
