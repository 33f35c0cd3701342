import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMarker, parseMarker } from '../../src/ship/marker.js';
import { uuid } from './ship-scene.js';

test('a marker is an HTML comment with encoded ids', () => {
  expect(formatMarker({ attempt: uuid, target: 'pages/common', item: '@[[ -->' })).toBe(
    `<!-- regen: attempt=${uuid} target=pages%2Fcommon item=%40%5B%5B%20--%3E -->`,
  );
});

test('any id comes back from a marker within any text', () => {
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(id, id, fc.string(), (target, item, text) => {
      const marker = { attempt: uuid, target, item };

      const parsed = parseMarker(`${text}\r\n${formatMarker(marker)}\r\n`);

      expect(parsed).toEqual(marker);
    }),
  );
});

test('of several markers the last one counts', () => {
  const first = formatMarker({ attempt: 'a', target: 't', item: 'i' });
  const last = formatMarker({ attempt: 'b', target: 't', item: 'i' });

  expect(parseMarker(`${first} quoted\n${last}`)).toEqual({ attempt: 'b', target: 't', item: 'i' });
});

test.each(['', 'no marker', '<!-- regen: attempt=a target=t -->', '<!-- regen -->'])(
  'a body of %j has none',
  (body) => {
    expect(parseMarker(body)).toBeNull();
  },
);
