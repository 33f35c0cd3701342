/** Labels on GitHub, one request each: every `labeled` event may start something that the next one cancels. */
import { labelSchema, labelsSchema } from './answers.js';
import { expectData, expectForItem } from './github.js';
import type { GitHub } from './github.js';
import { labelColor } from './label-names.js';

const maxTries = 3;

export interface Labels {
  labels(number: number, signal: AbortSignal): Promise<readonly string[]>;
  addLabel(number: number, label: string, signal: AbortSignal): Promise<void>;
  /** One that isn't there any more is as good as removed. */
  removeLabel(number: number, label: string, signal: AbortSignal): Promise<void>;
}

export function createLabels(github: GitHub): Labels {
  const known = new Set<string>();
  return {
    labels: (number, signal) => labelsOf(github, number, signal),
    async addLabel(number, label, signal) {
      if (!known.has(label)) await ensureLabel(github, label, signal);
      known.add(label);
      await putOn(github, { number, label }, signal);
    },
    removeLabel: (number, label, signal) => takeOff(github, { number, label }, signal),
  };
}

async function labelsOf(github: GitHub, number: number, signal: AbortSignal): Promise<string[]> {
  // One page: an issue has at most 100 labels.
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/labels';
  const parameters = { issue_number: number, per_page: 100 };
  const answer = await github.ask({ route, parameters }, labelsSchema, signal);
  return expectData(answer, `list the labels of #${number}`).map((one) => one.name);
}

/** Makes the label known to the repository; whoever else made it meanwhile is welcome. */
async function ensureLabel(github: GitHub, name: string, signal: AbortSignal): Promise<void> {
  const route = 'POST /repos/{owner}/{repo}/labels';
  const parameters = { name, color: labelColor(name) };
  for (let round = 1; !(await isKnown(github, name, signal)); round++) {
    const answer = await github.ask({ route, parameters }, labelSchema, signal);
    const exists = answer.kind === 'invalid' && answer.reasons.some((one) => /already[_ ]exists/i.test(one));
    if (answer.kind === 'ok' || exists) return;
    if (answer.kind !== 'unknown' || round === maxTries) expectForItem(answer, `create the label ${name}`);
    await github.pause(round, signal);
  }
}

async function isKnown(github: GitHub, name: string, signal: AbortSignal): Promise<boolean> {
  const route = 'GET /repos/{owner}/{repo}/labels/{name}';
  const answer = await github.ask({ route, parameters: { name } }, labelSchema, signal);
  if (answer.kind === 'missing') return false;
  expectData(answer, `show the label ${name}`);
  return true;
}

async function putOn(
  github: GitHub,
  { number, label }: { readonly number: number; readonly label: string },
  signal: AbortSignal,
): Promise<void> {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  const parameters = { issue_number: number, labels: [label] };
  for (let round = 1; ; round++) {
    const answer = await github.ask({ route, parameters }, labelsSchema, signal);
    if (answer.kind === 'ok') return;
    if (answer.kind !== 'unknown') expectForItem(answer, `put the label ${label} on #${number}`);
    await github.pause(round, signal);
    const present = await labelsOf(github, number, signal);
    if (present.some((name) => name.toLowerCase() === label.toLowerCase())) return;
    if (round === maxTries) expectForItem(answer, `put the label ${label} on #${number}`);
  }
}

async function takeOff(
  github: GitHub,
  { number, label }: { readonly number: number; readonly label: string },
  signal: AbortSignal,
): Promise<void> {
  const route = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
  const parameters = { issue_number: number, name: label };
  const answer = await github.ask({ route, parameters }, labelsSchema, signal);
  if (answer.kind !== 'missing') expectData(answer, `take the label ${label} off #${number}`);
}
