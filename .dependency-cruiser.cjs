// Who may import whom. The table in ARCHITECTURE.md in words; here in rules. tools/check-imports.ts runs them.
const engines = 'host|ipc|store|sync|jobs|ai|audit|rescue';
const featureNames = [
  ...[
    'session',
    'matters',
    'documents',
    'ingest',
    'facts',
    'eval',
    'find',
    'questions',
    'collaboration',
    'contradictions',
    'activity',
    'links',
    'letters',
    'drafting',
    'templates',
    'linter',
    'spelling',
    'demand',
    'export',
  ],
  ...['refunds', 'rooms', 'contacts', 'retention', 'settings', 'admin', 'setup'],
];
const features = featureNames.join('|');
const doors = `^src/main/(${featureNames.map((name) => `${name}/${name}`).join('|')})\\.ts$`;
const npm = (names) => `(^|/)node_modules/(${names})/|^(${names})$`;

/** One rule: what `from` must not import. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const only = (name, library, allowed) =>
  forbid(`${name}-only-there`, `${name} is reached through ${allowed} only.`, { path: '^src/', pathNot: allowed }, { path: npm(library) });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'no-cycles',
      'Modules that need each other are one module, or need a third.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    forbid('resolves', 'An import that resolves to nothing would make every other rule pass vacuously.', {}, { couldNotResolve: true }),
    forbid('shared-is-pure', 'shared: types and zod, no I/O.', { path: '^src/shared/' }, { pathNot: ['^src/shared/', npm('zod')] }),
    forbid(
      'renderer-stays-in',
      'The window knows core by the contract only.',
      { path: '^src/renderer/' },
      { path: '^src/(?!renderer/|shared/)' },
    ),
    forbid('renderer-no-node', 'The window is sandboxed.', { path: '^src/renderer/' }, { dependencyTypes: ['core'] }),
    forbid(
      'renderer-no-main-library',
      'Libraries of the main side stay there.',
      { path: '^src/renderer/' },
      {
        path: npm(
          'electron|pg|ws|better-sqlite3[^/]*|keytar|@github/keytar|chokidar|pdfkit|docx|drizzle-orm|sharp|mammoth|file-type|@hyzyla/pdfium|tesseract\\.js-core|postal-mime|@kenjiuno/msgreader',
        ),
      },
    ),
    forbid('main-no-renderer', 'Core runs without a window.', { path: '^src/main/' }, { path: '^src/renderer/' }),
    forbid(
      'engines-below',
      'An engine knows engines and shared.',
      { path: `^src/main/(${engines})/` },
      { path: '^src/main/', pathNot: `^src/main/(${engines})/` },
    ),
    forbid(
      'features-by-the-door',
      "A feature knows engines, shared and other features' doors.",
      { path: `^src/main/(${features})/` },
      {
        path: '^src/main/',
        pathNot: [`^src/main/(${engines})/`, '^src/main/$1/', doors],
      },
    ),
    forbid(
      'cli-on-top',
      'The command line is an entry: nothing but its own entry needs it.',
      { path: '^src/main/', pathNot: '^src/main/cli(/|\\.ts$)' },
      { path: '^src/main/cli(/|\\.ts$)' },
    ),
    forbid(
      'known-rooms',
      'A folder in main is an engine or a feature: name it here first.',
      {},
      { path: `^src/main/(?!(${engines}|${features}|cli)/)[^/]+/` },
    ),
    forbid(
      'preload-is-thin',
      'The preload script carries calls, nothing else.',
      { path: '^src/main/host/electron/preload\\.ts$' },
      {
        pathNot: ['^src/shared/ipc/', npm('electron')],
      },
    ),
    only('pg', 'pg', '^src/main/(sync|admin)/'),
    only('better-sqlite3', 'better-sqlite3[^/]*', '^src/main/store/'),
    only('electron', 'electron', '^src/main/(host/electron/|electron\\.ts$)'),
    only('age', 'age-encryption', '^src/main/rescue/'),
    only('yjs', 'yjs|y-protocols|lib0', '^src/(main/sync/|renderer/)'),
    only('an AI SDK', '@anthropic-ai/[^/]+|openai', '^src/main/ai/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json', '.css'],
    },
  },
};
