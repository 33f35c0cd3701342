import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from '../../src/model/instant.js';

describe('parseInstant', () => {
  it.each([
    ['2025-11-12T08:14:00Z', '2025-11-12T08:14:00.000Z'],
    ['2025-11-12T08:14:00+00:00', '2025-11-12T08:14:00.000Z'],
    ['2025-11-12T08:14:00.123456+02:00', '2025-11-12T06:14:00.123Z'],
    ['2025-11-12T08:14:00-0530', '2025-11-12T13:44:00.000Z'],
    ['2025-11-12 08:14:00 +0000', '2025-11-12T08:14:00.000Z'],
    ['2001-12-14t21:59:43.10-05:00', '2001-12-15T02:59:43.100Z'],
    ['2001-12-14 21:59:43.10 -5', '2001-12-15T02:59:43.100Z'],
    ['2025-11-12T08:14', '2025-11-12T08:14:00.000Z'],
    ['2025-11-12', '2025-11-12T00:00:00.000Z'],
    [' 2024-2-29 ', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant);
  });

  it.each([
    '',
    'yesterday',
    '2025',
    '20251112',
    '2025-02-30',
    '2025-13-01',
    '2025-11-12T25:00',
    '12/11/2025',
  ])('finds no instant in "%s"', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('formatInstant', () => {
  it('writes to the second in UTC', () => {
    expect(formatInstant(new Date('2025-11-12T08:14:00.987+02:00'))).toBe('2025-11-12T06:14:00Z');
  });
});
