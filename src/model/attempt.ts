/** One try at an item, and what else model runs are made for. */

/** Which unit of work is meant, everywhere along the line. */
export interface ItemRef {
  readonly target: string;
  readonly item: string;
}

/** What runs of a model are made and paid for: an attempt at an item, or the audit of a whole target. */
export interface Commission {
  readonly target: string;
  /** null: no item in particular. */
  readonly item: string | null;
  /** The items that it is made for together; left out: `item` alone. */
  readonly members?: readonly string[];
  /** Owns commits, branches and processes: `Regen-Attempt`. */
  readonly uuid: string;
  /** 1-based, counted over the plan's life. */
  readonly number: number;
  /** The plan's key, see `planKey`. */
  readonly plan: string;
  /** The pinned base commit, 40 hex digits. */
  readonly base: string;
  /** The agent's session id, a UUID. */
  readonly sessionId: string;
  /** Where everything about it is kept, absolute. */
  readonly directory: string;
}

export interface Attempt extends Commission {
  /** Of a shipment of several items: its own name, such as `pack-3`. */
  readonly item: string;
  /** The pack whose answers it ships, see step/packs/; left out: an agent works. */
  readonly pack?: number;
  /** The model that it was routed to when it opened; left out: the configured one. See step/attempt-model.ts. */
  readonly model?: string;
  /** Of a routed one: the model that the plan named then; null: none. */
  readonly planned?: string | null;
  /** Of a shipment: the files that it may change, relative to the root. */
  readonly files?: readonly string[];
}

/** The items that an attempt is made for. */
export function membersOf({ item, members }: Pick<Commission, 'item' | 'members'>): readonly string[] {
  return members ?? (item === null ? [] : [item]);
}

/** Where an attempt's long reports are kept: findings that would be too much for the conversation. Absolute. */
export function reportsFolder({ directory }: Pick<Attempt, 'directory'>): string {
  return `${directory}/reports`;
}

/** One line of an attempt's journal. */
export interface JournalRecord {
  readonly v: 1;
  readonly at: string;
  readonly attempt: string;
  readonly stage: string;
  /** 0 for the first pass; repairs and improvements count up. */
  readonly round: number;
  readonly effect: string;
  readonly event: 'begin' | 'end';
  readonly data: Readonly<Record<string, unknown>>;
}
