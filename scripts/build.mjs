// Bundles the command line into dist/. Code splitting keeps every dynamic import a file of its own, so that
// `regen --help` loads neither zod nor execa.
import { build } from 'esbuild';

await build({
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  legalComments: 'linked',
  // emulate carries data files beside its code; the rest is bundled because one file opens faster than many.
  external: ['emulate'],
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
