/** The types of regen.yaml, without the schema: importing them costs nothing when the program runs. */
import type * as z from 'zod';
import type { configSchema } from './config-schema.js';

export type Config = z.output<typeof configSchema>;
export type TargetsConfig = Config['targets'];
export type ItemsConfig = Config['items'];
export type PromptConfig = Config['prompt'];
export type AgentConfig = Config['agent'];
export type WorkerConfig = Config['worker'];
export type ChecksConfig = Config['checks'];
export type CheckConfig = ChecksConfig['run'][number];
/** A range of versions, or a command that prints the version with one. */
export type ToolConfig = ChecksConfig['tools'][string];
export type RecordConfig = NonNullable<Config['record']>;
export type ShipConfig = Config['ship'];
export type LabelConfig = ShipConfig['labels'][number];
export type PriceOverrides = Config['prices'];
