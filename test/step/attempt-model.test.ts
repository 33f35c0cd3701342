import { describe, expect, it } from 'vitest';
import type { Attempt, JournalRecord } from '../../src/model/attempt.js';
import type { LedgerRow } from '../../src/model/ledger.js';
import type { Plan } from '../../src/model/plan.js';
import type { RouteSettings } from '../../src/model/route.js';
import { routeOf } from '../../src/routing/route.js';
import { firstModel, modelOf, renewModel } from '../../src/step/attempt-model.js';
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

    expect(await firstModel(routed.line, planWith(' (model: sonnet)'), item)).toEqual({ model: 'sonnet' });
    expect(routed.told).toEqual([expect.stringContaining('a: sonnet')]);
    expect(await firstModel(lineWith([], undefined).line, planWith(''), item)).toEqual({});
  });

  it('is looked up at each step until it has answered', async () => {
    const journal = journalWith('claude-nope-9');
    // What a subagent or the judge said, and a run that came to nothing, are no answer.
    const rows = [
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

function lineWith(rows: readonly LedgerRow[], settings: unknown) {
  const told: string[] = [];
  const line = {
    config: { agent: { model: 'opus' }, routing: settings ?? undefined },
    stations: {
      routing: () => Promise.resolve({ route: routeOf }),
      ledger: { rows: () => Promise.resolve(rows) },
    },
    journals: { attempts: () => Promise.resolve([]) },
    surroundings: { progress: (text: string) => told.push(text) },
  } as unknown as ModelLine; // a model is chosen from no more of it
  return { line, told };
}

function planWith(note: string): Plan {
  const items = [{ id: 'a', state: 'todo', line: 9, note }];
  return { target: 't', items, created: '2026-05-02', changeRequests: [] } as unknown as Plan; // all that is asked of it
}

function journalWith(model: string | undefined): Journal {
  const attempt: Attempt = {
    ...{ target: 't', item: 'a', uuid: 'u', number: 1, plan: 'p', base: 'b', sessionId: 's' },
    directory: '/nowhere',
    ...(model === undefined ? {} : { model }),
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
