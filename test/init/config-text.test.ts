import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { configText } from '../../src/init/config-text.js';
import type { ConfigFacts } from '../../src/init/config-text.js';
import { guessLayout } from '../../src/init/layout.js';

const unknown: ConfigFacts = {
  base: 'origin/main',
  layout: null,
  isOnGitHub: true,
  test: 'npm test',
  isTestKnown: true,
  schema: null,
};

test('without a guess it is an example that is valid and says where to edit', () => {
  const text = configText(unknown);

  expect(parseConfig(text)).toMatchObject({
    base: 'origin/main',
    targets: { glob: 'pieces/{target}/specification.md' },
    items: { glob: 'pieces/{target}/{item}.txt' },
    ship: { to: 'github' },
  });
  expect(text.split('\n').filter((line) => line.includes('# EDIT'))).toHaveLength(3);
});

test('with a guess, targets, items and their files stand in it', () => {
  const layout = guessLayout(
    ['a', 'b'].flatMap((target) => [
      `plots/${target}/README.md`,
      `plots/${target}/code/one.py`,
      `plots/${target}/code/two.py`,
      `plots/${target}/metadata/one.yaml`,
      `plots/${target}/metadata/two.yaml`,
    ]),
  );

  const config = parseConfig(configText({ ...unknown, layout, isOnGitHub: false, base: 'upstream/trunk' }));

  expect(config).toMatchObject({
    base: 'upstream/trunk',
    targets: { glob: 'plots/{target}/README.md', title: 'plots/{target}/README.md', updated: 'git' },
    items: {
      glob: 'plots/{target}/code/{item}.py',
      exclude: ['**/__init__.py'],
      writes: ['plots/{target}/code/{item}.py', 'plots/{target}/metadata/{item}.yaml'],
    },
    prompt: { target: ['plots/{target}/README.md'] },
    ship: { to: 'branch' },
  });
});

test('an editor’s schema stands in the first line, where there is one', () => {
  const text = configText({ ...unknown, schema: './node_modules/regen/regen.schema.json' });

  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./node_modules/regen/regen.schema.json');
});

test('whatever the folders are called, the text is a valid config', () => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .filter((text) => !/[/\0]/.test(text));
  const folder = name.filter((text) => text !== '.' && text !== '..' && text.toLowerCase() !== '.git');

  fc.assert(
    fc.property(folder, folder, name, (before, after, extension) => {
      const paths = ['a', 'b'].flatMap((target) =>
        ['one', 'two'].map((item) => `${before}/${target}/${after}/${item}.${extension}`),
      );

      const layout = guessLayout(paths);
      const config = parseConfig(configText({ ...unknown, layout }));

      if (layout !== null) expect(config.items.glob).toBe(layout.items);
    }),
  );
});
