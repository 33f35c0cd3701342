import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { sumBill } from '../../src/demo/model/bill.js';
import type { Script } from '../../src/demo/model/conversation.js';
import type { MessageRow } from '../../src/model/ledger.js';
import { totalTokens } from '../../src/model/usage.js';
import { parseRow } from '../../src/usage/ledger-row.js';
import { claudeEnv, leanClaudePath } from '../support/claude.js';
import type { TestForge } from '../support/forge.js';
import { startForge } from '../support/forge.js';
import { gitEnvironment } from '../support/git-repo.js';
import { startGitHttp } from '../support/git-http.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

interface Scene {
  readonly world: World;
  readonly forge: TestForge;
  /** The body of the pull request, as it is now. */
  readonly body: (number: number) => Promise<string>;
}

/** The poems, their remote over HTTP and the forge in front of it. */
async function makeScene(script: Script): Promise<Scene> {
  const world = await makeWorld({
    files: poemFiles,
    config: poemConfig({ ship: '  repository: o/r' }),
    script,
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { remote } = world.repository;
  const forge = await startForge({ owner: 'o', repo: 'r', remote });
  onTestFinished(() => forge.stop());
  const credentials = { user: 'x-access-token', password: forge.token };
  const http = await startGitHttp({ remote, path: '/o/r.git', credentials });
  onTestFinished(() => http.stop());
  const url = http.url.replace('//', `//x-access-token:${forge.token}@`);
  await world.repository.git('remote', 'set-url', 'origin', url);
  return {
    world,
    forge,
    async body(number) {
      const found = (await forge.pullRequests()).find((one) => one.number === number);
      return found?.body ?? '';
    },
  };
}

function forgeEnv({ apiUrl, token }: TestForge): Record<string, string> {
  return { GITHUB_TOKEN: token, GITHUB_API_URL: apiUrl };
}

/** Every message on the books. */
async function messages(world: World): Promise<readonly MessageRow[]> {
  const lines = ((await world.read('.regen/ledger.jsonl')) ?? '').split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const parsed = parseRow(line);
    return parsed.kind === 'row' && parsed.row.kind === 'message' ? [parsed.row] : [];
  });
}

/** The cells of a row of the table, its name first. */
function cells(body: string, name: string): readonly string[] {
  const line = body
    .split('\n')
    .find((one) => one.startsWith(`| ${name} |`) || one.startsWith(`| **${name}** |`));
  return (line ?? '')
    .split('|')
    .map((cell) => cell.replaceAll('*', '').trim())
    .slice(1, -1);
}

function patches(forge: TestForge): string[] {
  return forge.writes().filter((write) => write.startsWith('PATCH'));
}

describe('headless', () => {
  /** Good at first; everything that is written later is stale. */
  function fading(): Script {
    const good = poet();
    const stale = poet({ bold: ['stale again\n', 'stale still\n'] });
    let sessions: readonly (string | null)[] = [];
    return (request) => {
      sessions = [...new Set([...sessions, request.sessionId])];
      return request.sessionId === sessions[0] ? good(request) : stale(request);
    };
  }

  test('a pull request is made with its table; a later attempt brings it up to date, around a person’s text', async () => {
    const { world, forge, body } = await makeScene(fading());
    const env = forgeEnv(forge);
    await world.regen(['plan', 'autumn']);

    await world.regen([], env);
    const made = await body(1);
    const patchesBefore = patches(forge);
    await forge.act('PATCH', '/pulls/1', {
      body: `A person’s words.\r\n\r\n${made.replaceAll('\n', '\r\n')}Theirs.`,
    });
    await world.regen(['retry', 'bold']);
    const second = await world.regen(['--json'], env);
    const updated = await body(1);

    const rows = (await messages(world)).filter(({ item }) => item === 'bold');
    const [first, ...later] = [...new Set(rows.map(({ attempt }) => attempt))];
    const count = (attempt: string | null | undefined) =>
      String(rows.filter((row) => row.attempt === attempt).length);
    expect(second).toMatchObject({ exitCode: 1, document: { outcome: 'failed', attempt: 2 } });
    expect(later).toHaveLength(1);
    expect(patchesBefore).toEqual([]);
    expect(cells(made, 'agent').slice(5, 7)).toEqual(['1', count(first)]);
    expect(cells(made, 'Total').slice(5, 7)).toEqual(['1', count(first)]);
    expect(patches(forge)).toEqual(['PATCH /pulls/1']); // a person’s own is past the log
    expect(updated).toMatch(/^A person’s words\.\r\n\r\n[^]*Theirs\.$/);
    expect(updated.match(/regen:tokens begin/g)).toHaveLength(1);
    expect(cells(updated, 'agent')[6]).toBe(count(first));
    expect(cells(updated, '1 later attempt')[6]).toBe(count(later[0]));
    expect(cells(updated, 'Total')[6]).toBe(String(rows.length));
  }, 120_000);
});

