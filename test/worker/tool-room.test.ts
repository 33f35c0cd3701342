import type { BetaUserMessageParam } from '@anthropic-ai/sdk/resources/beta/messages';
import { describe, expect, it } from 'vitest';
import { mostTokens, withinRoom } from '../../src/worker/tool-room.js';

type Results = Exclude<BetaUserMessageParam['content'], string>;
type Result = Extract<Results[number], { type: 'tool_result' }>;

const result = (id: string, content: NonNullable<Result['content']>): Result => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
});

const text = (words: string) => ({ type: 'text' as const, text: words });
const message = (...content: Result[]): BetaUserMessageParam => ({ role: 'user', content });
const note = text('(cut: worker.mcp.maxTokens leaves no room for more. Answer with what is here.)');

describe('what tools answered', () => {
  it('stays as it is where there is room for all of it', () => {
    const whole = message(result('a', [text('x'.repeat(300))]), {
      ...result('b', [text('no')]),
      is_error: true,
    });

    expect(withinRoom(whole, 101)).toEqual({ message: whole, tokens: 101 });
    expect(withinRoom(null, 101)).toEqual({ message: null, tokens: 0 });
  });

  it('is cut where the room ends, with a note in each result that lost something', () => {
    const long = message(
      ...[result('a', [text('x'.repeat(300))]), result('b', 'y'.repeat(300)), result('c', [text('z')])],
    );

    expect(withinRoom(long, 150)).toEqual({
      message: message(
        ...[
          result('a', [text('x'.repeat(300))]),
          result('b', [text('y'.repeat(150)), note]),
          result('c', [note]),
        ],
      ),
      tokens: 150,
    });
  });

  it('is counted by its bytes, and cut between characters', () => {
    const { message: cut, tokens } = withinRoom(message(result('a', 'ああああ')), 3);

    expect([mostTokens('ああああ'), tokens]).toEqual([4, 3]);
    expect(cut).toEqual(message(result('a', [text('あああ'), note])));
    expect(withinRoom(message(result('a', 'é€é')), 1).message).toEqual(
      message(result('a', [text('é'), note])),
    );
  });

  it('loses an image that there is no room for', () => {
    const image = {
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'aGVsbG8=' },
    };

    expect(withinRoom(message(result('a', [image])), 5000).tokens).toBe(5000);
    expect(withinRoom(message(result('a', [image])), 4999).message).toEqual(message(result('a', [note])));
  });
});
