/** The rules of a rubric that code decides by looking at files: what it rejects, no judge is paid for. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RejectRule, Rubric } from '../model/rubric.js';
import { fillTemplate } from '../model/template.js';
import type { Values } from '../model/template.js';
import type { AppliedRule } from '../model/verdict.js';
import { pictureFlaw } from '../system/image.js';
import { isInside } from '../system/inside.js';
import { worktreeFile } from './worktree-file.js';

export interface RuledPlace {
  /** Absolute. */
  readonly artifacts: string;
  /** The worktree, absolute. */
  readonly cwd: string;
  /** Placeholders of the rules' paths. */
  readonly values: Values;
}

/** The rules that apply; empty when nothing is to be rejected. */
export async function rejectedByFiles(
  { reject }: Rubric,
  place: RuledPlace,
): Promise<readonly AppliedRule[]> {
  const applied: AppliedRule[] = [];
  for (const rule of reject) {
    const comment = await foundBy(rule, place);
    if (comment !== null) applied.push({ id: rule.id, name: rule.name, atMost: 0, comment });
  }
  return applied;
}

/** What was found, in words; null when the rule doesn't apply or the judge decides it. */
async function foundBy({ missing, small, blank }: RejectRule, place: RuledPlace): Promise<string | null> {
  const wanted = missing ?? small?.file ?? blank;
  if (wanted === undefined) return null;
  const name = fillTemplate(wanted, place.values);
  const file = await find(name, place);
  if (file === null) return `${name} is not there`;
  if (small !== undefined && file.size < small.bytes) {
    return `${name} has ${file.size} bytes, fewer than ${small.bytes}`;
  }
  const flaw = blank === undefined ? null : await pictureFlaw(file.path);
  return flaw === null ? null : `${name} ${flaw}`;
}

interface Found {
  readonly path: string;
  readonly size: number;
}

/** A regular file among the artifacts, else in the worktree; nothing that a link leads to. */
async function find(name: string, { artifacts, cwd }: RuledPlace): Promise<Found | null> {
  const places = [isInside(artifacts, name) ? join(artifacts, name) : null];
  if ((await worktreeFile(cwd, name)) !== null) places.push(join(cwd, name));
  for (const path of places) {
    const stats = path === null ? null : await lstat(path).catch(() => null);
    if (path !== null && stats?.isFile() === true) return { path, size: stats.size };
  }
  return null;
}
