import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import schemaRules from './eslint.schema.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.mci-graph/', 'coverage/', 'explorer/'] },
  { files: ['**/*.{ts,js,mjs,cjs}'], ...js.configs.recommended },
  schemaRules,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Fastify's hooks and TypeORM's and prom-client's seams are promise-typed whether or not one awaits.
      '@typescript-eslint/require-await': 'off',
      // type-graphql takes resolver classes as `Function`.
      '@typescript-eslint/no-unsafe-function-type': 'off',
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      complexity: ['error', 16],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Resolvers are called by the framework, and their decorators need the classes at run time.
    files: ['src/resolvers/**/*.ts', 'src/entities/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['migrations/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Answers of the API are asserted on as they come.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      complexity: 'off',
      'max-lines': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // What is left from looking for a fault would keep all other tests from running.
      'no-restricted-properties': [
        'error',
        ...['test', 'it', 'describe'].map((object) => ({
          object,
          property: 'only',
          message: 'The other tests would not run.',
        })),
      ],
      'no-restricted-globals': ['error', 'fit', 'fdescribe'],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        module: 'writable',
        require: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
