/** Which messages of a model a run paid for: each id once, from the stream at once, from the transcript at the end. */
import type { ModelMessage } from '../model/usage.js';
import type { AgentEvent, Thread } from './events.js';
import { estimateTokens, mergeCounts } from '../model/api-usage.js';
import type { TranscriptMessage } from './transcript.js';

export interface Messages {
  see(event: AgentEvent): void;
  /**
   * Everything, once the run is over. The transcript knows what the stream leaves out: subagents. What neither knows the
   * end of is an estimate: its input was told at the start, its output is the text that came.
   */
  finish(transcript: readonly TranscriptMessage[]): readonly ModelMessage[];
}

/** Claude Code's own notices come as messages of this model; nobody charges for them. */
export const syntheticModel = '<synthetic>';

interface Draft {
  /** An estimate until its usage is known for good. */
  readonly message: ModelMessage;
  /** Of the answer as far as it came. */
  readonly characters: number;
}

type AssistantEvent = Extract<AgentEvent, { kind: 'assistant' }>;
type StartEvent = Extract<AgentEvent, { kind: 'start' }>;

/**
 * @param onMessage - called once per message, as soon as its usage is known for good; estimates come with `finish`.
 * @param known - ids that earlier runs of the session paid for: a transcript holds the whole session.
 */
export function createMessages(
  onMessage: (message: ModelMessage) => void,
  known: ReadonlySet<string>,
): Messages {
  const drafts = new Map<string, Draft>();
  const streaming = new Map<Thread, string>();
  const reported = new Set<string>();

  const change = (id: string | undefined, by: (draft: Draft) => Draft): void => {
    const draft = id === undefined ? undefined : drafts.get(id);
    if (draft !== undefined) drafts.set(draft.message.id, by(draft));
  };
  const report = (id: string): void => {
    const message = drafts.get(id)?.message;
    if (message === undefined || message.isEstimate || reported.has(id) || known.has(id)) return;
    reported.add(id);
    onMessage(message);
  };
  const seeAssistant = (event: AssistantEvent): void => {
    if (event.model === syntheticModel) return;
    const isStreamed = [...streaming.values()].includes(event.id);
    if (!drafts.has(event.id)) drafts.set(event.id, draftOf(event));
    if (event.isComplete) change(event.id, (draft) => exact(draft, event.tokens));
    else if (!isStreamed) change(event.id, (draft) => longer(draft, event.characters));
    report(event.id);
  };

  return {
    see(event) {
      switch (event.kind) {
        case 'start':
          streaming.set(event.thread, event.id);
          drafts.set(event.id, draftOf(event));
          return;
        case 'text':
          change(streaming.get(event.thread), (draft) => longer(draft, event.characters));
          return;
        case 'delta':
          change(streaming.get(event.thread), (draft) => exact(draft, event.tokens));
          return;
        case 'stop': {
          const id = streaming.get(event.thread);
          streaming.delete(event.thread);
          if (id !== undefined) report(id);
          return;
        }
        case 'assistant':
          seeAssistant(event);
          return;
        default:
      }
    },
    finish(transcript) {
      for (const entry of transcript) {
        if (entry.message.model === syntheticModel) continue;
        const draft = drafts.get(entry.message.id);
        drafts.set(entry.message.id, draft === undefined ? entry : withTranscript(draft, entry));
      }
      const all = [...drafts.values()].filter(({ message }) => !known.has(message.id)).map(estimated);
      for (const message of all) {
        if (!reported.has(message.id)) onMessage(message);
      }
      return all;
    },
  };
}

function draftOf(event: StartEvent | AssistantEvent): Draft {
  const { id, model, tokens, thread } = event;
  return { message: { id, model, tokens, isSidechain: thread !== null, isEstimate: true }, characters: 0 };
}

function longer(draft: Draft, characters: number): Draft {
  return { ...draft, characters: draft.characters + characters };
}

function exact(draft: Draft, tokens: ModelMessage['tokens']): Draft {
  const { message } = draft;
  return { ...draft, message: { ...message, ...mergeCounts(message, { tokens, isEstimate: false }) } };
}

function withTranscript(draft: Draft, entry: TranscriptMessage): Draft {
  const characters = Math.max(draft.characters, entry.characters);
  const isSidechain = draft.message.isSidechain || entry.message.isSidechain;
  const { answeredAt } = entry.message;
  const told = answeredAt === undefined ? {} : { answeredAt };
  const merged = { message: { ...draft.message, ...told, isSidechain }, characters };
  return entry.message.isEstimate ? merged : exact(merged, entry.message.tokens);
}

function estimated({ message, characters }: Draft): ModelMessage {
  if (!message.isEstimate) return message;
  const output = Math.max(message.tokens.output, estimateTokens(characters));
  return { ...message, tokens: { ...message.tokens, output } };
}
