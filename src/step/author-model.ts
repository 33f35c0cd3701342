import { sessionStage } from '../model/ledger.js';
import { modelOf } from './attempt-model.js';
import type { StageContext } from './stage.js';

/**
 * The model that did the work, as the API calls it: `sonnet` is another one next year. A session's own where it did the
 * work itself; the configured name where nothing is on the books.
 */
export async function authorModel({ attempt, config, journal, stations }: StageContext): Promise<string> {
  const { plan, target, item } = attempt;
  const rows = await stations.ledger.rows({ plan, target, item });
  const own = rows.filter(
    (row) => row.kind === 'message' && !row.isSidechain && ['agent', sessionStage].includes(row.stage),
  );
  const last = own.at(-1);
  return last?.kind === 'message' ? last.model : (modelOf(journal) ?? config.agent.model);
}
