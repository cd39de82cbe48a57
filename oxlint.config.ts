import { defineConfig } from 'oxlint';
import { importOverrides } from './build/lint/import-rules.ts';

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  env: { builtin: true, es2024: true },
  ignorePatterns: ['out/', 'dist/', 'test-results/', '**/fixtures/'],
  rules: {
    eqeqeq: 'error',
    'no-empty': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/ban-ts-comment': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'react/rules-of-hooks': 'error',
    'react/exhaustive-deps': 'error',
    'react/jsx-no-target-blank': 'error',
    'react/no-danger': 'error',
    'react/react-in-jsx-scope': 'off',
    // Packages that offer themselves both ways (pino, undici) are imported as their documentation shows.
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'assert*'] }],
    // An unused parameter is marked by it.
    'no-underscore-dangle': 'off',
    // A helper beside its only use reads better than one moved away.
    'unicorn/consistent-function-scoping': 'off',
    // Style files are imported for their effect.
    'import/no-unassigned-import': ['error', { allow: ['**/*.css', '@fontsource*/**'] }],
  },
  overrides: [
    ...importOverrides(),
    {
      files: ['test/**'],
      rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 400 }] },
    },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});
