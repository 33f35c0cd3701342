/** The way from the items' texts to clusters that are worth a question. Pure. */
import { clustersOf } from './clusters.js';
import type { Cluster } from './clusters.js';
import { evidenceOf } from './evidence.js';
import { dictatedBy, familiesOf, featuresOf } from './features.js';
import type { NamedText } from './features.js';
import type { CopyCluster } from './findings.js';
import { shownTexts } from './passages.js';
import type { ItemTexts } from './passages.js';
import { candidatePairs } from './similarity.js';

export interface AuditedTexts {
  readonly id: string;
  readonly isTodo: boolean;
  readonly files: readonly NamedText[];
}

/** The strongest of them; a plan with more copies than that is audited again when these are mended. */
const mostClusters = 12;

/** Characters of the items' texts in one question, some thirty thousand tokens. */
const mostShown = 120_000;

/** Characters of one cluster's texts, lest a single one is shown in full length. */
const mostOfCluster = 40_000;

/** More pairs of a cluster say nothing new. */
const mostEvidence = 8;

/** @param dictated - whatever the items were told: what they share of it is no copy. */
export function findClusters(
  items: readonly AuditedTexts[],
  dictated: readonly NamedText[],
): readonly CopyCluster[] {
  const known = dictatedBy(dictated, familiesOf(items.flatMap(({ files }) => files)));
  const compared = items
    .filter(({ files }) => files.length > 0)
    .map((item) => ({ ...item, features: featuresOf(item.files, known) }));
  const ids = compared.map(({ id }) => id);
  const groups = clustersOf(candidatePairs(compared.map(({ features }) => features)), ids)
    .map((cluster) => membersOf(cluster, compared))
    .filter((members) => members.some(({ isTodo }) => isTodo))
    .slice(0, mostClusters);
  const room = Math.min(mostOfCluster, mostShown / groups.length);
  return groups.map((members, index) => describe(`C${index + 1}`, members, room));
}

type Member = ItemTexts & AuditedTexts;

function membersOf(cluster: Cluster, items: readonly Member[]): readonly Member[] {
  return cluster.flatMap((place) => items[place] ?? []);
}

function describe(id: string, members: readonly Member[], room: number): CopyCluster {
  const todo = members.filter(({ isTodo }) => isTodo).map((item) => item.id);
  return {
    id,
    items: members.map((item) => item.id),
    todo,
    later: todo.at(-1) ?? '',
    files: shownTexts(members, room),
    evidence: clusterEvidence(members),
  };
}

/** In a cluster of two it goes without saying whose it is. */
function clusterEvidence(members: readonly Member[]): readonly string[] {
  const pairs = members.flatMap((first, index) =>
    members.slice(index + 1).map((second) => ({ first, second })),
  );
  if (pairs.length === 1) return pairs.flatMap(({ first, second }) => evidenceOf(first, second));
  return pairs
    .map(({ first, second }) => ({ names: `${first.id} and ${second.id}`, lines: evidenceOf(first, second) }))
    .filter(({ lines }) => lines.length > 0)
    .slice(0, mostEvidence)
    .map(({ names, lines }) => `${names}: ${lines.join('; ')}`);
}
