import { fillTemplate } from '../../model/template.js';
import type { StageContext } from '../stage.js';
import { plainField } from './plain-field.js';

/** The number of the issue that the target belongs to, as the base says it; null when there is none. */
export async function parentIssue(context: StageContext): Promise<string | null> {
  const { config, attempt, stations, signal } = context;
  const source = config.ship.parentIssue;
  if (source === undefined) return null;
  const file = fillTemplate(source.file, { target: attempt.target, item: attempt.item });
  let found: string | null = null;
  await stations.workspace.tree(attempt.base).read(
    [file],
    (_path, content) => {
      found = content === null ? null : plainField(content.toString('utf8'), source.field);
    },
    signal,
  );
  return found;
}
