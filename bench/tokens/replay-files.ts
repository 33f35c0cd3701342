/** The repository of the replay: a plan of 21 KB, eight sites, a suite whose output has 10 KB. */

export const sites = Array.from({ length: 8 }, (_, at) => `src/site-${at + 1}.txt`);

export const replayFiles: Readonly<Record<string, string>> = {
  // Together with the tools, what a session of the seed's begins with: about 12,000 tokens.
  'prompts/skills.md': `# How work is done here\n\n${pageText(36_000, 1)}\n`,
  'PLAN.md': `# The plan\n\n${pageText(21_000, 2)}\n`,
  'item/prompt.md': 'The prompt that freezes the terminal.\n',
  'tests/suite.mjs': `console.log(${JSON.stringify(suiteOutput())});\n`,
  'tests/poll.mjs': `console.log(${JSON.stringify(pageText(400, 4))});\n`,
  ...Object.fromEntries(sites.map((file, at) => [file, `${siteText(at)}\n`])),
};

/**
 * The launch is the same throughout, so that only what is switched on makes a difference.
 *
 * @param facts - `isCut`: long reports go to files; `hasTools`: the agent has `run_checks`.
 */
export function replayConfig({
  isCut,
  hasTools,
}: {
  readonly isCut: boolean;
  readonly hasTools: boolean;
}): string {
  return `version: 1
targets: { list: [cli] }
items: { list: [prompt], writes: ['item/{item}.md', 'src/*.txt'] }
prompt: { static: [prompts/skills.md], task: 'Migrate every input of src/ as PLAN.md says.' }
agent:
  profile: custom
  command: [claude, --tools, 'Read,Edit,Write,Bash,Agent', --allowedTools, 'Bash(node tests/*)', --permission-mode, acceptEdits, --disable-slash-commands]
${isCut ? '  toolOutput: 60000\n' : ''}${hasTools ? '  mcp: [run_checks]\n' : ''}checks: { run: [{ name: suite, run: 'node tests/suite.mjs' }] }
ship: { to: branch }
`;
}

/** Text of a length, the same for the same seed. */
export function pageText(characters: number, seed: number): string {
  const line = `line ${seed} of a page that tells what the code does and where it waits for an answer of the terminal;\n`;
  return line.repeat(Math.ceil(characters / line.length)).slice(0, characters);
}

function siteText(at: number): string {
  const inputs = Array.from({ length: 8 }, (_, place) => `input ${place}: old\n${pageText(700, 10 + at)}`);
  return inputs.join('\n');
}

/** What a runner prints of a suite that passes after long talk. */
function suiteOutput(): string {
  return `=========== test session starts ===========\n${pageText(9900, 5)}\n=========== 7750 passed in 312.00s ===========`;
}
