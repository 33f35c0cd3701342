import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/model/attempt.js';
import { modelNote } from '../../src/model/model-note.js';
import type { RouteSettings } from '../../src/model/route.js';
import { routeOf } from '../../src/routing/route.js';
import { itemModel, objectiveFailures } from '../../src/step/item-model.js';
import type { Routed } from '../../src/step/item-model.js';
import type { Journal } from '../../src/step/journal.js';

const settings: RouteSettings = {
  models: ['haiku', 'sonnet', 'opus'],
  ...{ below: 0.35, above: 0.65, classify: 'grey', classifier: 'haiku', weights: {} },
};
const routing = { route: routeOf };
const planned = (note: string) => ({ id: 'a', state: 'todo' as const, line: 9, note });

function modelFor(routed: Partial<Routed>, given: RouteSettings | undefined = settings): string {
  const whole = { item: planned(modelNote('haiku')), failures: 0, usual: 'sonnet', ...routed };
  return itemModel(whole, { routing, settings: given }).model;
}

describe('the model of an item', () => {
  it('is the usual one where nothing is routed, whatever has failed and whatever a note says', () => {
    const routed = { item: planned(modelNote('opus')), failures: 3, usual: 'sonnet' };

    expect(itemModel(routed, { routing, settings: undefined })).toEqual({ model: 'sonnet', why: null });
  });

  it('is the one that the plan names, also when no table knows it', () => {
    expect(modelFor({})).toBe('haiku');
    expect(modelFor({ item: planned(' (model: qwen3:8b)') })).toBe('qwen3:8b');
    expect(modelFor({ item: planned('see #12') })).toBe('sonnet');
    expect(modelFor({ item: undefined })).toBe('sonnet');
  });

  it.each([
    [0, 'haiku'],
    [1, 'sonnet'],
    [2, 'opus'],
    [7, 'opus'],
  ])('is a dearer one for each of %i failures, up to the last: %s', (failures, model) => {
    expect(modelFor({ failures })).toBe(model);
  });

  it('never becomes a cheaper one', () => {
    expect(modelFor({ item: planned(modelNote('opus')), failures: 1 })).toBe('opus');
    expect(modelFor({ item: planned(modelNote('claude-sonnet-5-5')), failures: 1 })).toBe('opus');
    expect(modelFor({ item: planned(modelNote('qwen3:8b')), failures: 2 })).toBe('qwen3:8b');
  });

  it('comes with its reason', () => {
    const { why } = itemModel(
      { item: planned(modelNote('haiku')), failures: 1, usual: 'sonnet' },
      { routing, settings },
    );

    expect(why).toBe('the plan names haiku; failed once: from haiku to sonnet');
  });

  it('is what is planned where routing would rather ask', () => {
    const asking = { route: () => ({ kind: 'classify', why: 'grey' }) as const };

    expect(
      itemModel({ item: undefined, failures: 0, usual: 'sonnet' }, { routing: asking, settings }),
    ).toEqual({
      model: 'sonnet',
      why: null,
    });
  });
});

describe('failures that speak for a dearer model', () => {
  const failed = { kind: 'fail', reason: 'no' };

  it.each(['agent', 'check', 'evaluate'])('are those of the author’s own work: %s', (stage) => {
    expect(objectiveFailures([attemptThat(stage, failed)])).toBe(1);
  });

  it.each(['prepare', 'record', 'publish', 'ship'])('are not those of %s', (stage) => {
    expect(objectiveFailures([attemptThat(stage, failed)])).toBe(0);
  });

  it.each(['max_budget', 'api_error', 'crashed', 'session_lost'])(
    'are not what else ended a run: %s',
    (failure) => {
      expect(objectiveFailures([attemptThat('agent', failed, { failure })])).toBe(0);
    },
  );

  it.each(['max_turns', 'refusal', 'context_full'])('are what the model came to: %s', (failure) => {
    expect(objectiveFailures([attemptThat('agent', failed, { failure })])).toBe(1);
  });

  it('are not the want of a judge', () => {
    expect(objectiveFailures([attemptThat('evaluate', failed, { isUnjudged: true })])).toBe(0);
  });

  it.each([
    ['skipped', { kind: 'skip', reason: 'closed' }],
    ['unchanged', { kind: 'unchanged', reason: 'same' }],
    ['stopped', { kind: 'stop', reason: 'edited' }],
    ['still at work', { kind: 'next' }],
    ['at its repair', { kind: 'back', to: 'agent' }],
  ])('are not what was %s', (_what, result) => {
    expect(objectiveFailures([attemptThat('check', result)])).toBe(0);
  });

  it('count attempt by attempt', () => {
    const attempts = [
      attemptThat('check', failed),
      attemptThat('ship', failed),
      attemptThat('agent', failed),
    ];

    expect(objectiveFailures(attempts)).toBe(2);
    expect(objectiveFailures([])).toBe(0);
  });
});

const line = ['prepare', 'agent', 'check', 'evaluate', 'record', 'publish', 'ship'];

/** An attempt that came well as far as that stage, and ended so there. */
function attemptThat(stage: string, result: object, data: object = {}): Journal {
  const attempt: Attempt = {
    ...{ target: 't', item: 'a', uuid: 'u', number: 1, plan: 'p', base: 'b', sessionId: 's' },
    directory: '/nowhere',
  };
  const ended = (name: string, of: object) => ({
    ...{ v: 1 as const, at: '2026-05-02T14:00:00.000Z', attempt: 'u', stage: name, round: 0 },
    ...{ effect: 'stage', event: 'end' as const, data: { ...of } },
  });
  const records = [
    ...line.slice(0, line.indexOf(stage)).map((name) => ended(name, { result: { kind: 'next' } })),
    ended(stage, { ...data, result }),
  ];
  return { attempt, records: () => records, append: () => Promise.reject(new Error('nothing is written')) };
}
