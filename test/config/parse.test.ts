import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { RegenError } from '../../src/model/errors.js';

/** Seven lines that are right; a case adds or replaces what is wrong. */
const sound = `version: 1
targets:
  glob: plots/*/specification.yaml
items:
  glob: plots/{target}/*.py
prompt:
  task: Redo it.
`;

describe('parseConfig', () => {
  it('fills in what a minimal config leaves out', () => {
    const config = parseConfig(sound);

    expect({ base: config.base, minAge: config.targets.minAge, branch: config.ship.branch }).toEqual({
      base: 'origin/main',
      minAge: 20 * 3_600_000,
      branch: 'regen/{target}/{item}',
    });
  });

  it('reads what an anchor stands for', () => {
    const config = parseConfig(
      `${sound}checks:\n  run: [{ name: a, run: &line make }, { name: b, run: *line }]\n`,
    );

    expect(config.checks.run.map((check) => check.run)).toEqual(['make', 'make']);
  });

  it('takes one price for a model, or several with dates and tiers', () => {
    const config = parseConfig(
      `${sound}prices:\n  one: { input: 1, output: 2 }\n  more:\n    - { input: 1, output: 2 }\n    - { input: 3, output: 4, from: 2026-12-01, promptOver: 200000 }\n`,
    );

    expect(config.prices).toEqual({
      one: { input: 1, output: 2 },
      more: [
        { input: 1, output: 2 },
        { input: 3, output: 4, from: '2026-12-01', promptOver: 200_000 },
      ],
    });
  });

  it.each<readonly [what: string, text: string, ...problems: string[]]>([
    ['an empty file', '', '1:1: is empty; it needs version, targets, items and prompt'],
    ['a file of comments', '# later\n', '1:1: is empty; it needs version, targets, items and prompt'],
    ['a list', '- a\n', '1:1: holds no mapping of keys; it needs version, targets, items and prompt'],
    ['a duplicate key', `${sound}items: {}\n`, '8:1: "items: {}": the key stands here twice; keep one'],
    [
      'a tab',
      'version: 1\ntargets:\n\tglob: x\n',
      '3:1: "glob: x": YAML doesn’t indent with tabs; use spaces',
    ],
    [
      'a second document',
      `${sound}---\nversion: 1\n`,
      '8:1: "---": a second YAML document begins here; keep one',
    ],
    [
      'a value that YAML takes for a reference',
      sound.replace('plots/*/specification.yaml', '*.md'),
      '3:9: "*.md" is read as a reference to an anchor that doesn\'t exist; put it in quotes',
    ],
    [
      'a value that YAML takes for a mapping',
      sound.replace('plots/*/specification.yaml', '{target}'),
      '3:9: targets.glob: {"target":null} is a mapping, not a text; a text that begins with { needs quotes',
    ],
    [
      'a value of which YAML takes the beginning for a mapping',
      sound.replace('plots/*/specification.yaml', '{target}/x'),
      '3:17: "glob: {target}/x": not valid YAML: Unexpected scalar at node end; a value that begins with { needs quotes',
    ],
    [
      'a bracket that stays open',
      `${sound}agent: { tools: [Read\nship: {}\n`,
      '9:1: "ship: {}": Flow sequence in block collection must be sufficiently indented and end with a ]; ' +
        'indent it like its neighbours, or close the bracket before it',
    ],
    [
      'an unknown tag',
      `${sound}base: !secret x\n`,
      '8:7: "base: !secret x": not valid YAML: Unresolved tag: !secret; a value that begins with ! needs quotes',
    ],
  ])('says where and what: %s', (_what, text, ...problems) => {
    expectProblems(text, problems);
  });

  it('names a known key for a mistyped one, and all of them for a stranger', () => {
    expectProblems(`${sound}agnet: {}\ncache: { flavour: x }\n`, [
      '8:1: agnet: is not a known key; did you mean "agent"?',
      '9:10: cache.flavour: is not a known key; known here: mode and models',
    ]);
  });

  it('points at the mapping that a required key is missing from', () => {
    expectProblems('base: origin/main\nprompt:\n  static: []\n', [
      '1:1: version: is missing; write 1',
      '1:1: targets: is missing; add a mapping of glob, list, command, title, updated, order and minAge (The groups to redo, and in which order.)',
      '1:1: items: is missing; add a mapping of glob, list, exclude, blocks, heading, writes, isolate, unchanged and skip (The units of a target: one is redone at a time.)',
      '3:3: prompt.task: is missing; add a text (What to do: a file, or the text itself.)',
    ]);
  });

  it('reports every wrong value at its own place', () => {
    const text = `${sound}agent:
  maxTurns: "3"
  timeout: 20 hours
  idle: 5
  tools: Read
  env: [A B]
  command: []
  model:
  profile: len
checks:
  run:
    - name: a b
      run: ""
      each: { a b: [x] }
      retries: -1
`;

    expectProblems(text, [
      '9:13: agent.maxTurns: "3" is a text, not a whole number; remove the quotes',
      '10:12: agent.timeout: "20 hours" does not fit; write a duration such as 30m, 10s or 20h',
      '11:9: agent.idle: 5 is a number, not a duration; give the unit, such as 5m or 5s',
      '12:10: agent.tools: "Read" is a text, not a list; put it in brackets: ["Read"]',
      '13:9: agent.env[0]: "A B" does not fit; write the name of an environment variable',
      '14:12: agent.command: [] is an empty list; name at least one, or remove the key',
      '15:3: agent.model: is empty; write a text, or remove the key',
      '16:12: agent.profile: "len" is not lean, standard or custom; did you mean "lean"?',
      '19:13: checks.run[0].name: "a b" does not fit; write a name without blanks or slashes',
      '20:12: checks.run[0].run: "" is empty; write something, or remove the key',
      '21:15: checks.run[0].each["a b"]: "a b" does not fit; write a name for REGEN_<NAME>',
      '22:16: checks.run[0].retries: -1 is too small; write a number of at least 0',
    ]);
  });

  it.each([
    ...['agent: { timeout: 0s }', 'agent: { idle: 0ms }', 'worker: { timeout: 0s }', 'worker: { poll: 0m }'],
    ...[
      'worker: { mcp: { timeout: 0s } }',
      'worker: { mcp: { servers: { s: { command: [a], timeout: 0s } } } }',
    ],
    ...['checks: { run: [{ name: a, run: a, timeout: 0.5ms }] }', 'publish: { run: a, timeout: 0s }'],
  ])('refuses a limit that leaves no time: %s', (line) => {
    const [, key = '', value = ''] = /(\w+): ([\d.]+m?s?)[ }]/.exec(line) ?? [];
    const [problem = ''] = problemsIn(`${sound}${line}\n`);

    expect(problem).toMatch(new RegExp(`^8:${line.indexOf(`${key}: ${value}`) + 1}: [\\w.[\\]]+\\.${key}: `));
    expect(problem).toContain(`"${value}" leaves no time at all; write a longer one, such as 30s or 10m`);
  });

  it('takes a pause of no length', () => {
    const { targets, ship } = parseConfig(
      `${sound.replace('yaml\n', 'yaml\n  minAge: 0s\n')}ship: { labelDelay: 0s }\n`,
    );

    expect([targets.minAge, ship.labelDelay]).toEqual([0, 0]);
  });

  it.each(['"a\\nb"', 'a→b', '"a, b"', 'a b', '""', '"a\\x7fb"'])('refuses the beta %s', (beta) => {
    const value: unknown = beta.startsWith('"') ? JSON.parse(beta.replace('\\x7f', '\\u007f')) : beta;

    expectProblems(`${sound}provider: { betas: [context-1m-2025-08-07, ${beta}] }\n`, [
      `8:44: provider.betas[1]: ${JSON.stringify(value)} does not fit; write one word of the anthropic-beta header, such as context-1m-2025-08-07`,
    ]);
  });

  it.each([
    ['worker: { endpoint: URL }', 'worker.endpoint', 'ANTHROPIC_API_KEY in the environment'],
    ['agent: { endpoint: URL }', 'agent.endpoint', 'ANTHROPIC_API_KEY in the environment'],
    ['worker: { mcp: { servers: { s: { url: URL } } } }', 'worker.mcp.servers.s.url', 'headers'],
    [
      'retrieval: { documents: [a.md], embeddings: { model: m, url: URL } }',
      'retrieval.embeddings.url',
      'keyEnv',
    ],
  ])('refuses a password in an address, and doesn’t repeat it: %s', (line, key, instead) => {
    for (const url of ['http://u:p@host/v1', 'HTTPS://token@host']) {
      const text = line.replace('URL', JSON.stringify(url));
      expectProblems(`${sound}${text}\n`, [
        `8:${line.search(/\w+: URL/) + 1}: ${key}: must not hold a user or password; use ${instead}`,
      ]);
    }
    expect(problemsIn(`${sound}${line.replace('URL', '"http://host/v1?to=a@b"')}\n`)).toEqual([]);
  });

  it('judges an either-or by the shape that was meant', () => {
    const text = `${sound}ship:
  labels:
    - { atLeast: 50, than: ok, else: bad }
    - 4
`;

    expectProblems(text, [
      '10:7: ship.labels[0].then: is missing; add a text',
      '10:22: ship.labels[0].than: is not a known key; did you mean "then"?',
      '11:7: ship.labels[1]: 4 is a number, not a text or a mapping of atLeast, then and else; put it in quotes: "4"',
    ]);
  });

  it('wants exactly one source of targets and of items', () => {
    const text = sound.replace('  glob: plots/{target}/*.py', '  heading: Parts');

    expectProblems(text.replace('specification.yaml', 'specification.yaml\n  command: ls'), [
      '4:3: targets.command: has glob and command; give one source',
      '5:1: items: needs one source: glob, list',
    ]);
  });
});

