/** Which model an item gets. Pure. */
import { canonicalModel } from '../model/model-name.js';
import type { Route, RouteSettings } from '../model/route.js';
import { classOfScore, modelOfClass } from './classes.js';

export interface RouteSubject {
  /** Of `complexityOf`. */
  readonly score: number;
  /**
   * Attempts that failed for a reason that a program found, since the plan has named a model. Who writes the escalated model
   * into the plan begins to count anew; who leaves the plan as it is counts all.
   */
  readonly failures: number;
  /** The model that the plan names: chosen before, or a person's choice. Left out or null: none yet. */
  readonly planned?: string | null;
}

/**
 * What the plan names counts, whatever the score says: it may be a person's choice. Each failure takes the next dearer
 * model, up to the last; never a cheaper one. Without a choice in the plan the score decides, or a model is asked for it;
 * what has failed is not asked about any more.
 */
export function routeOf(subject: RouteSubject, settings: RouteSettings): Route {
  const { score, failures, planned = null } = subject;
  const why = scoreInWords(score, settings);
  if (planned !== null) {
    return escalated({ model: planned, why: `the plan names ${planned}` }, failures, settings.models);
  }
  if (failures === 0 && isAsked(score, settings)) {
    const always = settings.classify === 'always' ? '; every item is asked about' : '';
    return { kind: 'classify', why: `${why}${always}` };
  }
  return escalated(
    { model: modelOfClass(classOfScore(score, settings), settings), why },
    failures,
    settings.models,
  );
}

/** With a single model there is nothing to ask. */
function isAsked(score: number, settings: RouteSettings): boolean {
  if (settings.classify === 'never' || settings.models.length === 1) return false;
  return settings.classify === 'always' || classOfScore(score, settings) === 'medium';
}

function scoreInWords(score: number, settings: RouteSettings): string {
  const { below, above } = settings;
  if (settings.models.length === 1) return 'it is the only model';
  const shown = `the score ${score.toFixed(2)} is`;
  switch (classOfScore(score, settings)) {
    case 'simple':
      return `${shown} below ${below}`;
    case 'hard':
      return `${shown} above ${above}`;
    case 'medium':
      return `${shown} between ${below} and ${above}`;
  }
}

interface Choice {
  readonly model: string;
  readonly why: string;
}

function escalated({ model, why }: Choice, failures: number, models: readonly string[]): Route {
  if (failures === 0) return { kind: 'model', model, why };
  const times = failures === 1 ? 'failed once' : `failed ${failures} times`;
  const from = models.findIndex((each) => canonicalModel(each) === canonicalModel(model));
  if (from === -1) {
    return { kind: 'model', model, why: `${why}; ${times}, but routing.models doesn’t have it: it stays` };
  }
  const last = models.length - 1;
  const to = Math.min(from + failures, last);
  const next = to === from ? model : (models[to] ?? model);
  const moved = to === from ? `${model} is the last model: it stays` : `from ${model} to ${next}`;
  const isShort = to !== from && from + failures > last;
  return {
    kind: 'model',
    model: next,
    why: `${why}; ${times}: ${moved}${isShort ? ', the last model' : ''}`,
  };
}
