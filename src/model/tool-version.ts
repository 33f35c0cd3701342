/** Programs that `checks.tools` asks for, and what their answer says of their version. Pure. */
import coerce from 'semver/functions/coerce.js';
import satisfies from 'semver/functions/satisfies.js';
import type { ToolConfig } from './config.js';
import { shellQuote } from './template.js';

export interface ToolDemand {
  readonly name: string;
  /** The command line that prints its version. */
  readonly line: string;
  /** As npm writes ranges: `>=20.10`, `^1.2`; `*` for any. */
  readonly range: string;
}

export function toolDemands(tools: Readonly<Record<string, ToolConfig>>): readonly ToolDemand[] {
  return Object.entries(tools).map(([name, tool]) =>
    typeof tool === 'string'
      ? { name, line: `${shellQuote(name)} --version`, range: tool }
      : { name, line: tool.run, range: tool.version },
  );
}

/** The version that a program printed: the first thing in it that looks like one; null when nothing does. */
function printedVersion(output: string): string | null {
  return coerce(/\d+\.\d+(?:\.\d+)?/.exec(output)?.[0] ?? /\b\d+\b/.exec(output)?.[0])?.version ?? null;
}

/** What is wrong with the tool, such as `node is 18.19.0, not >=20`; null when it is as it should be. */
export function toolFlaw(
  { name, line, range }: ToolDemand,
  { failure, output }: { readonly failure: string | null; readonly output: string },
): string | null {
  if (failure !== null) return `${name} is not there: ${line}: ${failure}`;
  if (range.trim() === '*') return null;
  const version = printedVersion(output);
  if (version === null) return `${name} doesn't tell its version: ${line}`;
  return satisfies(version, range) ? null : `${name} is ${version}, not ${range}`;
}
