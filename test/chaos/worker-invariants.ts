/** What must hold after a worker's trial in the repository and at the API. Each returns what doesn't, in words. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readOwner } from '../../src/workspace/trailers.js';
import { runGit } from '../support/git-repo.js';
import type { Scene } from './scene.js';
import type { WorkerFacts } from './variants.js';

const prefix = 'regen/guide/';

/** Each result stands in one branch, once, and nothing else differs from the base. */
export async function checkShipments(
  scene: Scene,
  { commits, fate }: WorkerFacts,
  attempts: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const git = (...args: readonly string[]) => runGit(scene.repository.remote, args);
  const refs = (await git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n');
  const branches = refs.filter((name) => name !== 'main');
  const violations: string[] = [];
  const shipped: string[] = [];
  for (const branch of branches) {
    const unit = branch.slice(prefix.length);
    const isOurs = commits === null ? /^pack-\d+(?:\.\d+)?$/.test(unit) : unit === 'all';
    if (!branch.startsWith(prefix) || !isOurs) violations.push(`the remote has a branch ${branch}`);
    const shas = (await git('rev-list', `main..${branch}`)).split('\n');
    const wanted = commits ?? 1;
    if (shas.length !== wanted)
      violations.push(`${branch} has ${shas.length} commits above main, not ${wanted}`);
    for (const sha of shas) {
      const owner = readOwner(await git('cat-file', 'commit', sha));
      if (owner?.item !== unit || attempts.get(owner.attempt) !== unit)
        violations.push(`${branch} carries the trailers of ${JSON.stringify(owner)}`);
    }
    const changed = (await git('diff', '--name-only', 'main', branch)).split('\n');
    for (const file of changed) {
      const read = readPage(scene, { file, text: `${await git('show', `${branch}:${file}`)}\n` });
      if (read === null) violations.push(`${branch} has changed ${file} beside its results`);
      shipped.push(...(read ?? []));
    }
  }
  for (const item of scene.variant.items) {
    const times = shipped.filter((one) => one === item).length;
    const wanted = fate(item) === 'open' ? 1 : 0;
    if (times !== wanted) violations.push(`${item} was shipped ${times} times, not ${wanted}`);
  }
  return [...violations, ...(await checkGoodNotes(scene, fate))];
}

/** What the pre-filter goes by the next time is the text before and after the result, from whichever base it was shipped. */
async function checkGoodNotes({ root }: Scene, fate: WorkerFacts['fate']): Promise<readonly string[]> {
  const folder = path.join(root, '.regen', 'good', 'guide');
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.tmp'));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  const notes = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  return notes.flatMap((note) => {
    const { item, before, after } = JSON.parse(note) as Readonly<Record<string, unknown>>; // keepGoodBlocks’
    const isKept = fate(String(item)) === 'unchanged';
    if (fate(String(item)) === 'failed') return [`${String(item)} has failed and is noted as good`];
    return (before === after) === isKept
      ? []
      : [`${String(item)} is noted with ${isKept ? 'a result' : 'its result for the text before it'}`];
  });
}

/** The items whose results the page holds; null: it differs in something else. */
function readPage(
  { variant }: Scene,
  { file, text }: { readonly file: string; readonly text: string },
): readonly string[] | null {
  const before = variant.files[file];
  const name = /([^/]+)\.md$/.exec(file)?.[1] ?? '';
  if (before === undefined) return null;
  const lines = new Set(text.split('\n'));
  const held = variant.items.filter((item) => item.startsWith(`${name}#`) && lines.has(variant.text(item)));
  const expected = held.reduce((page, item) => {
    const result = variant.text(item);
    return page.replace(result.replace(/ Once\.$/, ''), result);
  }, before);
  return expected === text ? held : null;
}

/** No batch was submitted twice; nobody asked the forge for anything. */
export async function checkSubmissions(
  { model, forge }: Scene,
  { batches }: WorkerFacts,
): Promise<readonly string[]> {
  const submitted = model.batches();
  const ids = submitted.flatMap(({ customIds }) => customIds);
  const pulls = await forge.pullRequests();
  return [
    ...(submitted.length === batches ? [] : [`${submitted.length} batches were submitted, not ${batches}`]),
    ...(new Set(ids).size === ids.length ? [] : ['a request was submitted in two batches']),
    ...(submitted.every(({ status }) => status === 'ended') ? [] : ['a batch was left running']),
    ...(pulls.length === 0 ? [] : ['there are pull requests']),
  ];
}
