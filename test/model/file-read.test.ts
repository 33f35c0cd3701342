import { expect, it } from 'vitest';
import { unopened } from '../../src/model/file-read.js';

const attachment = { name: 'plot-light.png', path: '/a/plot-light.png', mayBeRefused: false };
const own = { name: 'src/data.bin', path: '/w/src/data.bin', mayBeRefused: true };
const shown = (path: string) => ({ path, isShown: true, isLate: false });
const refused = (path: string) => ({ path, isShown: false, isLate: false });

it.each([
  { what: 'was opened', reads: [shown(attachment.path), shown(own.path)], problems: [] },
  {
    what: 'was opened at the second try',
    reads: [refused(attachment.path), shown(attachment.path), shown(own.path)],
    problems: [],
  },
  {
    what: 'was not',
    reads: [shown('/b/plot-light.png')],
    problems: ['plot-light.png was not opened', 'src/data.bin was not opened'],
  },
  {
    what: 'can’t be, which is no flaw of a file that nobody chose',
    reads: [refused(attachment.path), refused(own.path)],
    problems: ['plot-light.png could not be opened'],
  },
])('a file that was to be opened $what', ({ reads, problems }) => {
  expect(unopened([attachment, own], reads)).toEqual(problems);
});
