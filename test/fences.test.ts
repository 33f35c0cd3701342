import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

/** What a file at that path may not import. */
const fences: readonly (readonly [file: string, forbidden: string])[] = [
  ['src/model/plan.ts', 'node:fs'],
  ['src/model/plan.ts', '../plan/store.js'],
  ['src/model/test-report/read.ts', '../../plan/store.js'],
  ['src/model/test-report/read.ts', 'node:fs'],
  ['src/system/lock.ts', '../plan/store.js'],
  ['src/plan/store.ts', '../workspace/git.js'],
  ['src/agent/claude.ts', '../checks/checks.js'],
  ['src/audit/audit.ts', '../step/siblings.js'],
  ['src/blocks/split.ts', '../pick/picker.js'],
  ['src/worker/pack.ts', '../usage/ledger.js'],
  ['src/packing-bench/recommend.ts', '../usage/prices.js'],
  ['src/retrieval/retrieval.ts', '../mcp/style-rules.js'],
  ['src/pick/picker.ts', '../wire.js'],
  ['src/step/stages/ship.ts', '../../workspace/git.js'],
  ['src/step/step.ts', '../cli/program.js'],
  ['src/routing/route.ts', '../worker/pack.js'],
  ['src/run/run.ts', '../step/step.js'],
  ['src/profile/profile.ts', '../usage/prices.js'],
  ['src/mcp/run-checks.ts', '../checks/checks.js'],
  ['src/mcp/hooks/decide.ts', '../../step/journal.js'],
  ['src/cli/status.ts', 'node:fs/promises'],
  ['src/cli/status.ts', 'simple-git'],
];

const allowed: readonly (readonly [file: string, imported: string])[] = [
  ['src/model/test-report/read.ts', '../excerpt.js'],
  ['src/plan/store.ts', '../model/plan.js'],
  ['src/plan/store.ts', '../system/lock.js'],
  ['src/plan/store.ts', './parse.js'],
  ['src/step/stages/ship.ts', '../../model/verdict.js'],
  ['src/cli/status.ts', '../step/status.js'],
  ['src/cli/run.ts', '../run/run.js'],
];

describe('the fences between the rooms', () => {
  it.each(fences)('%s may not import %s', async (file, imported) => {
    expect(await restrictedImports(file, imported)).toHaveLength(1);
  });

  it.each(allowed)('%s may import %s', async (file, imported) => {
    expect(await restrictedImports(file, imported)).toEqual([]);
  });
});

async function restrictedImports(file: string, imported: string): Promise<readonly string[]> {
  const eslint = new ESLint();
  const config = (await eslint.calculateConfigForFile(file)) as { rules?: Record<string, unknown> };
  const rule = config.rules?.['no-restricted-imports'];
  const bare = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], rules: { 'no-restricted-imports': rule as never } }],
  });
  const [result] = await bare.lintText(`import '${imported}';\n`, { filePath: file });
  return result?.messages.map(({ message }) => message) ?? [];
}
