/** The JSON Schema of regen.yaml: for editors, and for the words of our own messages. */
import * as z from 'zod';
import { configSchema } from '../model/config-schema.js';
import type { ConfigPath } from './problem.js';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

/** What `npm run schema` writes to regen.schema.json. */
export function configJsonSchema(): JsonSchema {
  // Zod types its output as the whole JSON Schema vocabulary; the keywords read here are those it writes.
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-07',
  }) as JsonSchema;
  return {
    $schema,
    title: 'regen.yaml',
    description: 'What regen redoes in this repository, how, and what a finished item has to pass.',
    ...schema,
  };
}

/** Every schema that a value at the path may have to fit: more than one behind an either-or. */
export function schemasAt(root: JsonSchema, path: ConfigPath): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (nodes, segment) => nodes.flatMap((node) => alternatives(childSchema(node, segment))),
    alternatives(root),
  );
}

/** The keys that a mapping at the path may have. */
export function knownKeys(root: JsonSchema, path: ConfigPath): readonly string[] {
  return schemasAt(root, path).flatMap((node) => Object.keys(node.properties ?? {}));
}

function childSchema(node: JsonSchema, segment: PropertyKey): JsonSchema | undefined {
  if (typeof segment === 'number') return node.items;
  const own = node.properties?.[String(segment)];
  return own ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined);
}

function alternatives(node: JsonSchema | undefined): readonly JsonSchema[] {
  if (node === undefined) return [];
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives);
}
