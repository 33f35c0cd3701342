import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { makeScratch } from '../support/scratch.js';
import { jsonLines, message, profileOf, text, writeFiles } from './session-file.js';
import type { ProfileLiteral } from './session-file.js';

const session = (id: string): string =>
  jsonLines(message({ id, blocks: [text('Done.')], write: 1000, at: id.length }));

function journal(
  ...runs: readonly (readonly [stage: string, round: number, session: string, folder: string])[]
) {
  return jsonLines([
    {
      v: 1,
      event: 'begin',
      stage: 'attempt',
      round: 0,
      effect: 'open',
      data: { target: 't', sessionId: 'x' },
    },
    ...runs.map(([stage, round, sessionId, directory]) => ({
      ...{ v: 1, event: 'begin', stage, round, effect: 'run' },
      data: { sessionId, directory, prefixHash: 'p' },
    })),
  ]);
}

/** A repository with the runs of two plans, and Claude Code's own folder. */
async function site() {
  const scratch = await makeScratch();
  await writeFiles(scratch.folder, {
    '.regen/runs/p1/t/altair/1/journal.jsonl': journal(['agent', 0, 'aaaa-1', 'agent-0-aaaa']),
    '.regen/runs/p1/t/altair/1/agent-0-aaaa/stream.jsonl': session('old'),
    '.regen/runs/p2/t/altair/1/journal.jsonl': journal(
      ['agent', 0, 'aaaa-2', 'agent-0-aaaa'],
      ['agent', 1, 'aaaa-2', 'agent-1-aaaa'],
      ['evaluate', 0, 'bbbb-1', 'evaluate-0-bbbb'],
      ['agent', 2, 'gone-1', 'agent-2-gone'],
    ),
    '.regen/runs/p2/t/altair/1/agent-0-aaaa/stream.jsonl': session('one'),
    '.regen/runs/p2/t/altair/1/agent-1-aaaa/stream.jsonl': session('two'),
    '.regen/runs/p2/t/altair/1/evaluate-0-bbbb/stream.jsonl': session('judge'),
    '.regen/runs/p2/t/%5B/1/journal.jsonl': journal(['agent', 0, 'dddd-1', 'agent-0-dddd']),
    '.regen/runs/p2/t/%5B/1/agent-0-dddd/stream.jsonl': session('bracket'),
    '.regen/ledger.jsonl': '{"v":2}\n',
    '.claude/projects/-repo/bbbb-1.jsonl': session('judge-in-full'),
    '.claude/projects/-repo/cccc-1.jsonl': session('someone'),
    '.claude/projects/-repo/cccc-1/subagents/agent-7.jsonl': session('helper'),
    'src/altair.py': 'x',
  });
  const profile = (what: string, more: Partial<ProfileLiteral> = {}) =>
    profileOf({ cwd: scratch.folder, root: scratch.folder, claude: scratch.in('.claude'), what, ...more });
  return { ...scratch, profile };
}

/** What was found: sessions with their stage, rounds and messages. */
async function found(profiling: ReturnType<typeof profileOf>) {
  const { sessions } = await profiling;
  return sessions
    .map(({ session: id, step, threads }) => [
      id,
      step === null ? null : `${step.item} ${step.stage} ${step.rounds.join()}`,
      threads.flatMap(({ perRequest = [] }) => perRequest.map((request) => request.message)),
    ])
    .sort();
}

async function refusal(profiling: Promise<unknown>) {
  const error: unknown = await profiling.catch((thrown: unknown) => thrown);
  if (!(error instanceof RegenError)) throw new Error('no RegenError', { cause: error });
  return { code: error.code, message: error.message, hint: error.hint };
}

const withRequests = true;

