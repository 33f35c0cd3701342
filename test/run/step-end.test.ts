import { expect, it } from 'vitest';
import { noUsage } from '../../src/model/usage.js';
import { readStepEnd } from '../../src/run/step-end.js';

const document = {
  ...{ mode: 'execute', target: 't', item: 'i', outcome: 'shipped', reason: null, attempt: 1, score: null },
  ...{ verdict: null, pr: null, checks: [], usage: noUsage, durationMs: 1, remaining: 2, retryAt: null },
};
const exit = (code: number, stdout: string) => ({ code, signal: null, stdout, stderr: 'its last words\n' });

it('a step’s document is kept as it was printed', () => {
  const end = readStepEnd(exit(0, `${JSON.stringify(document)}\n`));

  expect(end).toMatchObject({ kind: 'step', result: { item: 'i', outcome: 'shipped' }, document });
});

it('an error’s document says what stopped the step, and what to do', () => {
  const error = { code: 'wait', message: 'busy.', hint: 'Wait.' };
  const printed = { error, exit: 75, retryAt: '2026-05-02T14:00:00.000Z' };

  expect(readStepEnd(exit(75, JSON.stringify(printed)))).toEqual({
    ...{ kind: 'error', code: 'wait', reason: 'busy. Wait.', document: printed },
    retryAt: new Date('2026-05-02T14:00:00Z'),
  });
});

it('a step that was killed has printed nothing that counts', () => {
  expect(readStepEnd({ code: null, signal: 'SIGKILL', stdout: '{"mo', stderr: '' })).toEqual({
    ...{ kind: 'killed', signal: 'SIGKILL' },
  });
});

it.each(['', '{"mo', '[]', '{"outcome":"shipped"}'])('anything else, such as %j, is a bug', (stdout) => {
  expect(readStepEnd(exit(70, stdout))).toMatchObject({
    ...{ kind: 'error', code: 'bug', document: null },
    reason: 'a step exited with 70 and printed no document: its last words',
  });
});
