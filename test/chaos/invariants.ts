/** What must hold after every trial, whatever disturbed it. Each returns what doesn't, in words. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parsePlan } from '../../src/plan/parse-plan.js';
import type { ItemState } from '../../src/model/plan.js';
import { lockHolder } from '../../src/system/lock.js';
import { readOwner } from '../../src/workspace/trailers.js';
import { runGit } from '../support/git-repo.js';
import { checkBooks } from './books.js';
import type { Books } from './books.js';
import type { Course, Fate } from './course.js';
import { journalsOf } from './journals.js';
import { killProcess, processesOf } from './processes.js';
import type { Scene } from './scene.js';
import { target } from './variants.js';
import { checkWorkerBooks } from './worker-books.js';
import { checkShipments, checkSubmissions } from './worker-invariants.js';

export interface Verdict {
  readonly violations: readonly string[];
  readonly books: Books;
}

export async function examine(scene: Scene, course: Course): Promise<Verdict> {
  const attempts = await attemptsOf(scene);
  const { worker } = scene.variant;
  const books = await (worker === undefined ? checkBooks(scene) : checkWorkerBooks(scene, worker));
  const violations = await Promise.all([
    ...(worker === undefined
      ? [checkRemote(scene, course, attempts), checkForge(scene, course)]
      : [checkShipments(scene, worker, attempts), checkSubmissions(scene, worker)]),
    checkPlan(scene, course),
    checkProcesses(scene),
    checkRepository(scene, attempts),
    checkFiles(scene),
    Promise.resolve(books.violations),
    Promise.resolve(scene.leaks.map((command) => `the environment of ${command} has what it mustn't have`)),
    checkPreloads(scene),
    Promise.resolve(course.problems?.() ?? []),
  ]);
  return { violations: violations.flat(), books };
}

function fateOf(course: Course, item: string): Fate {
  return course.fate?.(item) ?? 'open';
}

const branchOf = (item: string) => `regen/${target}/${item}`;

/** UUID to item. */
async function attemptsOf(scene: Scene): Promise<ReadonlyMap<string, string>> {
  return new Map((await journalsOf(scene)).map(({ opening }) => [opening.uuid, opening.item]));
}

/** One branch with one commit of ours per item, and no other branch. */
async function checkRemote(
  scene: Scene,
  course: Course,
  attempts: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const { repository, variant } = scene;
  const git = (...args: readonly string[]) => runGit(repository.remote, args);
  const branches = lines(await git('for-each-ref', '--format=%(refname:short)', 'refs/heads'));
  const shipped = variant.items.filter((item) => !isUnshipped(fateOf(course, item)));
  const wanted = new Set(['main', ...shipped.map(branchOf)]);
  const violations = branches
    .filter((name) => !wanted.has(name))
    .map((name) => `the remote has a branch ${name}`);
  for (const item of shipped) {
    const branch = branchOf(item);
    if (!branches.includes(branch)) {
      // A forge removes the branch of a merged pull request when it is told to.
      if (fateOf(course, item) !== 'merged') violations.push(`the remote has no branch ${branch}`);
      continue;
    }
    const count = await git('rev-list', '--count', `main..${branch}`);
    if (count !== '1') violations.push(`${branch} has ${count} commits above main`);
    const owner = readOwner(await git('cat-file', 'commit', branch));
    if (owner?.item !== item || owner.target !== target || attempts.get(owner.attempt) !== item) {
      violations.push(`${branch} carries the trailers of ${JSON.stringify(owner)}`);
    }
    const text = `${await git('show', `${branch}:poems/${target}/voices/${item}.txt`)}\n`;
    if (text !== variant.text(item)) violations.push(`${branch} holds ${JSON.stringify(text)}`);
  }
  return violations;
}

