/** The part of the composition root for `profile`: it needs no repository, and has the runs of one where there is one. */
import { setFlagsFromString } from 'node:v8';
import { planKey } from './model/plan.js';
import type { Surroundings } from './model/surroundings.js';
import { claudeHome } from './profile/claude-home.js';
import { createProfiler } from './profile/profile.js';
import type { Profiler } from './profile/profile.js';
import { createRates } from './usage/rates.js';
import { moneySettings } from './wire-cost.js';
import { wireStatus } from './wire-status.js';
import type { HeadingSource } from './wire-status.js';

interface Outside {
  readonly cwd: string;
  readonly outside: Omit<Surroundings, 'root'>;
  /** The repository's root; null: the command was called outside of any. */
  readonly root: string | null;
}

export async function wireProfile({ cwd, outside, root }: Outside, source: HeadingSource): Promise<Profiler> {
  // Of a long transcript nearly every object is garbage at once: a young generation that grows with it takes 30 MB more of
  // memory and is no faster (bench/profile).
  setFlagsFromString('--semi-space-growth-factor=1');
  const surroundings = root === null ? null : { ...outside, root };
  const prices = surroundings === null ? {} : (await moneySettings(surroundings, source)).prices;
  const rates = createRates(prices);
  return createProfiler({
    places: {
      cwd,
      root,
      claude: claudeHome(outside.env),
      currentPlan: async () => {
        const plan =
          surroundings === null ? null : await (await wireStatus(surroundings, source)).plans.read();
        return plan === null ? null : { plan: planKey(plan), target: plan.target };
      },
    },
    // A stream has no times: it is priced as of today.
    rateOf: (model, prompt, at) => rates(model, prompt, (at ?? outside.now()).toISOString()),
  });
}
