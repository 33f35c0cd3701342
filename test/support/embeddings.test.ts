import { describe, expect, test } from 'vitest';
import { embed, embeddingDimensions, startEmbeddings } from './embeddings.js';

function post(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/v1/embeddings`, { method: 'POST', body: JSON.stringify(body) });
}

function likeness(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
}

describe('a vector', () => {
  test('is near that of a text with the same words inflected, or with synonyms, and far from another', () => {
    const synonyms = { hue: 'colour' };
    const asked = embed('Which colours do plots have?', synonyms);

    const inflected = likeness(asked, embed('the colour of a plotted line', synonyms));
    const synonymous = likeness(asked, embed('hues of the plot', synonyms));
    const other = likeness(asked, embed('install the package with npm', synonyms));

    expect(inflected).toBeGreaterThan(0.4);
    expect(synonymous).toBeGreaterThan(0.5);
    expect(other).toBeLessThan(0.25);
  });

  test.each(['plain words', '…', 'the of a'])('of %j has the length 1', (content) => {
    const vector = embed(content);

    expect(vector).toHaveLength(embeddingDimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1);
  });
});

describe('the endpoint', () => {
  test('answers a list of texts with a vector each and what they cost, and counts', async () => {
    await using endpoint = await startEmbeddings({ order: 'reversed' });

    const response = await post(endpoint.url, { model: 'small', input: ['one plot', 'two'] });

    expect(await response.json()).toEqual({
      object: 'list',
      model: 'small',
      data: [
        { object: 'embedding', index: 1, embedding: embed('two') },
        { object: 'embedding', index: 0, embedding: embed('one plot') },
      ],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(endpoint.requests).toMatchObject([{ model: 'small', input: ['one plot', 'two'] }]);
  });

  test('fails as it is told to, one request at a time', async () => {
    await using endpoint = await startEmbeddings({
      fault: ({ number }) =>
        [
          { kind: 'status' as const, status: 429, headers: { 'retry-after': '2' } },
          { kind: 'dimensions' as const, dimensions: 3 },
          { kind: 'missing' as const },
        ][number - 1] ?? null,
    });
    const ask = () => post(endpoint.url, { model: 'small', input: ['one', 'two'] });

    const limited = await ask();
    const [short, missing, whole] = [await dataOf(ask()), await dataOf(ask()), await dataOf(ask())];

    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    expect(short.map(({ embedding }) => embedding.length)).toEqual([3, 3]);
    expect(missing).toHaveLength(1);
    expect(whole.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
  });

  test('can close the connection, or answer with a page', async () => {
    await using endpoint = await startEmbeddings({
      fault: ({ number }) => ({ kind: number === 1 ? 'disconnect' : 'no-json' }),
    });
    const ask = () => post(endpoint.url, { model: 'small', input: ['one'] });

    await expect(ask()).rejects.toThrow('fetch failed');
    expect(await (await ask()).text()).toBe('<html>gateway</html>');
  });

  test.each([
    [{ model: 'small', input: [] }, 400],
    [{ model: 'small', input: [''] }, 400],
    [{ input: ['one'] }, 400],
  ])('refuses %j', async (body, status) => {
    await using endpoint = await startEmbeddings();

    const response = await post(endpoint.url, body);

    expect(response.status).toBe(status);
    expect(endpoint.requests).toEqual([]);
  });
});

interface Datum {
  readonly embedding: readonly number[];
}

async function dataOf(response: Promise<Response>): Promise<readonly Datum[]> {
  const { data } = (await (await response).json()) as { data: Datum[] }; // what this endpoint answers with
  return data;
}
