/** A regen.yaml to begin with. Pure. */
import type { Layout } from './layout.js';

export interface ConfigFacts {
  /** `origin/main` */
  readonly base: string;
  readonly layout: Layout | null;
  /** Whether the remote is one on which pull requests can be opened. */
  readonly isOnGitHub: boolean;
  /** A command that tests this repository, for a comment. */
  readonly test: string;
  /** Whether something in the repository speaks for that command. */
  readonly isTestKnown: boolean;
  /** The schema for editors, relative to the file; null: there is none. */
  readonly schema: string | null;
}

/** Valid as it stands; what could not be guessed is marked with EDIT. */
export function configText(facts: ConfigFacts): string {
  const sections = [
    head(facts),
    targets(facts),
    items(facts),
    prompt(facts),
    agent(facts),
    checks(facts),
    evaluate,
    ship(facts),
    budget,
  ];
  return `${sections.join('\n\n')}\n`;
}

function head({ schema, layout, base }: ConfigFacts): string {
  const origin =
    layout === null
      ? '# Which files are the pieces could not be told from the tree: edit the lines marked EDIT.'
      : `# Targets and items were guessed (${layout.counts.targets} targets, ${layout.counts.items} items): look whether they are meant.`;
  return [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# What regen redoes in this repository, how, and what a finished item has to pass.',
    '# docs/configuration.md explains every key. "regen doctor" checks this file, "regen plan --dry-run" shows what it finds.',
    origin,
    'version: 1',
    `base: ${quoted(base)} # targets, items and prompts are read from this branch, never from the working copy`,
  ].join('\n');
}

function targets({ layout }: ConfigFacts): string {
  const glob = layout?.targets ?? 'pieces/{target}/specification.md';
  const title = layout === null ? 'pieces/{target}/specification.md' : layout.specification;
  return [
    'targets: # a group to redo; without a plan, regen picks the oldest and lists its items',
    `  glob: ${quoted(glob)}${mark(layout)}`,
    ...(title === null ? [] : [`  title: ${quoted(title)} # its first heading`]),
    '  updated: git # the last commit on the base that touched one of its items',
    '  order: oldest # or name',
    '  minAge: 20h # a target finished less than this ago is passed over',
  ].join('\n');
}

function items({ layout }: ConfigFacts): string {
  const writes = layout?.writes ?? [];
  return [
    'items: # the units of a target; one invocation of regen redoes one',
    `  glob: ${quoted(layout?.items ?? 'pieces/{target}/{item}.txt')}${mark(layout)}`,
    ...(layout?.isPython === true ? [`  exclude: ['**/__init__.py']`] : []),
    ...(writes.length > 1
      ? [`  writes: [${writes.map(quoted).join(', ')}] # all that an item may change`]
      : ['  # writes: [...] # all that an item may change; left out: the file above']),
    '  isolate: true # the other items of the target are kept out of sight',
  ].join('\n');
}

function prompt({ layout }: ConfigFacts): string {
  const specification = layout === null ? null : layout.specification;
  return [
    'prompt: # files of the base, from the most to the least shared: what is equal for all items is cached',
    '  # static: [prompts/rules.md] # equal for every item of every target',
    specification === null
      ? "  # target: ['…/{target}/…'] # equal for every item of the target"
      : `  target: [${quoted(specification)}] # equal for every item of the target`,
    "  # item: ['prompts/{item}.md'] # the item's own",
    '  # EDIT: what is to be done, and what a good result is; a longer text belongs in a file, such as prompts/task.md',
    '  task: Write {item} of {target} anew. Keep what it has to do, and do it as well as you can.',
  ].join('\n');
}

function agent({ isTestKnown }: ConfigFacts): string {
  const mcp =
    'mcp: [run_checks] # once there are checks, the agent runs them in one call, and a digest comes back';
  return [
    'agent:',
    '  model: sonnet',
    '  tools: [Read, Edit, Write, Bash]',
    `  ${isTestKnown ? '' : '# '}${mcp}`,
    "  # allow: ['Bash(npm test *)'] # commands that the agent may run",
    '  # endpoint: http://localhost:11434 # a local model, or any other Anthropic-compatible server',
  ].join('\n');
}

function checks({ test }: ConfigFacts): string {
  return [
    'checks: # commands that have to succeed before anything ships; a failure goes back to the agent',
    "  # setup: { check: '…', fix: '…' } # makes the worktree ready, such as installing what is locked",
    '  # run:',
    `  #   - { name: test, run: ${quoted(test)}, timeout: 5m }`,
    '  repairs: 2',
  ].join('\n');
}

function ship({ isOnGitHub }: ConfigFacts): string {
  return [
    'ship:',
    `  to: ${isOnGitHub ? 'github' : 'branch'} # github: a pull request per item | branch: push only | local: commit only`,
    "  branch: 'regen/{target}/{item}'",
    "  title: 'regen({target}): {item}'",
  ].join('\n');
}

const evaluate = `# evaluate: # a judge scores what passed the checks; below what is accepted the agent gets another turn
#   rubric: prompts/rubric.yaml
#   accept: 90`;

const budget = `budget: # US dollars; an item that has used up its own is marked [!]
  itemUsd: 2
  dayUsd: 20
  itemAttempts: 3`;

function mark(layout: Layout | null): string {
  return layout === null ? ' # EDIT: this is only an example' : '';
}

/** A YAML string that means the text, in a block as in a list. */
function quoted(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}
