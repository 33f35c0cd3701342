import { describe, expect, it } from 'vitest';
import type { AuditFindings } from '../../src/step/audit-station.js';
import { altair, matplotlib, plotly, rules, specification } from './corpus.js';
import { auditOf, find } from './repository.js';

const files = {
  'rules.md': rules,
  'plots/bar-basic/spec.md': specification,
  'plots/bar-basic/altair.py': altair,
  'plots/bar-basic/matplotlib.py': matplotlib,
  'plots/bar-basic/plotly.py': plotly,
};

const three = ['altair', 'matplotlib', 'plotly'] as const;

describe('what code finds', () => {
  it('is who may have copied whom, what they share, and their files', async () => {
    expect(await find(auditOf(), files, three)).toEqual({
      target: 'bar-basic',
      dictated: [
        { path: 'rules.md', text: rules },
        { path: 'plots/bar-basic/spec.md', text: specification },
      ],
      clusters: [
        {
          id: 'C1',
          items: ['altair', 'matplotlib'],
          todo: ['altair', 'matplotlib'],
          later: 'matplotlib',
          files: [
            { item: 'altair', path: 'plots/bar-basic/altair.py', text: altair },
            { item: 'matplotlib', path: 'plots/bar-basic/matplotlib.py', text: matplotlib },
          ],
          evidence: [
            'shared numbers: 412, 367, 298, 241, 173, 96, 16, 14',
            'shared words: loaves, rye, spelt, wheat, sourdough, pumpernickel, baguette, sold, bread, bakery',
          ],
        },
      ],
    } satisfies AuditFindings);
  });

  it('asks the last one that is to be done, and nobody where none is', async () => {
    const some = (isTodo: readonly boolean[]) =>
      three.map((id, index) => ({ id, isTodo: isTodo[index] ?? true }));

    expect((await find(auditOf(), files, some([true, false]))).clusters).toMatchObject([
      { items: ['altair', 'matplotlib'], todo: ['altair'], later: 'altair' },
    ]);
    expect((await find(auditOf(), files, some([false, false]))).clusters).toEqual([]);
  });

  it('says of more than two who shares what with whom', async () => {
    const { clusters } = await find(
      auditOf(),
      {
        'plots/bar-basic/a.py': 'x = [9, 7, 4, 3]',
        'plots/bar-basic/b.py': '[9,7,4,3]',
        'plots/bar-basic/c.py': '[9, 7, 4, 3, 8]',
      },
      ['c', 'b', 'a'],
    );

    expect(clusters.map(({ items, evidence }) => ({ items, evidence }))).toEqual([
      {
        items: ['c', 'b', 'a'],
        evidence: [
          'c and b: shared numbers: 9, 7, 4, 3',
          'c and a: shared numbers: 9, 7, 4, 3',
          'b and a: shared numbers: 9, 7, 4, 3',
        ],
      },
    ]);
  });

  it('looks at text that is the item’s own: not at its metadata, what several may write, links or pictures', async () => {
    const audit = auditOf({
      items: { list: ['a', 'b'], writes: ['{item}/**', 'meta/{item}.yaml', 'shared.py'] },
      record: { metadata: 'meta/{item}.yaml' },
    });
    const both = (own: string | Buffer, name: string) => ({ [`a/${name}`]: own, [`b/${name}`]: own });
    const data = 'x = [412, 367, 241, 96, 83]';
    const nothing = { 'a/x.py': 'a()', 'b/x.py': 'b()', 'shared.py': data };

    const others = {
      ...both(data, 'link.py'),
      ...both(Buffer.concat([Buffer.from(data), Buffer.from([0])]), 'zero.bin'),
      ...both(Buffer.concat([Buffer.from(data), Buffer.from([0xff])]), 'foreign.py'),
      ...{ 'meta/a.yaml': data, 'meta/b.yaml': data },
    };

    const modes = { 'a/link.py': '120000', 'b/link.py': '120000' };
    expect((await find(audit, { ...nothing, ...others }, ['a', 'b'], modes)).clusters).toEqual([]);
    expect((await find(audit, { ...nothing, ...both(data, 'own.py') }, ['a', 'b'])).clusters).toMatchObject([
      { files: [{ path: 'a/own.py' }, { path: 'b/own.py' }] },
    ]);
  });

  it('is nothing where texts for the items say it, or nobody is there to compare', async () => {
    const told = {
      'for-plotly.md': matplotlib,
      'plots/bar-basic/altair.py': altair,
      'plots/bar-basic/plotly.py': matplotlib,
    };
    const audit = auditOf({ prompt: { item: ['for-{item}.md'], task: 'Redo it.' } });

    expect((await find(audit, told, ['altair', 'plotly'])).clusters).toEqual([]);
    expect((await find(audit, files, ['altair'])).clusters).toEqual([]);
    expect((await find(audit, files, ['altair', 'missing'])).clusters).toEqual([]);
  });

  it('shows of long files what is shared, with its surroundings', async () => {
    const long = (name: string) =>
      [
        ...Array.from({ length: 900 }, (_, line) => `${name}_${line} = ${name}(${line * name.length})`),
        'data = [412, 367, 241, 96, 83]',
        ...Array.from({ length: 900 }, (_, line) => `${name}.${name}${line}("${name}")`),
      ].join('\n');
    const { clusters } = await find(
      auditOf(),
      { 'plots/bar-basic/a.py': long('alpha'), 'plots/bar-basic/b.py': long('omicron') },
      ['a', 'b'],
    );
    const texts = clusters[0]?.files.map(({ text }) => text) ?? [];

    expect(texts.map((text) => text.length <= 20_000 && text.includes('[412, 367, 241, 96, 83]'))).toEqual([
      true,
      true,
    ]);
    expect(texts[0]).toMatch(
      /^alpha_0 = .*\n[\s\S]*\nalpha_896 = .*\nalpha_897 = .*\nalpha_898 = .*\nalpha_899 = .*\ndata = [\s\S]*\n\[… left out …\]\n$/,
    );
  });
});