describe('parseConfig, across keys', () => {
  it('refuses every path that leads out of the repository or never matches', () => {
    const text = `version: 1
targets:
  glob: /plots/*/x
  title: ../{target}.md
  updated: { files: './a/{target}/*.yaml', fields: [updated] }
items:
  glob: plots//{target}/*.py
  exclude: [a/../b]
  writes: ['~/{item}', '.git/hooks/{item}']
  skip: [{ path: 'a/..', when: empty }]
prompt:
  static: [../x]
  task: ../task.md
record: { metadata: /x }
ship: { parentIssue: { file: '..', field: issue } }
checks: { run: [{ name: a, run: a, produces: ['../plot.png?'] }] }
`;

    expectProblems(text, [
      '3:9: targets.glob: "/plots/*/x" is absolute; write it relative to the repository',
      '4:10: targets.title: "../{target}.md" leads out of the repository; write a path without ".."',
      '5:21: targets.updated.files[0]: "./a/{target}/*.yaml" is not how git writes a path, so nothing would match; write "a/{target}/*.yaml"',
      '7:9: items.glob: "plots//{target}/*.py" is not how git writes a path, so nothing would match; write "plots/{target}/*.py"',
      '8:13: items.exclude[0]: "a/../b" leads out of the repository; write a path without ".."',
      '9:12: items.writes[0]: "~/{item}" is absolute; write it relative to the repository',
      '9:24: items.writes[1]: ".git/hooks/{item}" lies in .git; choose another path',
      '10:18: items.skip[0].path: "a/.." leads out of the repository; write a path without ".."',
      '12:12: prompt.static[0]: "../x" leads out of the repository; write a path without ".."',
      '13:9: prompt.task: "../task.md" leads out of the repository; write a path without ".."',
      '14:21: record.metadata: "/x" is absolute; write it relative to the repository',
      '15:30: ship.parentIssue.file: ".." leads out of the repository; write a path without ".."',
      '16:47: checks.run[0].produces[0]: "../plot.png" leads out of the repository; write a path without ".."',
    ]);
  });

  it('takes a task that is prose for prose', () => {
    const config = parseConfig(sound.replace('Redo it.', 'Redo it as ../other does.'));

    expect(config.prompt.task).toBe('Redo it as ../other does.');
  });

  it('refuses a cascade that rises', () => {
    expectProblems(`${sound}evaluate: { rubric: r.yaml, accept: [80, 80, 90] }\n`, [
      '8:46: evaluate.accept[2]: 90 is more than the 80 of the review before; a cascade falls, such as [90, 80, 70]',
    ]);
  });

  it('refuses a branch that depends on a score', () => {
    const text = `${sound}evaluate: { rubric: r.yaml }\nship: { branch: 'regen/{target}/{item}-{score}' }\n`;

    expectProblems(text, [
      '9:17: ship.branch: "regen/{target}/{item}-{score}" names {score}, which an item’s branch can’t depend on; remove it',
    ]);
  });

  it('refuses placeholders that nothing would fill', () => {
    const text = `${sound}ship:
  title: '{score} {breakdown}'
  labels: ['q:{score}', { atLeast: 50, then: ok, else: bad }]
record:
  fields: { issue: '{parentIssue}' }
`;

    expectProblems(
      text.replace('task:', "static: ['{item}.md']\n  target: ['{target}/{item}.md']\n  task:"),
      [
        '7:12: prompt.static[0]: "{item}.md" differs by {item}; move it to prompt.target or prompt.item',
        '8:12: prompt.target[0]: "{target}/{item}.md" differs by {item}; move it to prompt.item',
        '11:10: ship.title: "{score} {breakdown}" names {score} and {breakdown}, but there is no evaluate section; remove it',
        '12:12: ship.labels[0]: "q:{score}" names {score}, but there is no evaluate section; remove it',
        '12:27: ship.labels[1].atLeast: asks for a score, but there is no evaluate section; remove it',
        '14:20: record.fields.issue: "{parentIssue}" names {parentIssue}; say in ship.parentIssue where it stands',
      ],
    );
  });

  it('refuses patterns that name nothing', () => {
    const text = sound.replace('plots/*/specification.yaml', 'specs/**/a.yaml').replace('/*.py', '/x.py');

    expectProblems(text, [
      `3:9: targets.glob: "specs/**/a.yaml" doesn't say where the target stands; write {target} or a * in its place`,
      `5:9: items.glob: "plots/{target}/x.py" doesn't say where the item stands; write {item} or a * in its place`,
    ]);
  });

  it.each(['origin/*', 'origin/main:main', 'origin/a..b', 'origin/x.lock'])(
    'refuses the base "%s"',
    (base) => {
      expectProblems(`${sound}base: '${base}'\n`, [
        `8:7: base: "${base}" is no remote and branch of git; write one such as origin/main`,
      ]);
    },
  );

  it('wants to know which files are an item’s own', () => {
    const listed = sound.replace('glob: plots/{target}/*.py', 'list: [a, b]');

    expectProblems(listed, [
      `5:3: items.writes: is missing, and a list doesn't say what an item's files are; add ["…/{item}…"]`,
    ]);
    expectProblems(listed.replace('[a, b]', '[a, b]\n  writes: [README.md]'), [
      `6:11: items.writes: ["README.md"] holds no {item}; name the item's own file`,
    ]);
  });

  it('refuses lists that repeat themselves or tell no time', () => {
    const text = sound
      .replace('glob: plots/*/specification.yaml', 'list: [a, { id: a }, { id: b, updated: soon }]')
      .replace('glob: plots/{target}/*.py', "list: [x, x]\n  writes: ['{target}/{item}']");

    expectProblems(text, [
      '3:13: targets.list[1]: "a" is listed twice; remove one',
      '3:42: targets.list[2].updated: "soon" is no point in time; write one such as 2025-11-12T08:14:00Z',
      '5:13: items.list[1]: "x" is listed twice; remove one',
    ]);
  });

  it.each([
    ['regen work/{target}/{item}', 'is no name for a git branch; write one such as regen/{target}/{item}'],
    ['-{target}/{item}', 'is no name for a git branch; write one such as regen/{target}/{item}'],
    ['regen/{target}', 'needs {item}; every item has a branch of its own'],
    ['regen', 'needs {target} and {item}; every item has a branch of its own'],
  ])('refuses the branch "%s"', (branch, fault) => {
    expectProblems(`${sound}ship: { branch: '${branch}' }\n`, [`8:17: ship.branch: "${branch}" ${fault}`]);
  });

  it('refuses checks that share a log, or re-run nothing', () => {
    const text = `${sound}checks:
  run:
    - { name: a, run: x }
    - { name: a, run: y, targeted: pytest }
record: { header: { file: a.py, match: '(', line: x } }
`;

    expectProblems(text, [
      `11:15: checks.run[1].name: "a" is another check's name too; give each its own`,
      '11:36: checks.run[1].targeted: "pytest" names neither {failed} nor {failedFiles}; put one where the failed tests go, or remove the key',
      '12:40: record.header.match: "(" is no regular expression (Invalid regular expression: /(/m: Unterminated group); mend it',
    ]);
  });

  it('refuses checks that couldn’t say what they are asked', () => {
    const check = (text: string) => `${sound}checks: { run: [{ name: a, ${text} }] }\n`;
    const fault = (text: string) => problemsIn(check(text))[0]?.replace(/^[\d:]+: /, '');

    expect(fault("run: 'pytest -qx', baseline: true")).toBe(
      'checks.run[0].run: "pytest -qx" stops at the first failure (-qx), and baseline and targeted need all failures; remove it',
    );
    expect(fault('run: cargo test --all, baseline: true')).toContain('add --no-fail-fast');
    expect(fault("run: 'test -x a.sh && pytest', baseline: true")).toBeUndefined();
    expect(fault("run: 'pytest {failed}'")).toContain('write {failed} in targeted only');
    expect(fault(`run: x, targeted: "pytest '{failed}'"`)).toContain('remove the quotes around it');
    expect(fault('run: x, each: { theme: [light, light] }')).toContain('"light" is there twice; remove one');
    expect(fault('run: x, each: { item: [a] }')).toContain('give the axis another name');
    expect(fault(`run: x, each: { theme: [${'x'.repeat(220)}] }`)).toContain('shorten them to 200');
    expect(fault('run: x, timeout: 30d')).toContain('"30d" is more than a timer can wait; write 24d at most');
    expect(problemsIn(`${sound}checks: { tools: { node: '>=banana' } }\n`)[0]).toContain(
      '">=banana" is no range of versions; write one such as >=20.10, or * for any',
    );
  });

  it('refuses to have judged what no check produces', () => {
    const checks = `checks:
  run: [{ name: render, run: make, each: { theme: [light, dark] }, produces: ['{item}-{theme}.png', 'page.html?'] }]
`;

    expectProblems(
      `${sound}${checks}evaluate:\n  rubric: r.yaml\n  attach: ['{item}-dark.png', page.html, '{item}-blue.png']\n`,
      [
        '12:42: evaluate.attach[2]: "{item}-blue.png" is produced by no check; name it in a check\'s produces, or remove it',
      ],
    );
  });

  it('refuses an unchanged item’s evaluation when nothing is evaluated', () => {
    expectProblems(sound.replace('prompt:', '  unchanged: evaluate\nprompt:'), [
      '6:14: items.unchanged: "evaluate" needs a score, but there is no evaluate section; write skip or fail',
    ]);
  });
});

/** Problems without the file's name in front of each. */
function expectProblems(text: string, problems: readonly string[]): void {
  const error = errorOf(() => parseConfig(text));

  expect(error.code).toBe('config');
  expect(error.message.split('\n').map((line) => line.replace(/^regen\.yaml:/, ''))).toEqual(problems);
}

function problemsIn(text: string): readonly string[] {
  try {
    parseConfig(text);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^regen\.yaml:/, ''));
  }
}

function errorOf(act: () => unknown): RegenError {
  try {
    act();
  } catch (error) {
    if (error instanceof RegenError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}
