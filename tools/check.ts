import { runNode, seconds } from './processes.ts';

// Everything a machine can say about the source without running it. The slow ones side by side; each prints only when it fails.
const checks: { name: string; script: string; args: string[] }[] = [
  { name: 'types: main, shared, tests', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types: renderer', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.renderer.json'] },
  { name: 'types: end to end', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.e2e.json'] },
  { name: 'eslint', script: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings=0', '.'] },
  { name: 'prettier', script: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '--log-level=warn', '.'] },
  { name: 'who imports whom', script: 'tools/check-imports.ts', args: [] },
  { name: 'unused files, exports, packages', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
];

const SIDE_BY_SIDE = 2;
const wanted = process.argv.slice(2);
const queue = checks.filter((check) => wanted.length === 0 || wanted.some((word) => check.name.includes(word)));
if (queue.length === 0) throw new Error(`no check is called ${wanted.join(' ')}`);
let failed = 0;

async function work(): Promise<void> {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const { code, output, ms } = await runNode(check.script, check.args);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${seconds(ms)}  ${check.name}`);
    if (code === 0) continue;
    failed += 1;
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  }
}

await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
console.log(failed === 0 ? 'All checks passed.' : `${String(failed)} of the checks failed; what each found stands above.`);
process.exitCode = failed === 0 ? 0 : 1;
