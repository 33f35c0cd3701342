import { describe, expect, it } from 'vitest';
import type { AgentConfig } from '../../../src/model/config.js';
import { configSchema } from '../../../src/model/config-schema.js';
import { enclose } from '../../../src/model/enclosure.js';
import type { Layer, Prompt } from '../../../src/model/prompt.js';
import { analysePrompt } from '../../../src/prompt/analysis/item.js';
import type { ItemQuestion, OwnedPrompt } from '../../../src/prompt/analysis/item.js';
import { promptCost } from '../../../src/prompt/analysis/money.js';
import { scaleOf, usualScale } from '../../../src/prompt/analysis/scale.js';
import { readWire } from '../../../src/prompt/analysis/wire.js';

const rate = { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 };
const money = { model: 'sonnet', asOf: '2026-11-21', rate: () => rate };
const caching = { ttl: '5m', minimum: { tokens: 1000, source: 'table' } } as const;
const agent: AgentConfig = configSchema.shape.agent.parse({ tools: [] });

describe('the cost of a prompt', () => {
  it('is one write of the prefix, a write of each item’s own text, and reads', () => {
    const cost = promptCost({ prefix: 1000, message: 100, requests: 4, items: 3 }, caching, money);

    expect(cost.reach).toBe('shared');
    expect(cost.plan).toEqual({
      ...{ items: 3, requests: 12 },
      tokens: { input: 0, cacheRead: 9 * 1100 + 2 * 1000, cacheWrite5m: 1100 + 2 * 100, cacheWrite1h: 0 },
      uncached: (12 * 1100 * 2) / 1e6,
      cached: (11_900 * 0.2 + 1300 * 2.5) / 1e6,
    });
    expect(cost.perRequest).toEqual({
      uncached: 0.0022,
      first: 0.00275,
      firstOfLater: (1000 * 0.2 + 100 * 2.5) / 1e6,
      following: 0.00022,
    });
  });

  it('shares nothing between items when the prefix alone is too short', () => {
    const cost = promptCost({ prefix: 999, message: 100, requests: 2, items: 2 }, caching, money);

    expect(cost.reach).toBe('own');
    expect(cost.plan.tokens).toEqual({ input: 0, cacheRead: 2198, cacheWrite5m: 2198, cacheWrite1h: 0 });
  });

  it.each([
    ['too short', { prefix: 900, message: 99 }, '5m'],
    ['off', { prefix: 9000, message: 99 }, 'off'],
  ] as const)('is that of plain input when caching is %s', (_, sizes, ttl) => {
    const cost = promptCost({ ...sizes, requests: 2, items: 2 }, { ...caching, ttl }, money);

    expect(cost).toMatchObject({ reach: 'none', plan: { uncached: cost.plan.cached } });
  });

  it('is unknown for a model without a price', () => {
    const cost = promptCost({ prefix: 1, message: 1, requests: 1, items: 1 }, caching, {
      ...money,
      rate: () => null,
    });

    expect([cost.plan.cached, cost.perRequest.first]).toEqual([null, null]);
  });
});

type Texts = Readonly<Partial<Record<Layer, Readonly<Record<string, string>>>>>;

function promptOf(texts: Texts): Prompt {
  const segments = (['static', 'target', 'item', 'task'] as const).flatMap((layer) =>
    Object.entries(texts[layer] ?? {}).map(([source, text]) => ({
      ...{ layer, source },
      text: enclose({ path: source, text }),
    })),
  );
  const join = (layers: readonly Layer[]): string =>
    segments
      .filter(({ layer }) => layers.includes(layer))
      .map(({ text }) => text)
      .join('\n\n');
  const prefix = join(['static', 'target']);
  return { segments, prefix, prefixHash: `hash of ${prefix}`, message: join(['item', 'task']) };
}

const long = 'word '.repeat(1000);

function question(
  item: string,
  own: Texts,
  others: readonly OwnedPrompt[] = [],
  more: Partial<ItemQuestion> = {},
) {
  return {
    ...{ target: 'autumn', item, prompt: promptOf(own), base: 'abc', agent, ...caching, money },
    ...{ scale: usualScale, requests: { count: 4, source: 'assumed', items: 0 }, itemsLeft: 3 },
    ...{ others, elsewhere: [], wire: null, ...more },
  } as const satisfies ItemQuestion;
}

const ofItem = (item: string, texts: Texts, target = 'autumn'): OwnedPrompt => ({
  ...{ target, item },
  prompt: promptOf(texts),
});

