/** A guide whose paragraphs go out as batches, and the scripted model that takes them. */
import type { BatchOptions } from '../../src/demo/model/batch-options.js';
import { packScript } from '../../src/demo/model/packs.js';
import { say } from '../../src/demo/model/reply.js';
import { startScriptedModel } from '../../src/demo/model/server.js';
import { guideConfig, guideFiles } from './guide.js';
import type { GuideConfig } from './guide.js';
import { makeWorld } from './world.js';

type PackAnswer = Parameters<typeof packScript>[0]['answer'];

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

/** Two pages of six paragraphs, six in a call; the plan is made. */
export async function batchWorld(
  batches: BatchOptions,
  config: GuideConfig = {},
  files = {},
  answer: PackAnswer = shorter,
) {
  const model = await startScriptedModel({
    script: packScript({ answer, other: () => say('.') }),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    batches,
  });
  const world = await makeWorld({
    files: { ...guideFiles({ pages: 2, paragraphs: 6 }), ...files },
    config: guideConfig({ worker: 'mode: batch, count: 6, poll: 1s, prewarm: false', ...config }),
    env: { ANTHROPIC_BASE_URL: model.url },
  });
  await world.regen(['plan', 'guide']);
  const dispose = async (): Promise<void> => {
    await world[Symbol.asyncDispose]();
    await model.close();
  };
  return { world, model, [Symbol.asyncDispose]: dispose };
}
