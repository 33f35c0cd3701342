/** A base made of literal files, and the audit of it. */
import { createAudit } from '../../src/audit/audit.js';
import type { BaseTree } from '../../src/model/base-tree.js';
import type { Audit, AuditFacts, AuditFindings } from '../../src/step/audit-station.js';
import { configWith } from '../support/item-place.js';

export type Files = Readonly<Record<string, string | Buffer>>;

function treeOf(files: Files, modes: Readonly<Record<string, string>> = {}): BaseTree {
  const bytes = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  return {
    sha: '1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112',
    entries: () =>
      Promise.resolve(
        [...bytes].map(([path, { length }]) => ({
          ...{ path, mode: modes[path] ?? '100644', sha: 'a'.repeat(40), size: length },
        })),
      ),
    read(paths, each) {
      for (const path of paths) each(path, bytes.get(path) ?? null);
      return Promise.resolve();
    },
    history: () => Promise.resolve(),
    isShallow: () => Promise.resolve(false),
  };
}

export function auditOf(
  own: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Audit {
  const surroundings = {
    ...{ root: '/nowhere', env, now: () => new Date(0), newId: () => 'id', progress: () => undefined },
  };
  return createAudit({ surroundings, config: configWith({ ...defaults, ...own }) });
}

const defaults = {
  items: { glob: 'plots/{target}/{item}.py' },
  prompt: { static: ['rules.md'], target: ['plots/{target}/spec.md'], task: 'Redo it.' },
};

export async function find(
  audit: Audit,
  files: Files,
  items: readonly (string | AuditFacts['items'][number])[],
  modes?: Readonly<Record<string, string>>,
): Promise<AuditFindings> {
  const audited = items.map((item) => (typeof item === 'string' ? { id: item, isTodo: true } : item));
  const facts = { target: 'bar-basic', items: audited, tree: treeOf(files, modes) };
  return audit.candidates(facts, new AbortController().signal);
}
