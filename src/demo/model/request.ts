/** A model request as a script sees it. */
import type { Block, MessagesBody } from './messages-body.js';

/** What a tool answered to an earlier call of the same conversation. */
interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly text: string;
  readonly isError: boolean;
}

export interface ScriptedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly isStreaming: boolean;
  /** The system prompt's blocks, joined by line ends. */
  readonly system: string;
  /** What was asked, one text per prompt: the first message, then each `--resume`; reminders are left out. */
  readonly prompts: readonly string[];
  /** `prompts[0]`. */
  readonly firstMessage: string;
  /** The newest of `prompts`. */
  readonly lastMessage: string;
  /** Every tool result so far, oldest first. */
  readonly toolResults: readonly ToolResult[];
  /** 1 for the conversation's first answer. */
  readonly turn: number;
  /** 1 for the first answer to the newest prompt. */
  readonly turnOfPrompt: number;
  /** Names of the tools on offer. */
  readonly tools: readonly string[];
  /** Claude Code's session, from its header; null for other clients. */
  readonly sessionId: string | null;
  /** How often the model was asked before in this session, failed answers included. */
  readonly earlierRequests: number;
  /** Claude Code's own small requests (a title, a quota probe): not a turn of the conversation. Others have none. */
  readonly isSide: boolean;
  readonly body: MessagesBody;
}

/** Facts of a request that its body doesn't hold. */
export interface RequestFacts {
  readonly headers: Readonly<Record<string, string>>;
  readonly earlierRequests: number;
}

export function scriptedRequest(body: MessagesBody, facts: RequestFacts): ScriptedRequest {
  const prompts = body.messages.flatMap((message, index) => {
    const text = message.role === 'user' ? promptText(message.content) : null;
    return text === null ? [] : [{ text, index }];
  });
  const lastPrompt = prompts.at(-1);
  const sessionId = facts.headers['x-claude-code-session-id'] ?? null;
  return {
    headers: facts.headers,
    model: body.model,
    isStreaming: body.stream,
    system: body.system.map((block) => block.text ?? '').join('\n'),
    prompts: prompts.map((prompt) => prompt.text),
    firstMessage: prompts[0]?.text ?? '',
    lastMessage: lastPrompt?.text ?? '',
    toolResults: toolResults(body),
    turn: countAnswers(body, 0) + 1,
    turnOfPrompt: countAnswers(body, lastPrompt?.index ?? 0) + 1,
    tools: body.tools.map((tool) => tool.name),
    sessionId,
    earlierRequests: facts.earlierRequests,
    isSide: sessionId !== null && isSmall(body),
    body,
  };
}

/** A message with tool results is the tools' answer, whatever text Claude Code adds to it. */
function promptText(content: readonly Block[]): string | null {
  if (content.some((block) => block.type === 'tool_result')) return null;
  const texts = content.flatMap((block) => {
    const text = withoutReminders(block.text ?? '');
    return text === '' ? [] : [text];
  });
  return texts.length === 0 ? null : texts.join('\n');
}

function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim();
}

function countAnswers(body: MessagesBody, from: number): number {
  return body.messages.slice(from).filter((message) => message.role === 'assistant').length;
}

function toolResults(body: MessagesBody): ToolResult[] {
  const blocks = body.messages.flatMap((message) => message.content);
  const calls = new Map(
    blocks.filter((block) => block.type === 'tool_use').map((block) => [String(block['id']), block]),
  );
  return blocks
    .filter((block) => block.type === 'tool_result')
    .map((result) => {
      const id = String(result['tool_use_id']);
      const call = calls.get(id);
      return {
        id,
        name: typeof call?.['name'] === 'string' ? call['name'] : '',
        input: call?.['input'],
        text: resultText(result['content']),
        isError: result['is_error'] === true,
      };
    });
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? [part.text]
        : [],
    )
    .join('\n');
}

/** A conversation offers tools, or is asked without a forced format; a quota probe wants a single token. */
function isSmall(body: MessagesBody): boolean {
  if (body.tools.length > 0) return false;
  return body.max_tokens === 1 || body.output_config?.format !== undefined;
}
