/** In a session, files may be edited at any time: what ships is what was checked and reviewed, to the byte. */
import { RegenError } from '../model/errors.js';
import { presentWork } from './best-work.js';
import { ended } from './journal.js';
import type { EffectKey } from './journal.js';
import { backTo, stageKey } from './stage.js';
import type { StageContext } from './stage.js';
import { whereIs } from './walk.js';

type Context = Omit<StageContext, 'round'>;

const noteKey = (round: number): EffectKey => ({ stage: 'session', round, effect: 'work' });

/** Notes what a stage has left in the worktree. */
export async function noteWork(context: Context): Promise<void> {
  const position = whereIs(context);
  if (position.kind === 'over' || position.stage === 'agent') return;
  const present = await presentWork({ ...context, round: position.round });
  await context.journal.append(noteKey(position.round), 'end', { tree: present?.tree ?? null });
}

/**
 * Work that was edited since goes back to the checks, whatever stage was to come.
 *
 * @throws RegenError `usage` unless the checks are what is asked for.
 */
export async function ensureAsChecked(context: Context, asked: string): Promise<void> {
  const position = whereIs(context);
  if (position.kind === 'over' || ['prepare', 'agent', 'check'].includes(position.stage)) return;
  const { attempt, journal } = context;
  const noted = ended(journal, noteKey(position.round));
  const present = await presentWork({ ...context, round: position.round });
  if (noted === null || noted['tree'] === (present?.tree ?? null)) return;
  const key = stageKey(position.stage, position.round);
  await journal.append(key, 'begin', { by: 'session' });
  await journal.append(key, 'end', { ...backTo('check') });
  if (asked === 'check') return;
  throw new RegenError('usage', `${attempt.item} was edited since it was checked`, {
    hint: 'Run "regen item check" again: what ships is what was checked and reviewed.',
  });
}