/** One pull request per item with exactly its labels, each of them put on once. */
async function checkForge(scene: Scene, course: Course): Promise<readonly string[]> {
  const { forge, variant } = scene;
  const pulls = await forge.pullRequests();
  const violations: string[] = [];
  for (const item of variant.items) {
    const fate = fateOf(course, item);
    const own = pulls.filter(({ branch }) => branch === branchOf(item));
    const open = own.filter(({ state }) => state === 'open');
    if (own.length !== (isUnshipped(fate) ? 0 : 1) || open.length !== (fate === 'open' ? 1 : 0)) {
      violations.push(`${item} has ${own.length} pull requests, ${open.length} of them open`);
    }
    const [pull] = own;
    if (pull === undefined || fate !== 'open') continue;
    const wanted = variant.labels(item);
    if (pull.labels.toSorted().join('\n') !== wanted.toSorted().join('\n')) {
      violations.push(`#${pull.number} has the labels ${JSON.stringify(pull.labels)}`);
    }
    const request = variant.requests?.[item];
    if (request !== undefined && !pull.body.includes(request)) {
      violations.push(`#${pull.number} doesn’t name the change request`);
    }
  }
  const known = pulls.filter(({ branch }) => variant.items.map(branchOf).includes(branch));
  if (known.length !== pulls.length) violations.push('there are pull requests of other branches');
  return [...violations, ...repeatedLabels(scene, course)];
}

