import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { agentTools, schemaSizes, toolName } from '../../src/model/agent-tools.js';
import { poemConfig, poemFiles } from '../support/poems.js';
import type { CommandRun, World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

const config = poemConfig({ ship: '  to: local' })
  .replace(
    'agent:\n',
    `agent:
  tools: [Read, Write, Bash, Grep, Task]
  mcp: [run_checks, save_report, lookup_previous_results, search_style_rules]
  toolOutput: 4000
`,
  )
  .replace('prompt:\n', "prompt:\n  references: ['style/*.md']\n");

const file = 'poems/autumn/voices/bold.txt';
const stale = Array.from({ length: 400 }, (_, line) => `stale line ${line} of a long poem`).join('\n');
const files = {
  ...poemFiles,
  [file]: stale,
  'style/verse.md':
    '# Verse\n\n## Line length\n\nA line has at most 40 characters.\n\n## Rhyme\n\nNo rhymes.\n',
};

const own = (tool: string, input: Readonly<Record<string, unknown>> = {}): ToolCall => ({
  name: `mcp__regen__${tool}`,
  input,
});
const finding = 'A finding of the subagent.\n'.repeat(300);

/** Each tool once, most of them side by side; a subagent with much to say; what the answers name is read. */
function author({ firstMessage, turn, toolResults }: ScriptedRequest): ScriptedReply {
  if (!firstMessage.includes('Place of work')) return say(finding);
  const named = (tool: string, place: RegExp): ToolCall => {
    const text = toolResults.find(({ name }) => name.endsWith(tool))?.text ?? '';
    return { name: 'Read', input: { file_path: place.exec(text)?.[1] ?? 'none', limit: 3 } };
  };
  const subagent = { description: 'Look', prompt: 'Look around.', subagent_type: 'general-purpose' };
  switch (turn) {
    case 1:
      return use(
        { name: 'Agent', input: subagent },
        { name: 'Read', input: { file_path: file } },
        { name: 'Bash', input: { command: `cat ${file}`, description: 'Look' } },
        { name: 'Grep', input: { pattern: 'poem', path: 'poems', output_mode: 'content' } },
        own('search_style_rules', { query: 'how long may a line be' }),
        own('lookup_previous_results'),
        own('save_report', { title: 'What I found', text: 'finding '.repeat(300) }),
        own('run_checks'),
      );
    case 2:
      return use(
        named('Agent', /all: (\/.*)/),
        named('Bash', /saved to: (.*)/),
        named('save_report', /: (\/.*)/),
        named('run_checks', /Log: (.*)/),
        { name: 'Write', input: { file_path: file, content: 'new bold autumn\n' } },
      );
    case 3:
      return use(own('run_checks'));
    default:
      return say('Done.');
  }
}

describe('the tools and hooks of a step’s agent, over the real binary', () => {
  let world: World;
  let step: CommandRun;
  let measured: CommandRun;
  let requests: readonly ScriptedRequest[];

  beforeAll(async () => {
    world = await makeWorld({ files, config, script: author });
    await world.regen(['plan']);
    step = await world.regen(['--json']);
    measured = await world.regen(['prompt', 'calm', '--wire', '--json']);
    requests = world.model.requests.flatMap(({ scripted }) => scripted?.request ?? []);
  }, 120_000);

  afterAll(() => world[Symbol.asyncDispose]());

  const answers = (tool: string): readonly string[] =>
    (requests.at(-1)?.toolResults ?? []).flatMap(({ name, text }) => (name.endsWith(tool) ? [text] : []));
  const attempt = async (folder: string): Promise<readonly string[]> => {
    const runs = path.join(world.root, '.regen', 'runs');
    const [plan = ''] = await readdir(runs);
    return readdir(path.join(runs, plan, 'autumn', 'bold', '1', folder));
  };

  it('are all allowed, and the work ships', () => {
    expect(step.document).toMatchObject({ outcome: 'shipped', item: 'bold' });
    expect(requests.at(-1)?.toolResults.filter(({ isError }) => isError)).toEqual([]);
  });

  it('tell whether the checks pass, in a digest', () => {
    const [before = '', after = ''] = answers('run_checks');

    expect(before).toMatch(/^FAILED: new \(.*\)\.\n\n## new\nexit code 1\nLog: \//);
    expect(after).toMatch(/^All checks pass\.\nPassed: new \(.*\)\.$/);
  });

  it('find rules and earlier work', () => {
    expect(answers('search_style_rules')).toEqual([
      '## style/verse.md > Verse > Line length\nA line has at most 40 characters.',
    ]);
    expect(answers('lookup_previous_results')).toEqual(['Nothing is known of earlier work at bold.']);
  });

  it('keep long reports out of the conversation, and in files that can be read', async () => {
    const reports = await attempt('reports');
    const [ofAgent = ''] = answers('Agent');
    const subagent = requests.find(({ firstMessage }) => !firstMessage.includes('Place of work'));

    expect(reports.map((name) => name.replace(/\d+-\d+/, 'N')).sort()).toEqual([
      'subagent-N.md',
      'what-i-found.md',
    ]);
    expect(subagent?.firstMessage).toContain('Your report: at most 1500 characters');
    // Claude Code adds some lines of its own.
    expect(ofAgent.length).toBeLessThan(1800);
    expect(ofAgent).toContain(`[…] ${finding.length} characters in all: `);
    expect(answers('save_report').join()).toMatch(/^Saved 2400 characters: \/.*\/reports\/what-i-found\.md$/);
    expect(answers('Read').map((text) => text.split('\n')[0])).toEqual(
      expect.arrayContaining([
        '1\tA finding of the subagent.',
        '1\tstale line 0 of a long poem',
        '1\t# What I found',
        '1\t$ ! grep -q stale poems/autumn/voices/bold.txt',
      ]),
    );
  });

  it('cut what Read, Grep and Bash would put into the conversation', () => {
    const sizes = ['Read', 'Grep', 'Bash'].map((tool) => answers(tool)[0]?.length ?? Infinity);

    expect(stale.length).toBeGreaterThan(11_000);
    expect(Math.max(...sizes)).toBeLessThan(4200);
    expect(JSON.stringify(requests.at(-1)?.body.messages)).toMatch(/Read lines 1-\d+ of 400 of bold\.txt/);
  });

  it('cost at most 1.5 KB of schemas, the same bytes for every item', () => {
    const schemas = requests.at(-1)?.body.tools.filter(({ name }) => name.startsWith('mcp__regen__'));

    expect(schemas?.map(({ name }) => name.slice(12))).toEqual([
      'lookup_previous_results',
      'run_checks',
      'save_report',
      'search_style_rules',
    ]);
    expect(JSON.stringify(schemas).length).toBeLessThan(1536);
    expect(JSON.stringify(schemas)).not.toMatch(/autumn|bold|\d{4}/);
  });

  it('are counted by `regen prompt --wire`', () => {
    const { wire } = measured.document as { wire: { tools: { name: string; bytes: number }[] } };
    const sizes = Object.fromEntries(wire.tools.map(({ name, bytes }) => [name, bytes]));

    expect(sizes).toMatchObject(
      Object.fromEntries(agentTools.map((tool) => [toolName(tool), schemaSizes[tool]])),
    );
  });

  it('leave no environment of the checks behind', async () => {
    const [run = ''] = (await attempt('.')).filter((name) => name.startsWith('agent-0-'));

    expect(await attempt(run)).toContain('settings.json');
    expect(await attempt(run)).not.toContain('servers.json');
  });
});
