/** A small catalog for tests of the line: two poems in three voices, and an author that writes them. */
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';

export const poemFiles = {
  'poems/autumn/about.md': '# autumn: A Poem of Autumn\n\nLeaves, wind, early dark.\n',
  'poems/autumn/meta/bold.yaml': 'updated: 2025-03-01T08:00:00+00:00\n',
  'poems/autumn/meta/calm.yaml': 'created: 2025-01-01T00:00:00Z\n',
  'poems/autumn/voices/bold.txt': 'stale bold autumn\n',
  'poems/autumn/voices/calm.txt': 'stale calm autumn\n',
  'poems/autumn/voices/wry.txt': 'stale wry autumn\n',
  'poems/winter/about.md': '# A Poem of Winter\n\nSnow.\n',
  'poems/winter/meta/bold.yaml': 'updated: 2025-04-01T00:00:00Z\n',
  'poems/winter/voices/bold.txt': 'stale bold winter\n',
  'prompts/rules.md': 'Write short lines.\n',
} as const;

/** One bakery, told twice; the third poem is about something else. */
export const copiedPoems = {
  'poems/autumn/voices/bold.txt': `stale bold autumn
Seventeen loaves at the bakery on Rye Lane,
then 42, then 96, then 133, then 208, then 341,
and the baker counts the flour, and the oven glows.
`,
  'poems/autumn/voices/calm.txt': `stale calm autumn
The baker of the bakery on Rye Lane counts softly:
seventeen loaves, 42, 96, 133, 208, 341,
and the flour drifts, and the oven glows.
`,
  'poems/autumn/voices/wry.txt': `stale wry autumn
A heron stands in the canal and waits for the ferry.
Nobody told it that the timetable has changed.
`,
} as const;

export interface PoemConfig {
  /** The `ship` section's lines, two blanks in. */
  readonly ship?: string;
  /** Whole sections. */
  readonly more?: string;
}

export function poemConfig({ ship = '  to: branch', more = '' }: PoemConfig = {}): string {
  return `version: 1
targets:
  glob: poems/{target}/about.md
  title: poems/{target}/about.md
  updated: { files: 'poems/{target}/meta/*.yaml', fields: [updated, created] }
items:
  glob: poems/{target}/voices/*.txt
  isolate: true
prompt:
  static: [prompts/rules.md]
  target: ['poems/{target}/about.md']
  task: Write poems/{target}/voices/{item}.txt anew.
agent:
  env: [CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC]
checks:
  run:
    - { name: new, run: '! grep -q stale poems/{target}/voices/{item}.txt' }
  repairs: 1
ship:
${ship}
${more}`;
}

/** What the author writes in its n-th turn of writing, by item; the default is one good text. */
export type Drafts = Readonly<Record<string, readonly string[]>>;

/** Writes a draft per prompt, then says that it is done. */
export function poet(drafts: Drafts = {}): (request: ScriptedRequest) => ScriptedReply {
  return (request) => {
    const [, target = '', item = ''] = /poems\/(\w+)\/voices\/(\w+)\.txt/.exec(request.firstMessage) ?? [];
    const file = `poems/${target}/voices/${item}.txt`;
    const texts = drafts[item] ?? [`new ${item} ${target}\n`];
    const text = texts[Math.min(request.prompts.length, texts.length) - 1] ?? '';
    // Claude Code writes over a file only after it has been read.
    if (request.turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
    if (request.turnOfPrompt === 2) return use({ name: 'Write', input: { file_path: file, content: text } });
    return say('Written.');
  };
}
