/** A tool of the server, whatever it does. */

/** What a client is told of a tool, word for word: its bytes are sent with every request of the agent. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema. */
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties?: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
  };
}

export interface Tool {
  readonly definition: ToolDefinition;
  /** @param input - what the client sent, unread. */
  call(input: unknown, signal: AbortSignal): Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly text: string;
  /** Left out: it did what was asked. */
  readonly isError?: true;
}

/** The call didn't come to anything; the text says why and what to do. */
export function refusal(text: string): ToolAnswer {
  return { text, isError: true };
}
