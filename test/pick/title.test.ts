import { expect, it } from 'vitest';
import { titleOf } from '../../src/pick/title.js';

it.each([
  ['# scatter-basic: Basic Scatter Plot\n', 'Basic Scatter Plot'],
  ['\uFEFF# Basic Scatter Plot #\r\n', 'Basic Scatter Plot'],
  ['intro\n\n## Part\n#\n#tag\n# Title: with a colon\n# Second\n', 'Title: with a colon'],
  ['```sh\n# a comment\n```\n# Title\n', 'Title'],
  ['~~~~\n```\n# a comment\n~~~~\n# Title\n', 'Title'],
  ['# scatter-basic:\n', null],
  ['no heading\n', null],
  ['', null],
])('takes the title of %j', (markdown, title) => {
  expect(titleOf(markdown, 'scatter-basic')).toBe(title);
});