describe('what would save more', () => {
  const texts = (item: string): Texts => ({
    static: { 'rules.md': long },
    item: { 'style.md': long, [`${item}.md`]: item },
  });
  const others = [ofItem('calm', texts('calm')), ofItem('wry', texts('wry'))];

  it('is an item’s text that is the same for every item: it is read instead of written', () => {
    const { moves } = analysePrompt(question('bold', texts('bold'), others));

    const tokens = Math.ceil((long.length + '<file path="style.md">\n\n</file>'.length) / 3.5);
    expect(moves).toEqual([
      {
        ...{ source: 'style.md', from: 'item', to: 'target', tokens, equalFor: 3, condition: null },
        savingUsd: expect.closeTo((2 * tokens * (2.5 - 0.2)) / 1e6, 10) as number,
      },
    ]);
  });

  it('is nothing that one other item has otherwise', () => {
    const odd = ofItem('odd', { ...texts('odd'), item: { 'style.md': 'other' } });

    expect(analysePrompt(question('bold', texts('bold'), [...others, odd])).moves).toEqual([]);
  });

  it('is nothing that regen writes itself, be it the same for every item', () => {
    const own: Texts = { static: { 'rules.md': long }, task: { 'last review (meta/autumn.yaml)': long } };
    const same = [ofItem('calm', own), ofItem('wry', own)];

    expect(analysePrompt(question('bold', own, same)).moves).toEqual([]);
  });

  it('is a target’s text only when no other of the target’s keeps the prefix apart', () => {
    const own = { static: { 'rules.md': long }, target: { 'guide.md': 'same', 'about.md': 'autumn' } };
    const elsewhere = [
      ofItem('bold', { ...own, target: { 'guide.md': 'same', 'about.md': 'winter' } }, 'winter'),
    ];

    const { moves } = analysePrompt(question('bold', own, [], { elsewhere }));

    expect(moves).toMatchObject([{ source: 'guide.md', to: 'static', savingUsd: 0 }]);
    expect(moves[0]?.condition).toContain('one block');
  });
});

describe('what to look at in the prefix', () => {
  it('is a text in which items differ, a placeholder left over, a name of this target or item alone', () => {
    const texts = (item: string): Texts => ({
      static: { 'rules.md': 'Keep {target}.\nAutumn is autumn.' },
      target: { 'about.md': `Leaves.\nFor ${item} only.` },
    });
    const others = [ofItem('calm', texts('calm'))];
    const elsewhere = [ofItem('bold', texts('bold'), 'winter')];

    const { breaks, prefix } = analysePrompt(question('bold', texts('bold'), others, { elsewhere }));

    expect(prefix).toMatchObject({ sharedBy: 1, comparedWith: 2, endsWith: 'about.md' });
    expect(breaks.map(({ source, line, kind }) => [source, line, kind])).toEqual([
      ['rules.md', 1, 'placeholder'],
      ['rules.md', 2, 'names target'],
      ['about.md', null, 'differs'],
      ['about.md', 2, 'names item'],
    ]);
  });
});

describe('the scale', () => {
  it('is drawn from what first requests came to, boilerplate included', () => {
    const scale = scaleOf(
      [
        { characters: 7000 - 412, tokens: 1750 },
        { characters: 1, tokens: 9000 },
      ],
      {
        ...agent,
        tools: [],
      },
    );

    expect(scale).toMatchObject({ source: 'ledger', requests: 1 });
    expect(scale.charactersPerToken).toBeCloseTo(4, 1);
  });

  it('is the usual one without any', () => {
    expect(scaleOf([], agent)).toBe(usualScale);
  });
});

describe('a request on the wire', () => {
  it('is taken apart to the byte', () => {
    const sent = {
      model: 'm',
      max_tokens: 5,
      system: [
        { type: 'text', text: 'You are Claude.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'PREFIX “ü”\n', cache_control: { type: 'ephemeral', ttl: '1h' } },
      ],
      tools: [{ name: 'Read', input_schema: {} }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<reminder>' },
            { type: 'text', text: 'MESSAGE' },
          ],
        },
      ],
    };
    const body = Buffer.from(JSON.stringify(sent));
    const headers = { 'anthropic-beta': 'a,b', 'user-agent': 'claude-cli/2' };

    const wire = readWire(
      { path: '/v1/messages', headers, body },
      { prefix: 'PREFIX “ü”\n', message: 'MESSAGE' },
      2,
    );

    const prefixBytes = Buffer.byteLength(JSON.stringify('PREFIX “ü”\n')) - 2;
    expect(wire).toMatchObject({
      ...{ bytes: body.length, ours: prefixBytes + 7, boilerplate: body.length - prefixBytes - 7 },
      ...{
        holds: { prefix: true, message: true },
        betas: ['a', 'b'],
        client: 'claude-cli/2',
        otherRequests: 2,
      },
      breakpoints: [
        { at: 'system block 1', ttl: '5m' },
        { at: 'system block 2', ttl: '1h' },
      ],
    });
    const parts = [...wire.tools, ...wire.system, ...wire.messages].map(({ bytes }) => bytes);
    expect(parts.reduce((sum, bytes) => sum + bytes, wire.rest)).toBe(body.length);
    expect(wire.system.map(({ ours, begins }) => [ours, begins])).toEqual([
      [0, 'You are Claude.'],
      [prefixBytes, ''],
    ]);
  });
});