describe('a session that drives several items', () => {
  const prompt = 'Drive them all.';

  function write(voice: string): ScriptedReply {
    const file_path = path.join('.worktrees/autumn', voice, 'poems/autumn/voices', `${voice}.txt`);
    return use(
      { name: 'Read', input: { file_path } },
      { name: 'Write', input: { file_path, content: `new ${voice} autumn\n` } },
    );
  }

  /** One after the other: bold is begun, calm from its beginning to its end, bold is ended, wry by a headless step. */
  const course: readonly ScriptedReply[] = [
    bash('regen --quiet item start bold'),
    write('bold'),
    bash('regen --quiet item start calm'),
    bash('true'),
    write('calm'),
    bash('regen --quiet item check'),
    bash('regen --quiet item ship'),
    bash('regen --quiet item start bold'),
    bash('regen --quiet item check'),
    bash('regen --quiet item ship'),
    bash('regen --quiet'),
    say('All driven.'),
  ];

  const author = poet();

  function drive(request: ScriptedRequest): ScriptedReply {
    if (!request.firstMessage.includes(prompt)) return author(request);
    return course[request.turn - 1] ?? say('There is no more to do.');
  }

  async function runSession(world: World, env: Readonly<Record<string, string>>): Promise<string> {
    await world.write({ 'bin/regen': `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n` });
    await chmod(path.join(world.root, 'bin/regen'), 0o755);
    const flags = ['--output-format', 'json', '--allowedTools', 'Bash,Read,Edit,Write'];
    const places = [path.join(world.root, 'bin'), path.dirname(leanClaudePath), process.env['PATH']];
    const { stdout } = await execa(leanClaudePath, ['-p', prompt, ...flags], {
      cwd: world.root,
      env: {
        ...gitEnvironment(),
        ...claudeEnv(world.home, world.model.url),
        ...env,
        PATH: places.join(path.delimiter),
      },
      extendEnv: false,
      input: '',
      reject: false,
    });
    const { session_id } = JSON.parse(stdout) as { readonly session_id: string }; // what --output-format json prints
    return session_id;
  }

  test('pays for each of its turns once: to the item it was for, shared, or to none; all of it is on the books', async () => {
    const { world, forge, body } = await makeScene(drive);
    const env = forgeEnv(forge);
    await world.regen(['plan', 'autumn']);

    const session = await runSession(world, env);
    const patchesAfter = patches(forge);
    const archived = await world.regen([], env);

    const turns = (await messages(world)).filter((row) => row.session === session);
    const owner = ({ item, sharedBy }: MessageRow) => item ?? sharedBy?.join('+') ?? 'nobody';
    expect(turns.map(owner)).toEqual([
      ...['bold', 'bold', 'calm', 'bold+calm', 'bold+calm', 'calm', 'calm'],
      ...['bold', 'bold', 'bold', 'wry', 'nobody'],
    ]);
    expect(turns.every(({ stage }) => stage === 'session')).toBe(true);

    // The server's bill, of this session and of everything.
    const bill = world.model.bill;
    const sumOf = (rows: readonly MessageRow[]) => sumBill(rows.map((row) => ({ tokens: row }) as never));
    expect(sumOf(turns)).toEqual(sumBill(bill.filter(({ sessionId }) => sessionId === session)));
    expect(sumOf(await messages(world))).toEqual(sumBill(bill));

    // calm was shipped first; what bold said later for itself changed how the two share.
    const [calm, bold, wry] = [await body(1), await body(2), await body(3)];
    expect(patchesAfter).toEqual(['PATCH /pulls/1']);
    expect(patches(forge)).toEqual(patchesAfter);
    const requests = [calm, bold, wry].map((text) => Number(cells(text, 'orchestrator')[6]));
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(turns.length - 1);
    expect(requests[2]).toBe(1);
    for (const text of [calm, bold, wry]) expect(text.match(/regen:tokens begin/g)).toHaveLength(1);
    expect(calm).toMatch(/<sub>The orchestrator: turns of a session for this item, .*; its share in turns/);
    const last = turns.at(-1);
    expect(archived.stdout).toContain(
      `not in it: ${((last === undefined ? 0 : totalTokens(last)) / 1000).toFixed(1)}k tokens`,
    );
  }, 120_000);
});

function bash(command: string): ScriptedReply {
  return use({ name: 'Bash', input: { command, timeout: 600_000, description: 'The next one' } });
}
