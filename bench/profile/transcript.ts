/** A transcript as long as is wanted, of the mixture that working sessions have: reads, edits, commands, test runs. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface TranscriptSize {
  readonly bytes: number;
  /** Characters of a tool's result, on the average. */
  readonly resultCharacters: number;
}

/** Writes it; returns the number of its requests. */
export async function writeTranscript(file: string, size: TranscriptSize): Promise<number> {
  const stream = createWriteStream(file, { highWaterMark: 1 << 20 });
  let written = 0;
  let requests = 0;
  const state = { context: startContext, at: Date.parse('2026-11-02T08:00:00Z') };
  while (written < size.bytes) {
    requests += 1;
    for (const record of recordsOf(requests, size, state)) {
      const line = `${JSON.stringify(record)}\n`;
      written += Buffer.byteLength(line);
      if (!stream.write(line)) await once(stream, 'drain');
    }
  }
  stream.end();
  await once(stream, 'finish');
  return requests;
}

const startContext = 20_000;
const fullContext = 170_000;

const shared = {
  isSidechain: false,
  userType: 'external',
  entrypoint: 'sdk-cli',
  cwd: '/home/someone/catalog/.worktrees/scatter-basic/altair',
  sessionId: '9768e31d-0000-4000-8000-000000000000',
  version: '2.1.197',
  gitBranch: 'HEAD',
};

/** Result sizes as shares of the average: most are short, few are long. */
const shares = [0.1, 0.4, 0.05, 2, 0.2, 0.8, 0.1, 3.5, 1.2, 0.3, 0.15, 3.2];

function recordsOf(n: number, { resultCharacters }: TranscriptSize, state: { context: number; at: number }) {
  const result = outputOf(n, Math.round(resultCharacters * (shares[n % shares.length] ?? 1)));
  const grown = Math.round(result.length / 3.5) + 120;
  const usage = {
    input_tokens: 3,
    cache_creation_input_tokens: grown,
    cache_read_input_tokens: state.context,
    cache_creation: { ephemeral_5m_input_tokens: grown, ephemeral_1h_input_tokens: 0 },
    output_tokens: 120,
    service_tier: 'standard',
  };
  state.context = state.context + grown > fullContext ? startContext : state.context + grown;
  const stamp = (ms: number): string => new Date((state.at += ms)).toISOString();
  const message = { id: `msg_${String(n).padStart(24, '0')}`, type: 'message', role: 'assistant' };
  const answer = { ...message, model: 'claude-sonnet-4-5', stop_reason: 'tool_use', usage };
  const assistant = (block: object): object => ({
    parentUuid: uuid('p', n),
    ...shared,
    message: { ...answer, content: [block] },
    type: 'assistant',
    uuid: uuid('a', n),
    timestamp: stamp(900),
  });
  const id = `toolu_${String(n).padStart(24, '0')}`;
  return [
    ...(n % 5 === 0
      ? [
          assistant({
            type: 'thinking',
            thinking: 'The axes are wrong. '.repeat(12),
            signature: 'x'.repeat(300),
          }),
        ]
      : []),
    ...(n % 3 === 0 ? [assistant({ type: 'text', text: 'Let me look at how the legend is drawn.' })] : []),
    assistant({ type: 'tool_use', id, ...callOf(n) }),
    {
      parentUuid: uuid('a', n),
      ...shared,
      type: 'user',
      message: {
        role: 'user',
        content: [{ tool_use_id: id, type: 'tool_result', content: result, is_error: false }],
      },
      uuid: uuid('r', n),
      timestamp: stamp(400),
      toolUseResult: { stdout: result, stderr: '', interrupted: false, isImage: false },
    },
  ];
}

function callOf(n: number): object {
  const file = `/home/someone/catalog/plots/scatter-basic/implementations/file-${n % 40}.py`;
  if (n % 12 === 0)
    return { name: 'Bash', input: { command: `uv run pytest -q 2>&1 | tail -200`, description: 'Test' } };
  if (n % 4 === 0)
    return { name: 'Edit', input: { file_path: file, old_string: `x = ${n}`, new_string: `x = ${n + 1}` } };
  if (n % 3 === 0)
    return {
      name: 'Bash',
      input: { command: `grep -rn "legend_${n}" plots | head -50`, description: 'Look' },
    };
  return { name: 'Read', input: { file_path: file, offset: (n % 7) * 200 + 1, limit: 200 } };
}

function outputOf(n: number, characters: number): string {
  const lines: string[] = [];
  for (let length = 0, line = 1; length < characters; line += 1) {
    const text = `${line}\tlegend.append(points[${(n * line) % 97}], label="series ${line % 13}")  # ${n}`;
    lines.push(text);
    length += text.length + 1;
  }
  if (n % 12 === 0)
    lines.push(
      `FAILED tests/test_legend.py::test_${n % 9} - assert 1 == 2`,
      `${n % 3} failed, 200 passed in 9.21s`,
    );
  return lines.join('\n');
}

function uuid(kind: string, n: number): string {
  return `${kind}${String(n).padStart(7, '0')}-0000-4000-8000-000000000000`;
}
