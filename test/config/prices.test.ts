import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { RegenError } from '../../src/model/errors.js';
import { isPriced } from '../../src/usage/priced.js';

const sound = `version: 1
targets:
  glob: plots/*/specification.yaml
items:
  glob: plots/{target}/*.py
prompt:
  task: Redo it.
`;

describe('a limit in US dollars', () => {
  it.each([
    [
      'the author',
      'agent: { model: qwen3 }\nbudget: { itemUsd: 2, dayUsd: 5 }\n',
      [
        '8:17: agent.model: "qwen3" has no price, so budget.itemUsd and budget.dayUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
    [
      'the judge',
      'evaluate:\n  rubric: r.yaml\n  model: qwen3\nbudget: { targetUsd: 2 }\n',
      [
        '10:10: evaluate.model: "qwen3" has no price, so budget.targetUsd and evaluate.maxUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
    [
      'a fallback',
      'agent: { command: [claude, --fallback-model, "haiku,qwen3"] }\nbudget: { itemUsd: 2 }\n',
      [
        '8:46: agent.command[2]: "qwen3" has no price, so budget.itemUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
    [
      'a fallback in one word',
      'agent: { command: [claude, --fallback-model=qwen3] }\nbudget: { itemUsd: 2 }\n',
      [
        '8:28: agent.command[1]: "qwen3" has no price, so budget.itemUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
    [
      'a model that items are routed to, and for the classifier',
      'routing: { models: [haiku, qwen3], classifier: tiny }\nbudget: { itemUsd: 2 }\n',
      [
        '8:28: routing.models[1]: "qwen3" has no price, so budget.itemUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
        '8:48: routing.classifier: "tiny" has no price, so budget.itemUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
    [
      'the worker, and not for the agent that it does without',
      'engine: worker\nagent: { model: other }\nworker: { model: qwen3, maxUsd: 1 }\nbudget: { targetUsd: 2 }\n',
      [
        '10:18: worker.model: "qwen3" has no price, so budget.targetUsd and worker.maxUsd can’t be kept; add it under prices (0 for what costs nothing), or take the limit out',
      ],
    ],
  ])('needs a price for %s', (_, more, problems) => {
    expect(problemsOf(`${sound}${more}`)).toEqual(problems);
  });

  it.each([
    ['no limit', 'agent: { model: qwen3 }\n'],
    [
      'a price',
      'agent: { model: qwen3 }\nbudget: { itemUsd: 2 }\nprices: { qwen3: { input: 0, output: 0 } }\n',
    ],
    [
      'a model of the table',
      'agent: { model: "sonnet[1m]" }\nevaluate: { rubric: r.yaml }\nbudget: { itemUsd: 2 }\n',
    ],
  ])('is kept with %s', (_, more) => {
    expect(problemsOf(`${sound}${more}`)).toEqual([]);
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(text, 'regen.yaml', isPriced);
    return [];
  } catch (error) {
    if (!(error instanceof RegenError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^regen\.yaml:/, ''));
  }
}
