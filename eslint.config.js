import tseslint from 'typescript-eslint';

/** The stations of the line. A station imports model/, system/ and its own files, nothing else of ours. */
const stations = [
  'agent',
  'audit',
  'blocks',
  'checks',
  'config',
  'demo',
  'doctor',
  'init',
  'judge',
  'mcp',
  'packing-bench',
  'pick',
  'plan',
  'profile',
  'prompt',
  'report',
  'retrieval',
  'routing',
  'run',
  'ship',
  'step',
  'usage',
  'worker',
  'workspace',
];

const noRestricted = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const fences = [
  {
    files: ['src/model/**/*.ts'],
    rules: noRestricted([
      { regex: '^\\.\\./', message: 'model/ is pure vocabulary: it imports only its own files.' },
      { regex: '^node:(?!(path|buffer|url)$)', message: 'model/ is pure: no effects.' },
    ]),
  },
  {
    files: ['src/model/*/**/*.ts'],
    rules: noRestricted([
      { regex: '^\\.\\./\\.\\./', message: 'model/ is pure vocabulary: it imports only its own files.' },
      { regex: '^node:(?!(path|buffer|url)$)', message: 'model/ is pure: no effects.' },
    ]),
  },
  {
    files: ['src/system/**/*.ts'],
    rules: noRestricted([
      { regex: '^\\.\\./(?!model/)', message: 'system/ imports model/ and its own files.' },
    ]),
  },
  ...stations.map((station) => ({
    files: [`src/${station}/**/*.ts`],
    rules: noRestricted([
      {
        regex: `^(\\.\\./)+(?!model/|system/)(?:${['cli', 'cli\\.js', 'wire\\.js', ...stations.filter((other) => other !== station)].join('|')})(/|$|\\.js)`,
        message: `${station}/ is a station: it imports model/, system/ and its own files. step/ calls stations, wire.ts builds them.`,
      },
    ]),
  })),
  {
    files: ['src/cli/**/*.ts'],
    rules: noRestricted([
      {
        regex: '^(execa|simple-git|@octokit/|node:fs|node:child_process|node:http)',
        message: 'cli/ turns flags into one call: no git, fs or HTTP here.',
      },
    ]),
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/fixtures/**', 'examples/**', 'bench/.work/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs', 'test/support/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'set process.exitCode in cli.ts' },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  ...fences,
  { files: ['src/cli.ts', 'src/cli/reporter.ts', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: 'test' }] },
      ],
    },
  },
);