describe('the question', () => {
  it('tells the rules and what everybody was told, then the target’s own', async () => {
    const audit = auditOf();
    const { prefix, prefixHash, message, schema } = audit.question(await find(audit, files, three));

    expect(prefix).toMatch(
      /^# Your part\n[\s\S]*\n\n# What the author of every item was told\n\n<file path="rules\.md">\n/,
    );
    expect(prefixHash).toMatch(/^[0-9a-f]{64}$/);
    expect(message).toBe(`# What you judge

Target: \`bar-basic\`

# What was asked for

<file path="plots/bar-basic/spec.md">
${specification}
</file>

# Cluster C1

- Items, in the plan's order: \`altair\`, \`matplotlib\`
- Open to change: \`altair\`, \`matplotlib\`
- shared numbers: 412, 367, 298, 241, 173, 96, 16, 14
- shared words: loaves, rye, spelt, wheat, sourdough, pumpernickel, baguette, sold, bread, bakery

## Of \`altair\`

<file path="plots/bar-basic/altair.py">
${altair}
</file>

## Of \`matplotlib\`

<file path="plots/bar-basic/matplotlib.py">
${matplotlib}
</file>`);
    expect(schema).toMatchObject({ required: ['clusters'], additionalProperties: false });
  });

  it('has the same beginning for every target', async () => {
    const audit = auditOf();
    const findings = await find(audit, files, three);

    const other = { ...findings, target: 'pie-basic', clusters: [], dictated: findings.dictated.slice(0, 1) };
    expect(audit.question(other).prefixHash).toBe(audit.question(findings).prefixHash);
  });

  it('goes on with what was wrong', () => {
    expect(auditOf().correction(['cluster C1 is missing'])).toContain('- cluster C1 is missing\n');
  });
});
