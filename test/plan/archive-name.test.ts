import fc from 'fast-check';
import { expect, it } from 'vitest';
import { archiveName, readArchiveName } from '../../src/plan/archive-name.js';
import { anyId } from './edited-plans.js';

it('names an archive by target and instant, in UTC', () => {
  const facts = {
    target: 'scatter-basic',
    at: new Date('2026-05-02T13:50:07.900Z'),
    copy: 1,
    isAbandoned: false,
  };

  expect(archiveName(facts)).toBe('scatter-basic-20260502-135007.md');
  expect(archiveName({ ...facts, target: '..', copy: 2 })).toBe('%2E%2E-20260502-135007-2.md');
  expect(archiveName({ ...facts, isAbandoned: true })).toBe('scatter-basic-20260502-135007.abandoned.md');
});

it('tells target and instant from the name, whatever the target', () => {
  const target = fc.oneof(
    anyId,
    fc.constantFrom(
      'a-20260101-000000',
      'a-20260101-000000-2',
      '20260101-000000',
      'x.md',
      'x.abandoned',
      '2',
    ),
  );
  const at = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
  fc.assert(
    fc.property(target, at, fc.integer({ min: 1, max: 99 }), (id, instant, copy) => {
      const read = readArchiveName(archiveName({ target: id, at: instant, copy, isAbandoned: false }));

      expect(read).toEqual({ target: id, at: new Date(Math.floor(instant.getTime() / 1000) * 1000) });
    }),
  );
});

it('abandoned plans and other files are no archives', () => {
  const names = [
    'scatter-basic-20260502-135007.abandoned.md',
    'scatter-basic-20260502-135007-2.abandoned.md',
    'scatter-basic-20261302-135007.md',
    '20260502-135007.md',
    'scatter-basic.md',
    'scatter-basic-20260502-135007.md.tmp',
    '.DS_Store',
  ];

  expect(names.map(readArchiveName)).toEqual(names.map(() => null));
});
