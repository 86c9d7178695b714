import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';

/** Fewer modules than this means that the cruiser looked in the wrong place or could not read TypeScript. */
const FLOOR = 180;

export interface ImportReport {
  modules: number;
  /** One sentence each; empty when the tree keeps the table in ARCHITECTURE.md. */
  problems: string[];
}

/** Checks who imports whom under `root`/src. A pass over too few modules is itself a problem. */
export async function checkImports(root: string, floor = FLOOR): Promise<ImportReport> {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: IFlattenedRuleSet['forbidden'];
    options: ICruiseOptions;
  };
  const ruleSet: IFlattenedRuleSet = config.forbidden ? { forbidden: config.forbidden } : {};
  const options: ICruiseOptions = { ...config.options, baseDir: root, ruleSet, validate: true };
  const { output } = await cruise(['src'], options);
  const result = output as ICruiseResult;
  const cruised = new Set(result.modules.map((module) => module.source));
  const onDisk = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  const modules = onDisk.filter((path) => cruised.has(path)).length;
  const imports = result.modules
    .filter((module) => module.source.startsWith('src/'))
    .reduce((sum, module) => sum + module.dependencies.length, 0);

  const problems = result.summary.violations.map((found) => `${found.from} -> ${found.to} (${found.rule.name})`);
  if (modules < floor) problems.push(`only ${String(modules)} modules were read, at least ${String(floor)} are expected`);
  problems.push(...onDisk.filter((path) => !cruised.has(path)).map((path) => `${path} was not read`));
  if (imports < modules / 2) problems.push(`only ${String(imports)} imports were seen in ${String(modules)} modules`);
  return { modules, problems };
}

if (import.meta.main) {
  const { modules, problems } = await checkImports(join(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  console.log(`${String(modules)} modules, ${String(problems.length)} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
