import { expect, it } from 'vitest';
import { calibrate, tokensOf, usualScale } from '../../src/worker/token-scale.js';

it('assumes the usual scale until an answer tells', () => {
  expect(calibrate([])).toEqual(usualScale);
  expect(calibrate([{ characters: 0, inputTokens: 0, outputTokens: 5 }])).toEqual(usualScale);
});

it('follows the answers, the more of them the closer', () => {
  const sample = { characters: 2000, inputTokens: 1000, outputTokens: 300 };

  const once = calibrate([sample]);
  const often = calibrate(Array.from({ length: 99 }, () => sample));

  expect(once).toEqual({ charactersPerToken: 2.75, outputPerInput: 0.75 });
  expect(often.charactersPerToken).toBeCloseTo(2.015, 3);
  expect(often.outputPerInput).toBeCloseTo(0.309, 3);
  expect(tokensOf(100, once)).toBe(37);
});
