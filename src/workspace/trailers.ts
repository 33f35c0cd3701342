/** The trailers that say whose a commit is. Pure. */
import type { ItemRef } from '../model/attempt.js';
import { decodePlanId, encodePlanId } from '../model/ids.js';

/** What the trailers of a commit of ours say. */
export interface Owner extends ItemRef {
  readonly attempt: string;
}

/** A commit's message: one line of subject, and the trailers. Ids are written as in the plan, so that they stay one line. */
export function commitMessage(subject: string, owner: Owner): string {
  const trailers = [
    `Regen-Target: ${encodePlanId(owner.target)}`,
    `Regen-Item: ${encodePlanId(owner.item)}`,
    `Regen-Attempt: ${owner.attempt}`,
  ];
  return `${oneLine(subject)}\n\n${trailers.join('\n')}\n`;
}

/** Reads our trailers off a raw commit object; null when it lacks one. */
export function readOwner(commit: string): Owner | null {
  const message = messageOf(commit).trimEnd();
  const paragraph = message.slice(message.lastIndexOf('\n\n') + 2);
  const value = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1]?.trim();
  const target = value('Regen-Target');
  const item = value('Regen-Item');
  const attempt = value('Regen-Attempt');
  if (target === undefined || item === undefined || attempt === undefined) return null;
  return { target: decodePlanId(target), item: decodePlanId(item), attempt };
}

/** A raw commit object is headers, an empty line, and the message. */
export function messageOf(commit: string): string {
  return commit.slice(commit.indexOf('\n\n') + 2);
}

/** The tree and the parents that a raw commit object names. */
export function readAncestry(commit: string): { readonly tree: string; readonly parents: readonly string[] } {
  const headers = commit.slice(0, commit.indexOf('\n\n')).split('\n');
  const values = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return { tree: values('tree')[0] ?? '', parents: values('parent') };
}

function oneLine(subject: string): string {
  const line = subject.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line === '' ? 'regen' : line;
}
