/** A measured request: which bytes are whose, and where the cache is told to look. */
import type { WireReport } from '../model/prompt-wire-report.js';
import { columns, wrapped } from './columns.js';
import { counted, grouped, inLine, promptWidth } from './prompt-words.js';

/** @param profile - of the agent; null: the worker sends no more than we say. */
export function wireLines(wire: WireReport, profile: string | null): string[] {
  const tools = wire.tools.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = [
    ['part', '', 'bytes', 'ours'],
    ['tools', counted(wire.tools.length, 'tool'), grouped(tools), ''],
    ...wire.tools.map(({ name, bytes }) => ['', inLine(name), grouped(bytes), '']),
    ...wire.system.map((block, at) => [
      'system',
      `block ${at + 1}${quoted(block.begins)}`,
      ...bytesOf(block),
    ]),
    ...wire.messages.map((block, at) => [
      'messages',
      `block ${at + 1}, ${block.role}${quoted(block.begins)}`,
      ...bytesOf(block),
    ]),
    ['rest', 'parameters and punctuation', grouped(wire.rest), ''],
    ['all', '', grouped(wire.bytes), grouped(wire.ours)],
  ];
  const { holds } = wire;
  const isWhole = holds.prefix && holds.message;
  return [
    ...columns(rows, 2).map((line) => `  ${line}`),
    ...indented(
      `${profile === null ? 'Around it' : 'Boilerplate'}: ${grouped(wire.boilerplate)} bytes; ours: ${grouped(wire.ours)}. ${
        isWhole
          ? 'Prefix and message went out byte for byte.'
          : `Not found byte for byte: ${[...(holds.prefix ? [] : ['the prefix']), ...(holds.message ? [] : ['the message'])].join(', ')}.`
      }`,
    ),
    ...indented(
      `Model ${wire.model}, up to ${wire.maxTokens ?? '?'} tokens of answer, ${wire.client ?? 'an unnamed client'}.`,
    ),
    ...indented(
      `Cache breakpoints: ${wire.breakpoints.map(({ at, ttl }) => `${at} (${ttl})`).join(', ') || 'none'}.`,
    ),
    ...indented(`Betas: ${wire.betas.join(', ') || 'none'}.`),
    ...indented(
      `Sent to 127.0.0.1 with a dummy key, ${counted(wire.otherRequests, 'other request')} besides.${
        profile === 'lean' || profile === null
          ? ''
          : ' Your own settings and memory took no part: they belong to a login.'
      }`,
    ),
  ];
}

function bytesOf({ bytes, ours }: { readonly bytes: number; readonly ours: number }): string[] {
  return [grouped(bytes), ours === 0 ? '' : grouped(ours)];
}

function quoted(begins: string): string {
  return begins === '' ? '' : `: “${inLine(begins)}”`;
}

function indented(text: string): readonly string[] {
  return wrapped(text, promptWidth - 4).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`));
}
