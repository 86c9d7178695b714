import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkImports } from '../../tools/check-imports.ts';

// A small tree that keeps every rule; each test plants one violation and sees it named.
const root = await mkdtemp(join(tmpdir(), 'steno-imports-'));
const clean: Record<string, string> = {
  'src/shared/a.ts': "import { z } from 'zod';\nexport const a = z;",
  'src/main/store/store.ts': "import { a } from '../../shared/a.ts';\nimport db from 'better-sqlite3';\nexport const store = [a, db];",
  'src/main/facts/facts.ts': "import { store } from '../store/store.ts';\nexport const facts = store;",
  'src/main/facts/inner.ts': 'export const inner = 1;',
  'src/main/letters/letters.ts': "import { facts } from '../facts/facts.ts';\nexport const letters = facts;",
  'src/main/app.ts': "import { letters } from './letters/letters.ts';\nexport const app = letters;",
  'src/renderer/main.tsx': "import { a } from '../shared/a.ts';\nexport const view = a;",
};
async function plant(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
beforeAll(async () => {
  await plant(clean);
  await symlink(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'));
});
afterAll(() => rm(root, { recursive: true }));

async function problemsWith(path: string, text: string): Promise<string> {
  await plant({ [path]: text });
  try {
    return (await checkImports(root, 7)).problems.join('\n');
  } finally {
    if (path in clean) await plant({ [path]: clean[path] ?? '' });
    else await rm(join(root, path));
  }
}

test('the clean tree passes, and the same tree fails when more modules are expected', async () => {
  expect(await checkImports(root, 7)).toEqual({ modules: 7, problems: [] });
  expect((await checkImports(root, 8)).problems).toEqual(['only 7 modules were read, at least 8 are expected']);
});

test.each([
  ['shared-is-pure', 'src/shared/b.ts', "import { readFileSync } from 'node:fs';\nexport const b = readFileSync;"],
  ['shared-is-pure', 'src/shared/b.ts', "import { store } from '../main/store/store.ts';\nexport const b = store;"],
  ['renderer-stays-in', 'src/renderer/b.tsx', "import type { store } from '../main/store/store.ts';\nexport type B = typeof store;"],
  ['renderer-no-node', 'src/renderer/b.tsx', "import { join } from 'node:path';\nexport const b = join;"],
  ['renderer-no-main-library', 'src/renderer/b.tsx', "import pg from 'pg';\nexport const b = pg;"],
  ['engines-below', 'src/main/sync/b.ts', "import { facts } from '../facts/facts.ts';\nexport const b = facts;"],
  ['features-by-the-door', 'src/main/letters/b.ts', "import { inner } from '../facts/inner.ts';\nexport const b = inner;"],
  ['features-by-the-door', 'src/main/letters/b.ts', "import { app } from '../app.ts';\nexport const b = app;"],
  ['known-rooms', 'src/main/helpers/b.ts', 'export const b = 1;\n'],
  [
    'no-cycles',
    'src/main/facts/inner.ts',
    "import { letters } from '../letters/letters.ts';\nimport { facts } from './facts.ts';\nexport const inner = [letters, facts];",
  ],
  ['resolves', 'src/main/facts/b.ts', "import { gone } from './gone.ts';\nexport const b = gone;"],
  ['pg-only-there', 'src/main/letters/b.ts', "import pg from 'pg';\nexport const b = pg;"],
  ['better-sqlite3-only-there', 'src/main/letters/b.ts', "import db from 'better-sqlite3';\nexport const b = db;"],
  ['electron-only-there', 'src/main/letters/b.ts', "import { app } from 'electron';\nexport const b = app;"],
  ['yjs-only-there', 'src/main/letters/b.ts', "import * as Y from 'yjs';\nexport const b = Y;"],
  ['preload-is-thin', 'src/main/host/electron/preload.ts', "import { a } from '../../../shared/a.ts';\nexport const b = a;"],
])('%s: %s', async (rule, path, text) => {
  // Two rules look at an edge, not at a file: what they name is planted with an edge to it.
  const edge = rule === 'known-rooms' ? "import { b } from '../helpers/b.ts';\nexport const c = b;" : null;
  if (edge) await plant({ 'src/main/store/c.ts': edge });
  if (rule === 'no-cycles') await plant({ 'src/main/facts/facts.ts': "import { inner } from './inner.ts';\nexport const facts = inner;" });
  try {
    expect(await problemsWith(path, text)).toContain(`(${rule})`);
  } finally {
    if (edge) await rm(join(root, 'src/main/store/c.ts'));
    await plant({ 'src/main/facts/facts.ts': clean['src/main/facts/facts.ts'] ?? '' });
  }
});
