/** Everything that one run of the real command line needs: repository, remote, model, and a home of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { execa } from 'execa';
import type { Script } from '../../src/demo/model/conversation.js';
import { say } from '../../src/demo/model/reply.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import { claudeEnv, leanClaudePath, startModel } from './claude.js';
import type { FilesLiteral, TestRepository } from './git-repo.js';
import { gitEnvironment, makeRepository, writeFiles } from './git-repo.js';

/** The built command line. */
export const cliPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface WorldLiteral {
  /** The base's files; regen.yaml is written into the working copy only. Left out: no commit, here or there. */
  readonly files?: FilesLiteral;
  readonly config: string;
  readonly script?: Script;
  /** Added to the environment of every command; undefined takes a name out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
}

export interface CommandRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; undefined when it is none. */
  readonly document: unknown;
}

export interface World extends AsyncDisposable {
  readonly repository: TestRepository;
  readonly root: string;
  readonly home: string;
  readonly model: ScriptedModel;
  /** What every command runs with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs the built `regen`. */
  regen(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<CommandRun>;
  /** SIGKILL to whoever holds the run lock. */
  killStep(): Promise<void>;
  /** Starts it, for tests that end it by a signal. */
  start(args: readonly string[]): ChildProcess;
  /** A file of the working copy; null when it isn't there. */
  read(file: string): Promise<string | null>;
  write(files: FilesLiteral): Promise<void>;
}

/** A repository whose agent is the real binary, answered by the script. */
export async function makeWorld(literal: WorldLiteral): Promise<World> {
  const repository = await makeRepository({
    ...(literal.files === undefined ? {} : { files: literal.files }),
    ...(literal.folder === undefined ? {} : { folder: literal.folder }),
  });
  const { root } = repository;
  const home = path.join(path.dirname(root), 'home');
  await mkdir(home, { recursive: true });
  const model = await startModel(literal.script ?? (() => say('Nothing was scripted.')));
  await writeFiles(root, { 'regen.yaml': literal.config });
  const options = {
    cwd: root,
    env: { ...gitEnvironment(), ...claudeEnv(home, model.url), ...binaryOnPath(), ...literal.env },
    extendEnv: false,
    stdin: 'ignore',
  } as const;
  return {
    repository,
    root,
    home,
    model,
    env: options.env,
    async regen(args, env = {}) {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, ...args], {
        ...options,
        env: { ...options.env, ...env },
        reject: false,
      });
      return { exitCode, stdout, stderr, document: parse(stdout) };
    },
    async killStep() {
      const holder = JSON.parse(await readFile(path.join(root, '.regen', 'lock'), 'utf8')) as { pid: number };
      process.kill(holder.pid, 'SIGKILL');
    },
    start: (args) =>
      spawn(process.execPath, [cliPath, ...args], { cwd: root, env: options.env, stdio: 'ignore' }),
    read: (file) => readFile(path.join(root, file), 'utf8').catch(() => null),
    write: (files) => writeFiles(root, files),
    async [Symbol.asyncDispose]() {
      await model.close();
      await repository.cleanup();
    },
  };
}

function binaryOnPath(): Record<string, string> {
  return { PATH: `${path.dirname(leanClaudePath)}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
