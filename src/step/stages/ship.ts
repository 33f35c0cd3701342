/** Commit, push, pull request, labels: each begun and ended in the journal, each found before it is made again. */
import { RegenError } from '../../model/errors.js';
import { branchTip } from '../branch-tip.js';
import { begun, ended } from '../journal.js';
import { effectKey, fail, next, skip, stop, unchanged } from '../stage.js';
import type { Stage, StageContext, StageEnd } from '../stage.js';
import type { ShipFacts } from '../ship-station.js';
import type { BlockedBranch, RemoteBranch } from '../workspace-station.js';
import { whatAPersonDid } from '../still-wanted.js';
import { writesOfAttempt } from '../../model/writes.js';
import { lastResults } from './check.js';
import { currentEvaluation } from './evaluated.js';
import { parentIssue } from './parent-issue.js';
import { prepared } from './prepare.js';
import { changeRequests } from './prompt-facts.js';
import { openPullRequest } from './pull-request.js';
import { asCommit, pushedSha, shippedData } from './shipped-data.js';
import type { Commit } from './shipped-data.js';

export const ship: Stage = { name: 'ship', run };

async function run(context: StageContext): Promise<StageEnd> {
  const edited = (await isOut(context)) ? null : await whatAPersonDid(context);
  if (edited !== null) return stop(edited);
  const commit = await commitOnce(context);
  if (!('sha' in commit)) return commit;
  const facts = await shipFacts(context, commit);
  const branch = branchOf(context);
  const data = { ...commit, branch };
  if (context.config.ship.to === 'local') {
    const isOurs = await branchOnce(context, commit.sha, branch);
    return isOurs ? next(data) : fail(`local branch ${branch} is there already and isn't ours`, data);
  }
  const refused = await pushOnce(context, commit.sha, branch);
  if (refused !== null) return fail(refused, data);
  if (context.config.ship.to === 'branch') return next(data);
  const shipped = await openPullRequest(context, { ...facts, branch, sha: commit.sha });
  return shipped.kind === 'closed' ? skip(shipped.reason, data) : next({ ...data, ...shipped.data });
}

/** What was begun goes on under its name, whatever ship.branch says by now. */
function branchOf(context: StageContext): string {
  const { journal } = context;
  const branches = ['push', 'branch'].map((effect) => {
    const key = effectKey(context, 'ship', effect);
    return (ended(journal, key) ?? begun(journal, key))?.['branch'];
  });
  const branch = branches.find((name) => typeof name === 'string');
  return typeof branch === 'string' ? branch : context.stations.texts.branch(context.attempt);
}

/** Whether the commit is where others see it, as a kill may have kept us from noting: from then on a person's mark stops nothing. */
async function isOut(context: StageContext): Promise<boolean> {
  const { attempt, config, journal, signal } = context;
  const isLocal = config.ship.to === 'local';
  const key = effectKey(context, 'ship', isLocal ? 'branch' : 'push');
  if (ended(journal, key) !== null) return true;
  const commit = ended(journal, effectKey(context, 'ship', 'commit'));
  if (begun(journal, key) === null || commit === null) return false;
  const branch = branchOf(context);
  const tip = await branchTip(context, { branch, base: attempt.base }, signal);
  return isBelow(context, asCommit(commit).sha, tip);
}

/** Pushed before a kill, somebody may have added to it since: that stays. */
async function isBelow(
  { stations, signal }: StageContext,
  sha: string,
  tip: RemoteBranch | BlockedBranch | null,
): Promise<boolean> {
  return tip !== null && 'sha' in tip && (await stations.workspace.isAncestor(sha, tip.sha, signal));
}

