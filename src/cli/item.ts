import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { exitStatusOf } from '../model/step-result.js';
import { itemStageText, itemStartedText, reviewerText } from '../report/item-text.js';
import { stepText } from '../report/step-text.js';
import type { StageOrder } from '../step/item-commands.js';

interface ItemFlags {
  readonly item: string | null;
  readonly token: string | null;
}

/** `regen item start|check|evaluate|record|publish|ship [item]` */
export async function itemStage(invocation: Invocation, stage: string, flags: ItemFlags): Promise<number> {
  const { line, caller } = await wired(invocation, flags);
  const [{ runItemStage }, { startItem }] = await Promise.all([
    import('../step/item-commands.js'),
    import('../step/item-start.js'),
  ]);
  const report =
    stage === 'start'
      ? await startItem(line, caller, invocation.signal)
      : await runItemStage(line, await orderOf(invocation, stage), caller, invocation.signal);
  if ('prompt' in report) {
    invocation.reporter.result(itemStartedText(report), report);
    return 0;
  }
  invocation.reporter.result(itemStageText(report), report);
  if (report.step !== null) return exitStatusOf(report.step.outcome);
  return report.ok ? 0 : 1;
}

/** `regen item evaluate --question` */
export async function itemQuestion(invocation: Invocation, flags: ItemFlags): Promise<number> {
  const { line, caller } = await wired(invocation, flags);
  const { askedOfReviewer } = await import('../step/item-commands.js');
  const question = await askedOfReviewer(line, caller, invocation.signal);
  invocation.reporter.result(reviewerText(question), question);
  return 0;
}

/** An evaluation may come on standard input; without one the judge is asked. */
async function orderOf({ signal }: Invocation, stage: string): Promise<StageOrder> {
  if (stage !== 'evaluate') return { stage };
  const { readStdinJson } = await import('../system/stdin-json.js');
  const answer = await readStdinJson('the evaluation', signal);
  return answer === undefined ? { stage } : { stage, review: { answer } };
}

/** `regen item fail <item> <reason>` */
export async function itemFail(
  invocation: Invocation,
  flags: ItemFlags & { readonly reason: string },
): Promise<number> {
  const { line, caller } = await wired(invocation, flags);
  const { failItem } = await import('../step/item-commands.js');
  const result = await failItem(line, { ...caller, reason: flags.reason }, invocation.signal);
  invocation.reporter.result(stepText(result, null), result);
  return exitStatusOf(result.outcome);
}

async function wired(invocation: Invocation, { item, token }: ItemFlags) {
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const line = await wireLine(surroundings, invocation.options.config);
  if (line.config.engine === 'worker') {
    throw new RegenError(
      'usage',
      '"regen item" does one item by hand, and engine: worker asks about many at once',
      {
        hint: 'Run "regen" for the next pack; "regen retry" and "regen skip" take items.',
      },
    );
  }
  return { line, caller: { item, token, session: surroundings.env['CLAUDE_CODE_SESSION_ID'] ?? null } };
}
