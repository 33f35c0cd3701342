/** The sample repository's regen.yaml. */

/** The forge's name for the repository. */
export const repository = { owner: 'sample', repo: 'charts' } as const;

export const regenYaml = `version: 1
base: origin/main

targets:
  glob: charts/*/specification.md
  title: charts/{target}/specification.md
  updated: { files: 'charts/{target}/metadata/*.yaml', fields: [updated, created] }

items:
  glob: charts/{target}/renderers/*.mjs
  heading: Renderers
  writes: ['charts/{target}/renderers/{item}.mjs', 'charts/{target}/metadata/{item}.yaml']
  isolate: true

prompt: # from the most to the least shared
  static: [prompts/renderer.md, prompts/svg.md]
  target: ['charts/{target}/specification.md', 'charts/{target}/data.json']
  item: ['prompts/styles/{item}.md']
  task: prompts/task.md

agent:
  model: sonnet
  tools: [Read, Edit, Write]
  timeout: 2m
  idle: 1m
  env: [CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC, DISABLE_AUTOUPDATER]

checks:
  run:
    - { name: syntax, run: 'node --check charts/{target}/renderers/{item}.mjs' }
    - name: render
      run: node tools/check.mjs {target} {item}
      each: { theme: [light, dark] }
      produces: ['chart-{theme}.svg']
  repairs: 1

record:
  metadata: charts/{target}/metadata/{item}.yaml

ship:
  repository: ${repository.owner}/${repository.repo}
  branch: regen/{target}/{item}
  title: 'Redraw {target} with {item}'
  body: |
    The \`{item}\` renderer of **{target}**, written anew from its specification.
  labels: ['chart:{target}', 'renderer:{item}']
  labelDelay: 50ms

budget: { itemUsd: 1, itemAttempts: 3 }
`;
