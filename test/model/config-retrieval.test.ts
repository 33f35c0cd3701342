import { describe, expect, it } from 'vitest';
import { retrieval } from '../../src/model/config-retrieval.js';

const embeddings = { url: 'http://localhost:8080/v1/embeddings', model: 'small' };

describe('the section about retrieval', () => {
  it('needs nothing but the documents', () => {
    expect(retrieval.parse({ documents: ['docs/**/*.md'] })).toEqual({
      documents: ['docs/**/*.md'],
      ...{ topK: 5, tokens: 2000, per: 'pack', onMiss: 'full', use: 'auto', leastCoverage: 0.3 },
    });
  });

  it('gives vectors and words the same weight', () => {
    expect(retrieval.parse({ documents: ['a.md'], embeddings }).embeddings).toEqual({
      ...embeddings,
      weight: 0.5,
    });
  });

  it.each([
    [{ documents: [] }, 'documents'],
    [{ documents: ['a.md'], tokens: 100 }, 'tokens'],
    [{ documents: ['a.md'], leastCoverage: 2 }, 'leastCoverage'],
    [{ documents: ['a.md'], embeddings: { ...embeddings, url: 'ftp://localhost/x' } }, 'embeddings.url'],
    [{ documents: ['a.md'], embeddings: { ...embeddings, url: 'http://a:b@localhost/x' } }, 'embeddings.url'],
    [{ documents: ['a.md'], embeddings: { ...embeddings, keyEnv: 'A KEY' } }, 'embeddings.keyEnv'],
    [{ documents: ['a.md'], embeddings: { ...embeddings, weight: 0 } }, 'embeddings.weight'],
    [{ documents: ['a.md'], embeddings: { ...embeddings, key: 'secret' } }, 'embeddings'],
  ])('refuses %j', (given, path) => {
    const issues = retrieval.safeParse(given).error?.issues.map((issue) => issue.path.join('.'));

    expect(issues).toEqual([path]);
  });
});
