// Bundles the command line into dist/. Code splitting keeps every dynamic import a file of its own, so that
// `regen --help` loads neither the parser nor zod nor execa.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const common = { bundle: true, platform: 'node', target: 'node20', format: 'esm' };

await build({
  ...common,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  legalComments: 'linked',
  // emulate carries data files beside its code; the rest is bundled because one file opens faster than many.
  external: ['emulate'],
  define: { REGEN_HELP_TEXTS: JSON.stringify(await askForHelpTexts()) },
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});

/** What the commands say of themselves, asked of the commands. */
async function askForHelpTexts() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/cli/help-texts.ts'],
    write: false,
    packages: 'external',
    external: ['../step/*', '../wire*'],
  });
  await mkdir('dist', { recursive: true });
  const file = new URL(`../dist/help-texts-${process.pid}.mjs`, import.meta.url);
  await writeFile(file, outputFiles[0].text);
  try {
    return (await import(file.href)).helpTexts();
  } finally {
    await rm(file);
  }
}
