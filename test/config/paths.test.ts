/** Every key of regen.yaml that takes a path refuses one that leads out of the repository. */
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.js';
import type { JsonSchema } from '../../src/config/json-schema.js';
import { parseConfig } from '../../src/config/parse.js';

/** What a key stands in, where it can't stand alone; `@` is the path itself. */
const paths: Readonly<Record<string, unknown>> = {
  'targets.glob': { targets: { glob: '@' } },
  'targets.title': { targets: { title: '@' } },
  'targets.updated.files': { targets: { updated: { files: '@', fields: ['created'] } } },
  'targets.updated.files[]': { targets: { updated: { files: ['@'], fields: ['created'] } } },
  'items.glob': { items: { glob: '@' } },
  'items.exclude[]': { items: { exclude: ['@'] } },
  'items.writes[]': { items: { writes: ['a/{item}', '@'] } },
  'items.skip[].path': { items: { skip: [{ path: '@', when: 'empty' }] } },
  'prompt.static[]': { prompt: { static: ['@'] } },
  'prompt.target[]': { prompt: { target: ['@'] } },
  'prompt.item[]': { prompt: { item: ['@'] } },
  'prompt.task': { prompt: { task: '@' } },
  'prompt.references[]': { prompt: { references: ['@'] } },
  'retrieval.documents[]': { retrieval: { documents: ['@'] } },
  'checks.run[].report': { checks: { run: [{ name: 'a', run: 'a', report: '@' }] } },
  'checks.run[].produces[]': { checks: { run: [{ name: 'a', run: 'a', produces: ['@'] }] } },
  'evaluate.rubric': { evaluate: { rubric: '@' } },
  'evaluate.attach[]': { evaluate: { rubric: 'r.yaml', attach: ['@'] } },
  'record.metadata': { record: { metadata: '@' } },
  'record.header.file': { record: { header: { file: '@', match: 'a', line: 'a' } } },
  'ship.parentIssue.file': { ship: { parentIssue: { file: '@', field: 'issue' } } },
};

/** Texts that are no paths of the repository: names, templates, commands, addresses, patterns of other things. */
const others: readonly string[] = [
  ...['base', 'targets.list[]', 'targets.list[].id', 'targets.list[].title', 'targets.list[].updated'],
  ...['targets.command', 'targets.updated.fields[]', 'items.list[]', 'items.blocks.pattern', 'items.heading'],
  ...['items.skip[].name', 'items.skip[].item[]', 'items.skip[].run'],
  ...['agent.command[]', 'agent.model', 'agent.tools[]', 'agent.allow[]', 'agent.endpoint', 'agent.env[]'],
  ...['routing.models[]', 'routing.classifier', 'worker.model', 'worker.endpoint', 'provider.betas[]'],
  ...['command[]', 'url', 'headers.*', 'env[]', 'tools[]'].map((key) => `worker.mcp.servers.*.${key}`),
  ...['retrieval.embeddings.url', 'retrieval.embeddings.model', 'retrieval.embeddings.keyEnv'],
  ...['checks.tools.*', 'checks.tools.*.run', 'checks.tools.*.version'],
  ...['checks.setup', 'checks.setup.check', 'checks.setup.fix', 'checks.env[]'],
  ...['checks.run[].name', 'checks.run[].run', 'checks.run[].targeted', 'checks.run[].each.*[]'],
  ...['evaluate.model', 'audit.model', 'record.fields.*', 'record.fields.*.run'],
  ...['record.header.match', 'record.header.line', 'publish.run', 'publish.env[]'],
  ...['ship.repository', 'ship.branch', 'ship.title', 'ship.body', 'ship.labels[]'],
  ...['ship.labels[].then', 'ship.labels[].else', 'ship.parentIssue.field'],
  ...['prices.*.from', 'prices.*[].from'],
];

const sound: Readonly<Record<string, object>> = {
  targets: { glob: 'plots/*/specification.yaml' },
  items: { glob: 'plots/{target}/*.py' },
  prompt: { task: 'Redo it.' },
};

it('every key that takes a text is known to be a path or not to be one', () => {
  const durations = /^\^\(\\d\+/;

  const keys = texts(configJsonSchema()).filter(({ pattern }) => !durations.test(pattern));

  expect(keys.map(({ key }) => key).toSorted()).toEqual([...Object.keys(paths), ...others].toSorted());
});

it.each(Object.entries(paths))('%s stays inside the repository', (key, literal) => {
  const faults = ['../{target}/{item}.md', '/etc/{target}/{item}.md', 'a/../../{target}/{item}.md'].map(
    (path) => faultOf(literal, key.includes('static') ? path.replaceAll(/\{\w+\}/g, 'x') : path),
  );

  const place = key.replaceAll('[]', '[N]');
  const [out, absolute] = ['leads out of the repository', 'is absolute; write it relative to the repository'];
  expect(faults.map((fault) => fault.replaceAll(/\[\d+\]/g, '[N]'))).toEqual([
    expect.stringMatching(
      new RegExp(`^regen\\.yaml:\\d+:\\d+: ${escaped(place)}(?:\\[N\\])?: .*${out}`, 'm'),
    ),
    expect.stringMatching(
      new RegExp(`^regen\\.yaml:\\d+:\\d+: ${escaped(place)}(?:\\[N\\])?: .*${absolute}`, 'm'),
    ),
    expect.stringMatching(
      new RegExp(`^regen\\.yaml:\\d+:\\d+: ${escaped(place)}(?:\\[N\\])?: .*${out}`, 'm'),
    ),
  ]);
});

/** Names of all places for a free text: `a.b[].c`, and `*` for any key. */
function texts(node: JsonSchema, key = ''): readonly { readonly key: string; readonly pattern: string }[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap((each) => texts(each, key));
  if (node.type === 'string' && node.enum === undefined && node.const === undefined) {
    return [{ key, pattern: node.pattern ?? '' }];
  }
  const { additionalProperties: any } = node;
  return [
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
      texts(child, key === '' ? name : `${key}.${name}`),
    ),
    ...(typeof any === 'object' ? texts(any, `${key}.*`) : []),
    ...(node.items === undefined ? [] : texts(node.items, `${key}[]`)),
  ];
}

function faultOf(literal: unknown, path: string): string {
  const own = JSON.parse(JSON.stringify(literal).replace('@', path)) as Record<string, object>;
  const merged = Object.entries({ ...sound, ...own }).map(
    ([section, keys]) => `${section}: ${JSON.stringify({ ...sound[section], ...keys })}\n`,
  );
  try {
    parseConfig(`version: 1\n${merged.join('')}`);
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
