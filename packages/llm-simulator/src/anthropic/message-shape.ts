import { createHash } from 'node:crypto';
import type { Answer, Finish } from '../answer/answer.js';
import type { Fault } from '../faults/fault.js';
import type { Reply } from '../surface.js';

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  refusal: 'refusal',
};

/** `stop_reason` and what goes with it, as in a message and in `message_delta`. */
export function stopFields(answer: Answer, fault: Fault): Record<string, unknown> {
  const reason = fault.noFinishReason === true ? null : STOP_REASONS[answer.finish];
  return {
    stop_reason: reason,
    stop_sequence: reason === 'stop_sequence' ? answer.stopSequence : null,
    stop_details: reason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
  };
}

/** The input side of `usage`; `input_tokens` excludes the tokens read from or written to the prompt cache. */
export function inputUsageFields({ prompt }: Reply): Record<string, unknown> {
  const { total, cacheRead, cacheWrite } = prompt.usage;
  return {
    input_tokens: total - cacheRead - cacheWrite,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
  };
}

/** `usage` of a message that has produced `outputTokens` so far. */
export function messageUsage(reply: Reply, outputTokens: number): Record<string, unknown> {
  return {
    ...inputUsageFields(reply),
    cache_creation: {
      ephemeral_5m_input_tokens: reply.prompt.usage.cacheWrite,
      ephemeral_1h_input_tokens: 0,
    },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

/** Stands for the signature of a thinking block: the same for the same thinking. */
export function signatureOf(thinking: string): string {
  return createHash('sha256').update(`simulated ${thinking}`).digest('base64');
}

/** Tool call ids are unique across requests, as the provider's are. */
export function toolUseId(reply: Reply, index: number): string {
  return `toolu_${reply.id}n${index}`;
}
