import { expect, test } from 'vitest';
import type { Account } from './account.js';
import { rules } from './rules.js';

const account: Account = {
  ...{ title: 'any', certainty: 'exact', bill: [], rows: [], streams: [] },
  transcripts: [
    record('a', 'r1', { output_tokens: 1 }),
    record('a', 'r1', { output_tokens: 30 }),
    record('a', 'r1', { output_tokens: 1 }),
    record('a', 'r2', { output_tokens: 7 }),
    record('b', 'r3', { output_tokens: 100 }),
    { ...record('b', 'r4', { output_tokens: 900 }), isSidechain: true },
  ],
};

function record(id: string, requestId: string, usage: object) {
  return { type: 'assistant', requestId, message: { id, usage } };
}

function outputBy(name: string): number | undefined {
  return rules.find((rule) => rule.name === name)?.count(account).output;
}

test('ccusage’s rule keys by message and request, by the message alone where a subagent replays it', () => {
  expect(outputBy('ccusage’s rule')).toBe(30 + 7 + 100);
});

test('a reader of records adds all of them up', () => {
  expect(outputBy('transcript, per record')).toBe(1 + 30 + 1 + 7 + 100 + 900);
});
