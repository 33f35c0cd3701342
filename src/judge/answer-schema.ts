import type { Rubric } from '../model/rubric.js';
import { judgedRules } from './rules.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of the judge's answer: its shape and no more. Claude Code refuses what doesn't fit and lets the model
 * try again and again; completeness and maxima are for `scoreAnswer`, which allows one correction.
 */
export function answerJsonSchema(rubric: Rubric): JsonSchema {
  const items = rubric.categories.flatMap((category) => category.items);
  const rules = judgedRules(rubric);
  return strict(
    {
      ...(rules.length > 0 && {
        rules: {
          type: 'object',
          description: 'Every rule that is yours to decide, by its id.',
          properties: Object.fromEntries(rules.map((rule) => [rule.id, decision(rule)])),
        },
      }),
      criteria: {
        type: 'object',
        description: 'Every criterion of the rubric by its id.',
        properties: Object.fromEntries(items.map((item) => [item.id, criterion(item)])),
      },
      subtotals: {
        type: 'object',
        description: 'The sum of each category, by its id.',
        properties: Object.fromEntries(
          rubric.categories.map(({ id, name, max }) => [
            id,
            { type: 'number', description: `${name}: 0 to ${max}` },
          ]),
        ),
        additionalProperties: false,
      },
      description: { type: 'string', description: 'What you saw, in two to four sentences.' },
      strengths: { ...sentences, description: 'What to keep, a sentence each, five at most.' },
      weaknesses: { ...sentences, description: 'What to mend, a sentence each, five at most.' },
    },
    ['subtotals'],
  );
}

const sentences = { type: 'array', items: { type: 'string' } } as const;

function criterion({ name, max }: { readonly name: string; readonly max: number }): JsonSchema {
  return strict({
    score: { type: 'number', description: `${name}: 0 to ${max}` },
    passed: { type: 'boolean' },
    comment: { type: 'string' },
  });
}

function decision({ name }: { readonly name: string }): JsonSchema {
  return strict({
    applies: { type: 'boolean', description: name },
    comment: { type: 'string' },
  });
}

function strict(properties: JsonSchema, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}
