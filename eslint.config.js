import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** House style that no ready-made rule covers. */
const houseStyle = [
  { selector: 'TSEnumDeclaration', message: 'A union of literals or a zod enum, not an enum.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports: one name for one thing everywhere.' },
  {
    selector:
      ':matches(ClassDeclaration, FunctionDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration) > Identifier.id[name=/(Manager|Helper|Helpers|Util|Utils|Impl)$/]',
    message: 'Name what it does: not Manager, Helper, Util, Impl.',
  },
];

export default defineConfig(
  globalIgnores(['out/', 'demo-output/', 'test-results/', '.cache/', 'node_modules/']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.renderer.json', './tsconfig.e2e.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', 400],
      'no-restricted-syntax': ['error', ...houseStyle],
      'no-restricted-globals': ['error', { name: 'event', message: 'Take it as a parameter.' }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An async function without await keeps a promised signature: errors become rejections.
      '@typescript-eslint/require-await': 'off',
      // `void x` also says that a value is meant to be dropped.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Factories return functions that use no `this`; taking one out of its object is how they are used.
      '@typescript-eslint/unbound-method': 'off',
      // Contract tables and row types are read better as written.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  {
    files: ['src/main/**/*.ts', 'src/shared/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/main/*.ts', 'src/main/admin/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}', 'test/renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Tools insist on a default export for their configuration.
    files: ['*.config.ts', 'test/**/*-setup.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
