import { describe, expect, it } from 'vitest';
import type { Attempt, JournalRecord } from '../../src/model/attempt.js';
import type { LedgerRow } from '../../src/model/ledger.js';
import type { Plan } from '../../src/model/plan.js';
import type { RouteSettings } from '../../src/model/route.js';
import { routeOf } from '../../src/routing/route.js';
import { firstModel, modelOf, renewModel, withRoutedModel } from '../../src/step/attempt-model.js';
import type { ModelLine } from '../../src/step/attempt-model.js';
import type { Journal } from '../../src/step/journal.js';
import { messageRow, runRow } from '../support/ledger-rows.js';

const routing: RouteSettings = {
  models: ['haiku', 'sonnet'],
  ...{ below: 0.35, above: 0.65, classify: 'never', classifier: 'haiku', weights: {} },
};
const said = messageRow({ stage: 'agent', isSidechain: false });

/** What one looks at after a step with that note in the plan. */
async function stepWith(
  note: string,
  journal: Journal,
  {
    rows = [],
    settings = routing,
  }: { readonly rows?: readonly LedgerRow[]; readonly settings?: unknown } = {},
) {
  const { line, told } = lineWith(rows, settings);
  await renewModel(line, planWith(note), journal);
  return { model: modelOf(journal), told };
}

describe('the model of an attempt', () => {
  it('is the plan’s when it opens; without routing, the configured one', async () => {
    const routed = lineWith([], routing);
    const item = { target: 't', item: 'a' };

    expect(await firstModel(routed.line, planWith(' (model: sonnet)'), item)).toEqual({
      ...{ model: 'sonnet', planned: 'sonnet' },
    });
    expect(routed.told).toEqual([expect.stringContaining('a: sonnet')]);
    expect(await firstModel(lineWith([], undefined).line, planWith(''), item)).toEqual({});
  });

  it('is looked up at each step until it has answered', async () => {
    const journal = journalWith('claude-nope-9');
    // What a subagent or the judge said, what broke off, and a run that came to nothing, are no answer.
    const rows = [
      { ...said, isEstimate: true },
      messageRow({ stage: 'evaluate' }),
      { ...said, isSidechain: true },
      runRow({ stage: 'agent' }),
    ];

    expect((await stepWith(' (model: claude-nope-9)', journal)).told).toEqual([]);
    expect(journal.records()).toEqual([]);
    expect(await stepWith(' (model: sonnet)', journal, { rows })).toEqual({
      model: 'sonnet',
      told: [expect.stringContaining('a: sonnet')],
    });
    expect((await stepWith(' (model: haiku)', journal)).model).toBe('haiku');
  });

  it('stays what it was when it answered', async () => {
    const journal = journalWith('claude-nope-9');
    await stepWith(' (model: sonnet)', journal);

    const later = await stepWith(' (model: haiku)', journal, { rows: [said] });

    expect(later).toEqual({ model: 'sonnet', told: [] });
    expect(journal.records()).toHaveLength(1);
  });

  it('is the configured one again where routing has gone, and the other way round', async () => {
    const journal = journalWith('claude-nope-9');

    expect(await stepWith('', journal, { settings: null })).toEqual({ model: null, told: ['a: opus'] });
    expect((await stepWith(' (model: haiku)', journal)).model).toBe('haiku');
    expect(modelOf(journalWith(undefined))).toBeNull();
  });
});

describe('what failed before', () => {
  it.each([
    ['as the plan has named it all along', 'haiku', [failedWith('haiku', 'haiku')], 'sonnet'],
    ['attempt after attempt', 'haiku', [failedWith('haiku', 'haiku'), failedWith('sonnet', 'haiku')], 'opus'],
    ['by its other name', 'claude-haiku-5-5', [failedWith('haiku', 'haiku')], 'sonnet'],
    ['before a person named another', 'sonnet', [failedWith('haiku', 'haiku')], 'sonnet'],
    [
      'since a person named another',
      'sonnet',
      [failedWith('haiku', 'haiku'), failedWith('sonnet', 'sonnet')],
      'opus',
    ],
    [
      'before a person wrote the model that it had come to',
      'sonnet',
      [failedWith('haiku', 'haiku'), failedWith('sonnet', 'haiku')],
      'sonnet',
    ],
    ['in attempts that don’t say what the plan named', 'sonnet', [failedWith('haiku', undefined)], 'opus'],
  ])('%s', async (_when, named, attempts, model) => {
    const { line } = lineWith([], { ...routing, models: ['haiku', 'sonnet', 'opus'] }, attempts);

    expect(await firstModel(line, planWith(` (model: ${named})`), { target: 't', item: 'a' })).toEqual({
      model,
      planned: named,
    });
  });

  it('counts no more once another model is named for the attempt that is open', async () => {
    const journal = failedWith('haiku', 'haiku');
    const open = journalWith('sonnet', 'haiku');
    const { line } = lineWith([], { ...routing, models: ['haiku', 'sonnet', 'opus'] }, [journal, open]);

    await renewModel(line, planWith(' (model: sonnet)'), open);

    expect(modelOf(open)).toBe('sonnet');
    expect(open.records().map(({ data }) => data)).toEqual([{ model: 'sonnet', planned: 'sonnet' }]);
  });
});

it('who can’t ask the routed model is told where it stands', () => {
  const outcome = { kind: 'not_ready', detail: 'no such model', hint: 'Correct it.' } as const;

  expect(withRoutedModel(outcome, journalWith(undefined))).toBe(outcome);
  expect(withRoutedModel(outcome, journalWith('nope'))).toMatchObject({
    hint: 'Correct it. The model is that behind the item in .regen-plan.md, or a dearer one of routing.models: nope.',
  });
});

function lineWith(rows: readonly LedgerRow[], settings: unknown, attempts: readonly Journal[] = []) {
  const told: string[] = [];
  const line = {
    config: { agent: { model: 'opus' }, routing: settings ?? undefined },
    stations: {
      routing: () => Promise.resolve({ route: routeOf }),
      ledger: { rows: () => Promise.resolve(rows) },
    },
    journals: { attempts: () => Promise.resolve(attempts) },
    surroundings: { progress: (text: string) => told.push(text) },
  } as unknown as ModelLine; // a model is chosen from no more of it
  return { line, told };
}

function planWith(note: string): Plan {
  const items = [{ id: 'a', state: 'todo', line: 9, note }];
  return { target: 't', items, created: '2026-05-02', changeRequests: [] } as unknown as Plan; // all that is asked of it
}

/** An attempt of that model, with what the plan named then, that failed its checks. */
function failedWith(model: string, planned: string | undefined): Journal {
  const journal = journalWith(model, planned);
  const ended = (stage: string, result: object) =>
    void journal.append({ stage, round: 0, effect: 'stage' }, 'end', { result });
  for (const stage of ['prepare', 'agent']) ended(stage, { kind: 'next' });
  ended('check', { kind: 'fail', reason: 'no' });
  return journal;
}

function journalWith(model: string | undefined, planned?: string): Journal {
  const attempt: Attempt = {
    ...{ target: 't', item: 'a', uuid: 'u', number: 1, plan: 'p', base: 'b', sessionId: 's' },
    directory: '/nowhere',
    ...(model === undefined ? {} : { model }),
    ...(planned === undefined ? {} : { planned }),
  };
  const records: JournalRecord[] = [];
  return {
    attempt,
    records: () => records,
    append: (key, event, data = {}) => {
      records.push({ v: 1, at: '2026-05-02T14:00:00.000Z', attempt: 'u', ...key, event, data });
      return Promise.resolve();
    },
  };
}
