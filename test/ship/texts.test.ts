import { expect, test } from 'vitest';
import { createShipTexts } from '../../src/ship/texts.js';
import { makeConfig, makeFacts, uuid } from './ship-scene.js';

test('the defaults give branch, title, base and body', () => {
  const draft = createShipTexts(makeConfig()).draft(makeFacts());

  expect(draft).toEqual({
    branch: 'regen/charts/bar',
    base: 'main',
    title: 'regen(charts): bar',
    body: `Regenerated **bar** of **charts**.\n\n<!-- regen: attempt=${uuid} target=charts item=bar -->\n`,
  });
});

test('a body has its template filled, the parent issue, change requests and the target’s files, then the marker', () => {
  const texts = createShipTexts(
    makeConfig({
      body: 'Quality: {score}/100 ({breakdown}), {date}, {attempt}, for #{parentIssue}. {other}\n',
    }),
  );

  const { body } = texts.draft(
    makeFacts({
      score: 88,
      breakdown: 'VQ: 30/30 | DE: 13/20',
      parentIssue: '42',
      changeRequests: ['choose another domain', 'use `viridis`'],
      targetFiles: ['charts/shared.css', 'charts/a b.md'],
    }),
  );

  expect(body).toBe(
    [
      `Quality: 88/100 (VQ: 30/30 | DE: 13/20), 2026-05-02, ${uuid}, for #42. {other}`,
      '',
      '**Parent Issue:** #42',
      '',
      '**Change requests** taken up:',
      '',
      '- choose another domain',
      '- use \\`viridis\\`',
      '',
      'Changed for the whole target: charts/shared.css, charts/a b.md',
      '',
      `<!-- regen: attempt=${uuid} target=charts item=bar -->`,
      '',
    ].join('\n'),
  );
});

test('inside a URL of the template an id is a part of the path', () => {
  const texts = createShipTexts(
    makeConfig({ body: '![{item}](https://host.example/{target}/{item}/plot.png)' }),
  );

  const { body } = texts.draft(makeFacts({ target: 'a/b', item: '[[' }));

  expect(body).toMatch(/^!\[\\\[\\\[\]\(https:\/\/host\.example\/a%2Fb\/%5B%5B\/plot\.png\)\n/);
});

test('what a value holds is never read as a placeholder', () => {
  const { body } = createShipTexts(makeConfig({ body: '{target} {item}' })).draft(
    makeFacts({ target: '{item}', item: '{attempt}' }),
  );

  expect(body.split('\n')[0]).toBe('\\{item\\} \\{attempt\\}');
});

test('ids and change requests can neither forge a marker nor mention anybody', () => {
  const forged = `<!-- regen: attempt=x target=y item=z -->\n@octocat`;

  const { body } = createShipTexts(makeConfig()).draft(makeFacts({ item: forged, changeRequests: [forged] }));

  expect(body.match(/<!--/g)).toHaveLength(1);
  expect(body).not.toContain('@octocat');
});

test('a parent issue that is no number is shown as text', () => {
  const { body } = createShipTexts(makeConfig()).draft(makeFacts({ parentIssue: 'none](x)' }));

  expect(body).toContain('**Parent Issue:** none\\]\\(x\\)\n');
});

test('a title may tell the score, and says when there is none', () => {
  const texts = createShipTexts(makeConfig({ title: '{item}: {score}/100 ({breakdown})' }));

  expect(texts.title({ target: 'a', item: 'b', score: 92, breakdown: 'VQ: 30/30' })).toBe(
    'b: 92/100 (VQ: 30/30)',
  );
  expect(texts.title({ target: 'a', item: 'b' })).toBe('b: –/100 (–)');
});

test('a title is one line of at most 256 characters', () => {
  const texts = createShipTexts(makeConfig({ title: 'regen({target}): {item}' }));

  expect(texts.title({ target: 'a\nb', item: 'c\u0000d' })).toBe('regen(a b): c d');
  expect(texts.title({ target: 'a', item: 'x'.repeat(300) })).toBe(`regen(a): ${'x'.repeat(245)}…`);
});

test('ids are percent-encoded in the branch, and a base may have slashes', () => {
  const config = { ...makeConfig({ branch: 'implementation/{target}/{item}' }), base: 'origin/release/1.x' };

  const { branch, base } = createShipTexts(config).draft(makeFacts({ target: 'common', item: '..' }));

  expect({ branch, base }).toEqual({ branch: 'implementation/common/%2E%2E', base: 'release/1.x' });
});

test('a huge body is cut before the marker', () => {
  const { body } = createShipTexts(makeConfig({ body: 'x'.repeat(70_000) })).draft(makeFacts());

  expect(body.length).toBeLessThan(65_536);
  expect(body).toMatch(/x…\n\n<!-- regen: .* -->\n$/);
});
