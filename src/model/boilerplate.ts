/**
 * What Claude Code sends besides our own texts: tool schemas, its own words in the system prompt, reminders in the message.
 * Characters, measured with 2.1.197; `regen prompt --wire` measures the one that is installed. Pure.
 */
import { schemaSizes } from './agent-tools.js';
import { canonicalModel } from './model-name.js';

export interface Boilerplate {
  /** Sent before our own text, and cached with it. */
  readonly prefix: number;
  /** Sent in front of our message. */
  readonly message: number;
}

interface AgentFacts {
  readonly model: string;
  readonly profile: 'lean' | 'standard' | 'custom';
  readonly tools: readonly string[];
  /** `agent.mcp`. */
  readonly mcp?: readonly string[];
}

export function boilerplateOf({ mcp = [], model, profile, tools: builtIn }: AgentFacts): Boilerplate {
  const tools = [...builtIn, ...mcp];
  switch (profile) {
    case 'lean':
      return { prefix: charactersOf(tools, terse) + 62, message: 350 };
    case 'standard':
      return { prefix: charactersOf(tools, sizesFor(model)) + 12_430, message: 590 };
    case 'custom':
      // Every tool, unless agent.command says otherwise.
      return { prefix: 79_600 + 26_500 + charactersOf(mcp, schemaSizes) - 1, message: 6800 };
  }
}

/** Newer models are told the same in fewer words, and so are those that Claude Code doesn't know, and all of them in lean. */
const wordyModels = /^(?:sonnet|haiku|opus-4-[0-7]|3-)/;

type Sizes = Readonly<Record<string, number>>;

const wordy: Sizes = {
  ...schemaSizes,
  ...{ Bash: 5152, Edit: 1702, Read: 2634, Write: 1022, Grep: 3623, Glob: 966, NotebookEdit: 1623 },
  ...{ WebFetch: 1865, WebSearch: 1874, Task: 6091, Agent: 6091 },
};

const terse: Sizes = {
  ...wordy,
  ...{ Bash: 1991, Edit: 964, Read: 1636, Write: 639, Grep: 3230, Glob: 731 },
  ...{ WebFetch: 747, WebSearch: 840, Task: 2265, Agent: 2265 },
};

/** Of a tool that nobody measured. */
const usualSize = 1500;

function sizesFor(model: string): Sizes {
  return wordyModels.test(canonicalModel(model)) ? wordy : terse;
}

function charactersOf(tools: readonly string[], sizes: Sizes): number {
  return tools.reduce((sum, tool) => sum + (sizes[tool] ?? usualSize) + 1, 1);
}
