// Bundles the command line into dist/. Code splitting keeps every dynamic import a file of its own, so that
// `regen --help` loads neither the parser nor zod nor execa.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const common = { bundle: true, platform: 'node', target: 'node20', format: 'esm' };
const shipped = { ...common, outdir: 'dist', minifySyntax: true, minifyWhitespace: true, sourcemap: true };

// One file: opening the chunks it would share with the other commands takes longer than reading it twice.
await build({ ...shipped, entryPoints: { 'quick-status': 'src/cli/quick-status.ts' } });

// A program of its own: Claude Code starts it before and after some tool calls, and waits for it.
await build({ ...shipped, entryPoints: { hook: 'src/hook.ts' } });

await build({
  ...shipped,
  entryPoints: { cli: 'src/cli.ts' },
  plugins: [{ name: 'quick-status', setup: keepApart }],
  splitting: true,
  legalComments: 'linked',
  // emulate carries data files beside its code; the rest is bundled because one file opens faster than many.
  external: ['emulate', 'sharp'],
  define: { REGEN_HELP_TEXTS: JSON.stringify(await askForHelpTexts()) },
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});

function leaveOut({ onResolve }) {
  onResolve({ filter: /./ }, ({ kind, path }) =>
    kind === 'dynamic-import' ? { path, external: true } : null,
  );
}

function keepApart({ onResolve }) {
  onResolve({ filter: /\/quick-status\.js$/ }, () => ({ path: './quick-status.js', external: true }));
}

/** What the commands say of themselves, asked of the commands. */
async function askForHelpTexts() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/cli/help-texts.ts'],
    write: false,
    packages: 'external',
    plugins: [{ name: 'what-runs-later', setup: leaveOut }],
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
