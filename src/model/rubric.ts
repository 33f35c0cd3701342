/** What an item is scored by: categories of criteria, each with a maximum. */
import type * as z from 'zod';
import type { rubricSchema } from './rubric-schema.js';

export type Rubric = z.output<typeof rubricSchema>;
export type RejectRule = Rubric['reject'][number];
