import { describe, expect, it } from 'vitest';
import { scanHeading } from '../../src/config/heading.js';

describe('scanHeading', () => {
  it.each([
    ['items:\n  glob: x\n  heading: Libraries\n  isolate: true\n', 'Libraries'],
    ['version: 1\nitems: # what\n    heading:   "Two words"  # why\n', 'Two words'],
    ["items:\r\n  heading: 'Bibliothèques'\r\n", 'Bibliothèques'],
    ['items:\n  skip:\n    - heading: no\n  heading: Parts\nprompt:\n  heading: x\n', 'Parts'],
  ])('finds the heading of %j', (text, heading) => {
    expect(scanHeading(text)).toEqual({ kind: 'plain', heading });
  });

  it.each(['', 'items:\n  glob: x\n', '# heading: old\nitems:\n  glob: x\n'])('finds none in %j', (text) => {
    expect(scanHeading(text)).toEqual({ kind: 'none' });
  });

  it.each([
    'items: { heading: Libraries }\n',
    'items:\n  heading: &name Libraries\n',
    'items:\n  heading: >\n    Libraries\n',
    'items:\n  heading: Libraries\n    and more\n',
    'items:\n  heading: "a\\u0062"\n',
    'items:\n  heading: 4\n',
    'items:\n  heading: null\n',
    'items:\n  heading: A\n  heading: B\n',
    'items:\n  heading: A\nitems:\n  heading: B\n',
    'items:\n\theading: A\n',
    '{ items: { heading: A } }\n',
    'prompt:\n  heading: A\n',
  ])('leaves %j to the parser', (text) => {
    expect(scanHeading(text)).toEqual({ kind: 'ambiguous' });
  });
});
