import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';
import { RegenError } from '../../src/model/errors.js';

/** Eight lines that are right, the engine in the second; a case adds what follows, or replaces what is wrong. */
const ofWorker = `version: 1
engine: worker
targets: { glob: 'docs/{target}/*.md' }
items:
  glob: 'docs/{target}/{item}.md'
  blocks: { markdown: blocks }
prompt:
  task: Shorten it.
`;
const ofAgent = ofWorker.replace('engine: worker', 'engine: agent').replace(/ {2}blocks:.*\n/, '');

function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(text);
    return [];
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'config') throw error;
    return error.message.split('\n').map((line) => line.replace(/^regen\.yaml:/, ''));
  }
}

describe('the worker', () => {
  it('is content with a few lines, and says what it does by itself', () => {
    const { engine, worker, items, provider } = parseConfig(ofWorker);

    expect({ engine, worker, blocks: items.blocks, provider }).toEqual({
      engine: 'worker',
      worker: {
        ...{ model: 'haiku', timeout: 600_000, count: 20, maxOutput: 16_000, system: 400 },
        ...{ mode: 'realtime', poll: 300_000, prewarm: true },
      },
      blocks: { by: 'markdown', depth: 'blocks' },
      provider: { betas: [] },
    });
  });

  it.each<readonly [what: string, text: string, ...problems: string[]]>([
    [
      'items that are a list',
      ofWorker.replace("glob: 'docs/{target}/{item}.md'", 'list: [a, b]'),
      '5:3: items.list: names no files, and engine: worker needs them; write items.glob',
    ],
    [
      'files to write',
      ofWorker.replace('prompt:', "  writes: ['x/{item}']\nprompt:"),
      '7:3: items.writes: says nothing here: the worker writes the blocks’ own files; remove it',
    ],
    [
      'isolation',
      ofWorker.replace('prompt:', '  isolate: true\nprompt:'),
      '7:3: items.isolate: keeps files from an agent, and the worker reads none: needs engine: agent; remove it',
    ],
    [
      'files of each item in the prompt',
      `${ofWorker}  item: ['prompts/{item}.md']\n`,
      '9:3: prompt.item: differs by item, and a pack has many; move what is needed to prompt.target',
    ],
    [
      'a pattern that is none',
      ofWorker.replace('{ markdown: blocks }', "{ pattern: '(a' }"),
      '6:22: items.blocks.pattern: "(a" is no pattern: Invalid regular expression: /(a/dgmu: Unterminated group; write a regular expression of JavaScript, for the flags m and u',
    ],
    [
      'a pattern without a group',
      ofWorker.replace('{ markdown: blocks }', "{ pattern: 'a+' }"),
      '6:22: items.blocks.pattern: "a+" has no group, so that nothing says what the block is; put the region into parentheses: (?<block>…)',
    ],
    [
      'the code of files that have none',
      ofWorker.replace('{ markdown: blocks }', '{ code: docs }'),
      '6:19: items.blocks.code: "docs" of .md files: their code isn’t known; use a pattern, or files of .py .pyi .ts .mts .cts .tsx .js .mjs .cjs .jsx .java .go .rs .c .h .cc .cpp .cxx .hpp .php',
    ],
    [
      'an answer as long as the window',
      `${ofWorker}worker: { context: 16000 }\n`,
      '9:20: worker.context: 16000 has no room beside an answer of 16000 tokens; raise it, or lower worker.maxOutput',
    ],
    [
      'an answer as long as the model’s window',
      `${ofWorker}worker: { model: claude-haiku-4-5, maxOutput: 200000 }\n`,
      '9:47: worker.maxOutput: 200000 is all of the model’s window of 200000 tokens; lower it',
    ],
    [
      'a task for one item',
      ofWorker.replace('Shorten it.', 'Shorten {item}.'),
      '8:9: prompt.task: "Shorten {item}." names {item}, and a pack has many; remove it',
    ],
    [
      'a file of the task for one item',
      ofWorker.replace('Shorten it.', 'prompts/{item}.md'),
      '8:9: prompt.task: "prompts/{item}.md" names {item}, and a pack has many; remove it',
    ],
    [
      'an evaluation',
      `${ofWorker}evaluate: { rubric: r.yaml, accept: 90 }\n`,
      '9:1: evaluate: needs engine: agent; remove it',
    ],
    ['an audit', `${ofWorker}audit: true\n`, '9:1: audit: needs engine: agent; remove it'],
    [
      'metadata',
      `${ofWorker}record: { metadata: 'm/{item}.yaml' }\n`,
      '9:1: record: needs engine: agent; remove it',
    ],
    [
      'checks of one item',
      `${ofWorker}checks:\n  run:\n    - { name: a, run: 'lint {item}', targeted: 'lint {item} {failed}' }\n`,
      '11:23: checks.run[0].run: "lint {item}" names {item}, and runs once for all items of a pack; remove it, or set ship.per: item',
      '11:48: checks.run[0].targeted: "lint {item} {failed}" names {item}, and runs once for all items of a pack; remove it, or set ship.per: item',
    ],
    [
      'a place for one item',
      `${ofWorker}publish: { run: 'cp {artifacts} {item}' }\n`,
      '9:17: publish.run: "cp {artifacts} {item}" names {item}, and runs once for all items of a pack; remove it, or set ship.per: item',
    ],
    [
      'a choice of mode that goes by nothing',
      `${ofWorker}worker: { mode: auto }\n`,
      '9:17: worker.mode: "auto" goes by worker.deadline, and there is none; add it',
    ],
    [
      'tools in a batch',
      `${ofWorker}worker: { mode: batch, mcp: { regen: true } }\n`,
      '9:24: worker.mcp: needs mode: realtime, since a batch has no turns; remove it or the mode',
    ],
  ])('refuses %s', (_what, text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('tells of everything at once', () => {
    const text = `${ofWorker.replace('Shorten it.', 'Shorten {item}.')}audit: true\nworker: { mode: auto }\n`;

    expect(problemsOf(text).map((problem) => problem.slice(0, problem.indexOf(': ', 6)))).toEqual([
      ...['8:9: prompt.task', '9:1: audit', '10:17: worker.mode'],
    ]);
  });

  it('checks and publishes item by item where it ships so', () => {
    const more = `checks: { run: [{ name: a, run: 'lint {item}' }] }\npublish: { run: 'cp {item}' }\n`;

    expect(problemsOf(`${ofWorker}ship: { per: item }\n${more}`)).toEqual([]);
  });

  it('takes a deadline, and tools in realtime', () => {
    expect(problemsOf(`${ofWorker}worker: { mode: auto, deadline: 2d }\n`)).toEqual([]);
    expect(problemsOf(`${ofWorker}worker: { mcp: { regen: true } }\n`)).toEqual([]);
  });

  it.each<readonly [what: string, worker: string, problem: string]>([
    ['no items in a call', 'count: 0', '9:18: worker.count: 0 is too small; write a number above 0'],
    [
      'too short an answer',
      'maxOutput: 9',
      '9:22: worker.maxOutput: 9 is too small; write a number of at least 256',
    ],
    [
      'an unknown mode',
      'mode: bach',
      '9:17: worker.mode: "bach" is not realtime, batch or auto; did you mean "batch"?',
    ],
    [
      'an endpoint of another kind',
      'endpoint: localhost',
      '9:21: worker.endpoint: "localhost" does not fit; write an http or https URL',
    ],
    [
      'a time without its unit',
      'poll: 5',
      '9:17: worker.poll: 5 is a number, not a duration; give the unit, such as 5m or 5s',
    ],
    ['a mistyped key', 'modle: haiku', '9:11: worker.modle: is not a known key; did you mean "model"?'],
    [
      'a server that is nowhere',
      'mcp: { servers: { a: {} } }',
      '9:29: worker.mcp.servers.a: needs a command or a url',
    ],
    [
      'a server that is in two places',
      'mcp: { servers: { a: { command: [x], url: "http://localhost" } } }',
      '9:29: worker.mcp.servers.a: has command and url; give one of them',
    ],
    [
      'an environment for nobody',
      'mcp: { servers: { a: { url: "http://localhost", env: [A] } } }',
      '9:29: worker.mcp.servers.a: names env, which says nothing beside url; remove it',
    ],
    [
      'headers for a program',
      'mcp: { servers: { a: { command: [x], headers: { Authorization: A } } } }',
      '9:29: worker.mcp.servers.a: names headers, which say nothing beside command; remove them',
    ],
  ])('refuses %s', (_what, worker, problem) => {
    expect(problemsOf(`${ofWorker}worker: { ${worker} }\n`)).toEqual([problem]);
  });

  it.each([
    ['file', { by: 'file' }],
    ['{ markdown: leaves }', { by: 'markdown', depth: 'leaves' }],
    ['{ markdown: { sections: 2 } }', { by: 'markdown', depth: 'sections', level: 2 }],
    ['{ code: docs }', { by: 'code', select: 'docs' }],
    ["{ pattern: '^(.*)$' }", { by: 'pattern', pattern: '^(.*)$' }],
  ])('takes blocks by %s', (written, source) => {
    const text = ofWorker
      .replace('{ markdown: blocks }', () => written)
      .replaceAll('*.md', '*')
      .replaceAll('.md', '.ts');
    expect(parseConfig(text).items.blocks).toEqual(source);
  });

  it.each<readonly [written: string, ...problems: string[]]>([
    [
      '{ markdown: { sections: 7 } }',
      '6:35: items.blocks.markdown.sections: 7 is too big; write a number of at most 6',
    ],
    [
      '{ markdown: words }',
      '6:23: items.blocks.markdown: "words" is a text, not "blocks" or "leaves" or a mapping of sections; write "blocks" or "leaves" or a mapping of sections',
    ],
    [
      '{ code: lines }',
      '6:19: items.blocks.code: "lines" is not docs, functions or declarations; write docs, functions or declarations',
    ],
    ['{ pattern: x, code: docs }', '6:3: items.blocks: has code and pattern; give one of them'],
    ['{}', '6:3: items.blocks: needs one of markdown, code and pattern'],
    ['{ pattern: "" }', '6:22: items.blocks.pattern: "" is empty; write something, or remove the key'],
    [
      '{ mardkown: blocks }',
      '6:3: items.blocks: needs one of markdown, code and pattern',
      '6:13: items.blocks.mardkown: is not a known key; did you mean "markdown"?',
    ],
    [
      'paragraphs',
      '6:11: items.blocks: "paragraphs" is a text, not "file" or a mapping of markdown, code and pattern; write "file" or a mapping of markdown, code and pattern',
    ],
  ])('takes no blocks by %s', (written, ...problems) => {
    expect(problemsOf(ofWorker.replace('{ markdown: blocks }', () => written))).toEqual(problems);
  });
});

describe('an agent', () => {
  it.each([
    [
      'blocks',
      ofAgent.replace('prompt:', '  blocks: file\nprompt:'),
      '6:3: items.blocks: needs engine: worker; add that',
    ],
    [
      'rules about blocks',
      ofAgent.replace('prompt:', '  skip: [{ when: empty }, { kind: [code] }]\nprompt:'),
      '6:29: items.skip[1].kind: is about blocks; add items.blocks and engine: worker',
    ],
    [
      'pull requests of several items',
      `${ofAgent}ship: { per: pack }\n`,
      '8:14: ship.per: "pack" needs engine: worker; an agent ships item by item',
    ],
  ])('refuses %s', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('ships by item, also when that is said', () => {
    expect(problemsOf(`${ofAgent}ship: { per: item }\n`)).toEqual([]);
  });
});