function repeatedLabels({ forge }: Scene, course: Course): string[] {
  const refused = course.refused?.() ?? new Set<number>();
  const counts = new Map<string, number>();
  for (const [index, { method, path: route, body }] of forge.requests.entries()) {
    const issue = /\/issues\/(\d+)\/labels$/.exec(route)?.[1];
    if (method !== 'POST' || issue === undefined || refused.has(index)) continue;
    const key = `${JSON.stringify(body)} to #${issue}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].flatMap(([key, count]) => (count === 1 ? [] : [`${key} was added ${count} times`]));
}

const statesOf: Readonly<Record<Fate, ItemState>> = {
  open: 'done',
  merged: 'done',
  closed: 'skipped',
  failed: 'failed',
  unchanged: 'skipped',
};

/** Without branch and pull request. */
const isUnshipped = (fate: Fate) => fate === 'failed' || fate === 'unchanged';

/** One archive that parses, one mark and one line of log per item. */
async function checkPlan(scene: Scene, course: Course): Promise<readonly string[]> {
  const names = await scene.archived();
  const [name] = names;
  if (name === undefined || names.length > 1) return [`.regen-history has ${JSON.stringify(names)}`];
  const violations = (await scene.plan()) === null ? [] : ['a plan is left'];
  const text = await readFile(path.join(scene.root, '.regen-history', name), 'utf8');
  const plan = parsePlan(text, { headings: ['Items'] });
  for (const item of scene.variant.items) {
    const state = plan.items.find(({ id }) => id === item)?.state;
    const wanted = statesOf[fateOf(course, item)];
    // Besides how it ended, the log tells of the batch that an item went out with.
    const own = plan.log.filter((entry) => entry.item === item && !entry.text.startsWith('batch '));
    const failed = own.filter((entry) => entry.text.startsWith('FAILED: '));
    const last = wanted === 'failed' ? failed : own.filter((entry) => !failed.includes(entry));
    if (state !== wanted) violations.push(`${item} is ${state ?? 'not there'} in the archive, not ${wanted}`);
    if (last.length !== 1) violations.push(`${item} has ${last.length} final lines in the log`);
    if (failed.length > 0 && course.failure === null)
      violations.push(`the log says ${failed[0]?.text ?? ''}`);
    if (failed.length > 1) violations.push(`${item} has ${failed.length} failures in the log`);
  }
  if (plan.items.length !== scene.variant.items.length) violations.push('the archive has other items');
  return violations;
}

/** What was killed hard may take a moment to be gone. */
const patienceMs = 2000;

async function checkProcesses(scene: Scene): Promise<readonly string[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const left = await processesOf(scene.folder);
    if (left.length === 0) return [];
    if (performance.now() < until) {
      await delay(50);
      continue;
    }
    left.forEach(({ pid }) => killProcess(pid));
    return left.map(({ pid, command }) => `process ${pid} is left: ${command.slice(0, 160)}`);
  }
}

/** No worktree, no local branch, no foreign ref, no lock of git, a clean checkout on main. */
async function checkRepository(
  { repository, root }: Scene,
  attempts: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const git = repository.git.bind(repository);
  const violations: string[] = [];
  const worktrees = lines(await git('worktree', 'list', '--porcelain')).filter((line) =>
    line.startsWith('worktree '),
  );
  if (worktrees.length !== 1) violations.push(`worktrees are left: ${worktrees.slice(1).join(', ')}`);
  const refs = lines(await git('for-each-ref', '--format=%(refname)'));
  for (const ref of refs) {
    const kept = /^refs\/regen\/(.+)$/.exec(ref)?.[1];
    const isExpected =
      kept === undefined ? /^refs\/(?:heads\/main|remotes\/origin\/)/.test(ref) : attempts.has(kept);
    if (!isExpected) violations.push(`the ref ${ref} is left`);
  }
  const status = await git('status', '--porcelain');
  if (status !== '?? regen.yaml') violations.push(`the working copy has changed: ${status}`);
  if ((await git('symbolic-ref', 'HEAD')) !== 'refs/heads/main') violations.push('HEAD has moved');
  const inGit = await readdir(path.join(root, '.git'), { recursive: true });
  violations.push(...inGit.filter((name) => name.endsWith('.lock')).map((name) => `.git/${name} is left`));
  const fsck = await git('fsck', '--connectivity-only', '--no-dangling').catch((error: unknown) =>
    String(error),
  );
  if (/error|missing|broken/i.test(fsck)) violations.push(`git fsck: ${fsck.slice(0, 300)}`);
  const exclude = lines(await readFile(path.join(root, '.git', 'info', 'exclude'), 'utf8'));
  if (new Set(exclude).size !== exclude.length) violations.push('.git/info/exclude has a line twice');
  return violations;
}

/** No temporary file, no lock, no open attempt, pack or batch; nothing of regen's in the folder for temporary files. */
async function checkFiles({ root, home }: Scene): Promise<readonly string[]> {
  const top = await readdir(root);
  const own = (await readdir(path.join(root, '.regen'), { recursive: true })).map((name) => `.regen/${name}`);
  const history = (await readdir(path.join(root, '.regen-history'))).map((name) => `.regen-history/${name}`);
  const scratch = (await readdir(home)).filter((name) => name.startsWith('regen-'));
  return [
    ...[...top, ...own, ...history].filter((name) => name.endsWith('.tmp')).map((name) => `${name} is left`),
    ...(await heldLocks(root, own)).map((name) => `${name} is held`),
    ...own.filter((name) => /^\.regen\/open[^/]*\//.test(name)).map((name) => `${name} is left`),
    ...top.filter((name) => name === '.worktrees').map((name) => `${name} is left`),
    ...scratch.map((name) => `${name.replace(/-[^-]*$/, '-…')} is left in TMPDIR`),
  ];
}

/** A lock file whose holder is gone is nobody's: whoever needs the lock next takes it over. */
async function heldLocks(root: string, names: readonly string[]): Promise<readonly string[]> {
  const locks = names.filter((name) => /lock(?:\.takeover)*$/.test(name));
  const holders = await Promise.all(locks.map((name) => lockHolder(path.join(root, name))));
  return locks.filter((_name, index) => holders[index] !== null);
}

/** The preload was loaded by what the suite started, and by nothing that those started. */
async function checkPreloads({ folder }: Scene): Promise<readonly string[]> {
  const loads = lines(await readFile(path.join(folder, 'events.loaded'), 'utf8').catch(() => ''));
  return loads
    .filter((line) => !/^\d+ \S+\/dist\/cli\.js(?: |$)/.test(line))
    .map((line) => `the preload reached another process: ${line.slice(0, 160)}`);
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