describe('what can be profiled', () => {
  it('an item of the plan at work: transcripts where there are some, else the streams of all runs', async () => {
    await using place = await site();
    const currentPlan = { plan: 'p2', target: 't' };

    const profile = await place.profile('altair', { currentPlan, withRequests });

    expect(await found(Promise.resolve(profile))).toEqual([
      ['aaaa-2', 'altair agent 0,1', ['one', 'two']],
      ['bbbb-1', 'altair evaluate 0', ['judge-in-full']],
    ]);
    expect(profile.steps.map(({ stage, sessions, requests }) => [stage, sessions, requests])).toEqual([
      ['agent', 1, 2],
      ['evaluate', 1, 1],
    ]);
    expect(profile.unknown).toContain('gone-1: neither its transcript nor its stream is left');
  });

  it('an item whose id is no plain word', async () => {
    await using place = await site();

    expect(await found(place.profile('[', { withRequests }))).toEqual([['dddd-1', '[ agent 0', ['bracket']]]);
  });

  it('a folder of runs: a plan’s, an item’s or an attempt’s', async () => {
    await using place = await site();

    const plan = await found(place.profile('.regen/runs/p2', { withRequests }));
    const item = await found(place.profile('.regen/runs/p1/t/altair', { withRequests }));
    const stream = await found(
      place.profile('.regen/runs/p2/t/altair/1/agent-1-aaaa/stream.jsonl', { withRequests }),
    );

    expect(plan).toHaveLength(3);
    expect(item).toEqual([['aaaa-1', 'altair agent 0', ['old']]]);
    expect(stream).toEqual([['session-1', 'altair agent 1', ['two']]]);
  });

  it('a session by its id or the beginning of it, with its subagents, whoever made it', async () => {
    await using place = await site();

    expect(await found(place.profile('cccc', { withRequests }))).toEqual([
      ['cccc-1', null, ['someone', 'helper']],
    ]);
    expect(await found(place.profile('aaaa-1', { withRequests }))).toEqual([
      ['aaaa-1', 'altair agent 0', ['old']],
    ]);
  });

  it('a folder of transcripts, and the folder of a session’s subagents', async () => {
    await using place = await site();

    const projects = await place.profile('.claude', { root: null });
    const subagents = await found(place.profile('.claude/projects/-repo/cccc-1', { withRequests }));
    const one = await found(
      place.profile('.claude/projects/-repo/cccc-1/subagents/agent-7.jsonl', { withRequests }),
    );

    expect([projects.sessions.length, projects.steps]).toEqual([2, []]);
    expect(subagents).toEqual([['cccc-1', null, ['someone', 'helper']]]);
    expect(one).toEqual([['cccc-1', null, ['helper']]]);
  });

  it('nothing goes by an empty name: a variable that isn’t set must not mean the whole folder', async () => {
    await using place = await site();

    expect(await refusal(place.profile(''))).toMatchObject({ code: 'usage', message: '"" names nothing' });
  });

  it('files beside them that are something else are passed over, and said', async () => {
    await using place = await site();

    const { unknown } = await place.profile('.regen');

    expect(unknown).toContain('1 .jsonl files are no sessions and were passed over');
  });
});

describe('what can’t be profiled', () => {
  it.each<[what: string, message: string, hint: string]>([
    [
      'altair',
      '"altair" can mean 2 things: .regen/runs/p1/t/altair, .regen/runs/p2/t/altair',
      'Name one of them: a session by more of its id, an item’s runs by their folder.',
    ],
    [
      'aaaa',
      '"aaaa" can mean 2 things: aaaa-1, aaaa-2',
      'Name one of them: a session by more of its id, an item’s runs by their folder.',
    ],
    ['altiar', 'nothing is named "altiar"', 'Did you mean "altair"?'],
    ['.regen/ledgr.jsonl', 'there is no .regen/ledgr.jsonl', 'Did you mean ".regen/ledger.jsonl"?'],
    [
      'src',
      'no transcript and no stream in src',
      'Name a folder with transcripts (<session>.jsonl), streams (stream.jsonl), or runs of regen.',
    ],
    [
      'zzz',
      'nothing is named "zzz"',
      'Name a file or folder (transcripts (<session>.jsonl), streams (stream.jsonl), or runs of regen), an item, or a session’s id; looked among 2 items of regen’s runs and 2 sessions of Claude Code’s.',
    ],
    [
      '/dev/null',
      '/dev/null is neither a file nor a folder',
      'Save the transcript or stream to a file and name that.',
    ],
  ])('%s', async (what, message, hint) => {
    await using place = await site();

    expect(await refusal(place.profile(what))).toEqual({ code: 'usage', message, hint });
  });

  it.each<[name: string, content: string, message: string]>([
    ['nothing', '', 'file.jsonl is empty'],
    ['an array', '[\n1]\n', 'file.jsonl is no transcript and no stream: line 1 is no JSON object: ['],
    [
      'a ledger',
      '{"v":2,"kind":"message"}\n',
      'file.jsonl is no transcript and no stream: none of its lines is a record of Claude Code’s',
    ],
    [
      'bytes',
      '\u0000\u0001',
      'file.jsonl is no transcript and no stream: none of its lines is a record of Claude Code’s',
    ],
  ])('a file that holds %s', async (_name, content, message) => {
    await using place = await makeScratch();
    await writeFiles(place.folder, { 'file.jsonl': content });

    const { code, message: said } = await refusal(profileOf({ cwd: place.folder, what: 'file.jsonl' }));

    expect({ code, said }).toEqual({ code: 'usage', said: message });
  });
});
