/** `regen mcp --control`: what a client (an interactive session, say) needs to drive regen. Each call is a process of its own. */
import * as z from 'zod';
import { refusal } from './tool.js';
import type { Tool, ToolAnswer, ToolDefinition } from './tool.js';

/** Runs `regen --json …` to its end; stdout is one document. */
export type RunRegen = (args: readonly string[], signal: AbortSignal) => Promise<RegenEnd>;

interface RegenEnd {
  /** null: it was broken off. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const inputSchema = z.object({ target: z.string().optional(), by: z.string().optional() });

interface Command {
  readonly definition: ToolDefinition;
  readonly args: (input: z.output<typeof inputSchema>) => readonly string[];
}

const commands: readonly Command[] = [
  {
    definition: {
      name: 'step',
      description:
        'Do one step of regen (plan the next target, redo one item, or archive a finished plan) and wait for it: minutes. Returns its document; outcome and remaining say whether to call again, retryAt when.',
      inputSchema: { type: 'object', properties: { target: { type: 'string' } } },
    },
    // Behind "--" a name is a name, whatever it begins with.
    args: ({ target }) => (target === undefined ? [] : ['--', target]),
  },
  {
    definition: {
      name: 'status',
      description: 'Where the plan stands: items, what is running, tokens, cost.',
      inputSchema: { type: 'object' },
    },
    args: () => ['status'],
  },
  {
    definition: {
      name: 'cost',
      description: 'What was paid: by stage, item, target, model, session or day.',
      inputSchema: { type: 'object', properties: { by: { type: 'string' } } },
    },
    args: ({ by }) => ['cost', ...(by === undefined ? [] : [`--by=${by}`])],
  },
];

export function controlTools(run: RunRegen): readonly Tool[] {
  return commands.map(({ definition, args }) => ({
    definition,
    async call(input, signal) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success)
        return refusal(`${definition.name} takes texts only: target for step, by for cost.`);
      return endAnswer(await run(['--json', ...args(parsed.data)], signal));
    },
  }));
}

/** A failed item and a wait are documents like any other; without a document something is wrong with the call itself. */
function endAnswer({ exit, stdout, stderr }: RegenEnd): ToolAnswer {
  const text = stdout.trim();
  if (exit !== null && isDocument.has(exit) && text !== '') return { text };
  if (text !== '') return refusal(text);
  const said = stderr.trim().split('\n').slice(-10).join('\n');
  return refusal(`regen ended ${exit === null ? 'by a signal' : `with exit status ${exit}`}: ${said}`);
}

const isDocument: ReadonlySet<number> = new Set([0, 1, 75]);
