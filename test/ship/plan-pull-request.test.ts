import { expect, test } from 'vitest';
import type { FoundPullRequest } from '../../src/model/forge.js';
import { formatMarker } from '../../src/ship/marker.js';
import { planPullRequest } from '../../src/ship/plan-pull-request.js';

const own = { headSha: 'a'.repeat(40), attempt: 'this', earlier: ['before'] };

function pull(facts: Partial<FoundPullRequest> & { readonly by?: string }): FoundPullRequest {
  const { by, ...rest } = facts;
  const body = by === undefined ? '' : formatMarker({ attempt: by, target: 't', item: 'i' });
  return { number: 1, url: 'u', branch: 'b', state: 'open', headSha: 'b'.repeat(40), body, ...rest };
}

test('without a pull request one is created', () => {
  expect(planPullRequest(own, [])).toEqual({ kind: 'create' });
});

test.each(['open', 'merged', 'closed'] as const)('a %s one with this attempt’s marker is found', (state) => {
  const ours = pull({ by: 'this', state });

  expect(planPullRequest(own, [ours])).toEqual({ kind: 'found', pullRequest: ours });
});

test('one with this attempt’s commit is found, whoever opened it', () => {
  const byAPerson = pull({ headSha: own.headSha });

  expect(planPullRequest(own, [byAPerson])).toEqual({ kind: 'found', pullRequest: byAPerson });
});

test('an open one of an earlier attempt of ours is to be updated', () => {
  const earlier = pull({ by: 'before' });

  expect(planPullRequest(own, [earlier])).toEqual({ kind: 'earlier', pullRequest: earlier });
});

test.each(['merged', 'closed'] as const)('last month’s %s one from the same branch is ignored', (state) => {
  expect(planPullRequest(own, [pull({ by: 'before', state }), pull({ state })])).toEqual({ kind: 'create' });
});

test('an open one of somebody else is in the way', () => {
  const foreign = pull({ by: 'somebody' });

  expect(planPullRequest(own, [foreign])).toEqual({ kind: 'foreign', pullRequest: foreign });
});

test('of several an open one goes before a closed one, a newer one before an older one', () => {
  const open = pull({ number: 2, by: 'this' });
  const seen = [
    pull({ number: 1, by: 'this' }),
    open,
    pull({ number: 3, by: 'this', state: 'merged' }),
    pull({ number: 4, by: 'this', state: 'closed' }),
  ];

  expect(planPullRequest(own, seen)).toEqual({ kind: 'found', pullRequest: open });
  expect(planPullRequest(own, seen.slice(2))).toMatchObject({ pullRequest: { number: 3 } });
});
