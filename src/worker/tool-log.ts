/** `tools.jsonl`: what the model asked tools for in a run, and how long the answer took. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { cut } from '../model/excerpt.js';
import type { ProviderTool } from './bridge.js';

/** Characters of a call's input that are kept. */
const longestInput = 2000;

/** The tools as they are, each of whose calls leaves a line in the folder. */
export function logged(tools: readonly ProviderTool[], directory: string): ProviderTool[] {
  const file = path.join(directory, 'tools.jsonl');
  return tools.map((tool) => ({
    ...tool,
    run: async (input, context) => {
      const startedAt = performance.now();
      const log = (size: number, isError: boolean): Promise<void> => {
        const ms = Math.round(performance.now() - startedAt);
        const line = { name: tool.name, input: cut(JSON.stringify(input), longestInput), size, ms, isError };
        return appendFile(file, `${JSON.stringify(line)}\n`);
      };
      try {
        const content = await tool.run(input, context);
        await log(sizeOf(content), false);
        return content;
      } catch (error) {
        await log(error instanceof Error ? error.message.length : 0, true);
        throw error;
      }
    },
  }));
}

type Content = Awaited<ReturnType<ProviderTool['run']>>;

/** Characters: of texts as they are, of everything else as it is sent. */
function sizeOf(content: Content): number {
  if (typeof content === 'string') return content.length;
  return content.reduce(
    (sum, part) => sum + (part.type === 'text' ? part.text.length : JSON.stringify(part).length),
    0,
  );
}
