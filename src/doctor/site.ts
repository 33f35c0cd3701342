/** Where the doctor looks, and what it looks with. */
import type { Config } from '../model/config.js';
import type { Plan } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';

/** git in one folder; an exit status other than 0 is an answer. */
interface Git {
  run(args: readonly string[], signal: AbortSignal): Promise<GitAnswer>;
}

interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** stderr in a line, without credentials. */
  readonly reason: string;
}

/** What the config's defaults say where there is no valid regen.yaml. */
type Settings = Pick<Config, 'base' | 'agent' | 'cache'>;

/** What the composition root hands in. */
export interface Tools {
  git(folder: string): Git;
  /** @throws RegenError `config` */
  loadConfig(root: string, signal: AbortSignal): Promise<Config>;
  readonly defaults: Settings;
  /** @throws RegenError `plan` naming the line; null when there is no plan. */
  readPlan(root: string): Promise<Plan | null>;
  /** @throws RegenError `environment` when the agent can't be started. */
  agentVersion(surroundings: Surroundings, settings: Settings, signal: AbortSignal): Promise<string>;
  /** For the worker: says what was seen. @throws RegenError when the API doesn't answer or refuses the key. */
  askApi(surroundings: Surroundings, config: Config, signal: AbortSignal): Promise<string>;
  /** For the worker: what items are cut out of the first target; null: there is no target. */
  firstBlocks(surroundings: Surroundings, signal: AbortSignal): Promise<FirstBlocks | null>;
  /** @throws RegenError when the repository can't be derived, the token is missing or is refused. */
  ensureForge(request: ForgeRequest, signal: AbortSignal): Promise<void>;
}

interface FirstBlocks {
  readonly target: string;
  readonly files: number;
  readonly blocks: number;
}

interface ForgeRequest {
  readonly surroundings: Surroundings;
  readonly config: Config;
  /** null: there is no remote. */
  readonly remoteUrl: string | null;
}

export interface Place {
  /** Where regen was called, absolute. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** The surroundings, but for the root: there may be none. */
  readonly outside: Omit<Surroundings, 'root'>;
}

/** The place, looked over once for all rows. */
export interface Site extends Place {
  /** null: no repository. */
  readonly root: string | null;
  /** null: not there, or not valid. */
  readonly config: Config | null;
  /** Of the config, or else the defaults. */
  readonly settings: Settings;
  /** In the root, or where regen was called. */
  readonly git: Git;
}