/** The guard once more (a check may have reformatted files), then the commit of what may be written. */
async function commitOnce(context: StageContext): Promise<Commit | StageEnd> {
  const { attempt, config, journal, stations, signal } = context;
  const key = effectKey(context, 'ship', 'commit');
  const before = ended(journal, key);
  if (before !== null) return asCommit(before);
  const guard = await stations.workspace.guard(attempt, writesOfAttempt(config.items, attempt), signal);
  if (guard.kind === 'unchanged') return unchanged('nothing is left to commit after the checks');
  if (guard.kind === 'violated') {
    const first = guard.violations[0];
    return fail(
      `after the checks ${JSON.stringify(first?.path)}: ${first?.reason ?? 'changed outside of writes'}`,
    );
  }
  const { score = null, breakdown = null } = currentEvaluation(journal) ?? {};
  const subject = stations.texts.title({ ...attempt, score, breakdown });
  const paths = guard.changes.map((change) => change.path);
  // Of a shipment every file is its own.
  const targetFiles = attempt.pack === undefined ? guard.targetFiles : [];
  await journal.append(key, 'begin');
  const made = await stations.workspace.commit(attempt, { paths, subject }, signal);
  if (made.kind === 'empty') return unchanged('to git nothing differs from the base');
  if (made.kind === 'refused') return fail(`not committed: ${made.reason}`);
  const commit = { sha: made.sha, targetFiles: [...targetFiles] };
  await journal.append(key, 'end', commit);
  return commit;
}

async function pushOnce(context: StageContext, sha: string, branch: string): Promise<string | null> {
  const { attempt, journal, stations, signal } = context;
  const { expected } = prepared(context);
  let refused: string | null = null;
  await stations.workspace.keep(attempt, sha, signal);
  const key = effectKey(context, 'ship', 'push');
  if (ended(journal, key) !== null) return null;
  await journal.append(key, 'begin', { branch, sha, expected });
  const tip = await stations.workspace.remoteBranch(branch, attempt.base, signal);
  if (!(await isBelow(context, sha, tip))) {
    const result = await stations.workspace.push({ sha, branch, expected }, signal);
    if (result.kind === 'unreachable') throw unreachable(branch, result.detail);
    if (result.kind !== 'pushed') refused = `push of ${branch} ${result.kind}: ${result.detail}`;
  }
  if (refused === null) await journal.append(key, 'end', { branch, sha });
  return refused;
}

function unreachable(branch: string, detail: string): RegenError {
  return new RegenError('wait', `the remote didn't take ${branch}: ${detail}`, {
    hint: 'The commit is kept; the next invocation pushes it without starting the agent.',
    waitsFor: 'network',
  });
}

async function branchOnce(context: StageContext, sha: string, branch: string): Promise<boolean> {
  const { attempt, journal, stations, signal } = context;
  const { expected } = prepared(context);
  const key = effectKey(context, 'ship', 'branch');
  if (ended(journal, key) !== null) return true;
  await journal.append(key, 'begin', { branch });
  const tip = await branchTip(context, { branch, base: attempt.base }, signal);
  const isOurs =
    (await isBelow(context, sha, tip)) ||
    (await stations.workspace.branchLocally(branch, sha, expected, signal));
  if (isOurs) await journal.append(key, 'end', { branch });
  return isOurs;
}

/** What the pull request holds: of a target's one branch also what was shipped to it before, and isn't merged. */
async function itemsOf(context: StageContext): Promise<readonly string[]> {
  const { attempt, config, journals, stations, signal } = context;
  const own = attempt.members ?? [];
  if (attempt.pack === undefined || config.ship.per !== 'target') return own;
  const { workspace } = stations;
  const { sha: main } = await workspace.knownBase(signal);
  const before: string[] = [];
  for (const journal of await journals.attempts(attempt.plan, attempt)) {
    const sha = shippedData(journal).sha ?? pushedSha(journal);
    const isBelow =
      journal.attempt.number < attempt.number &&
      sha !== undefined &&
      (await workspace.isAncestor(sha, attempt.base, signal)) &&
      !(await workspace.isAncestor(sha, main, signal));
    if (isBelow) before.push(...(journal.attempt.members ?? []));
  }
  return [...new Set([...before, ...own])];
}

async function shipFacts(context: StageContext, commit: Commit): Promise<ShipFacts> {
  const { attempt, journal, surroundings } = context;
  const evaluation = currentEvaluation(journal);
  return {
    target: attempt.target,
    item: attempt.item,
    attempt: attempt.uuid,
    score: evaluation?.score ?? null,
    breakdown: evaluation?.breakdown ?? null,
    parentIssue: await parentIssue(context),
    changeRequests: await changeRequests(context),
    items: await itemsOf(context),
    targetFiles: commit.targetFiles,
    checkNotes: [...lastResults(journal), ...lastResults(journal, 'record')].flatMap(({ name, notes }) =>
      notes.map((note) => `${name}: ${note}`),
    ),
    date: surroundings.now(),
    tokens: null, // what the pull request is made with is known when it is made
  };
}
