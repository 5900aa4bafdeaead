import type { Answer } from '../answer/answer.js';
import type { Fault } from '../faults/fault.js';
import { asNumber } from '../json.js';
import type { Reply } from '../surface.js';

export const SYSTEM_FINGERPRINT = 'fp_simulator';

/** `finish_reason` of a choice; null if a fault says so. */
export function finishReason(answer: Answer, fault: Fault): string | null {
  if (fault.noFinishReason === true) return null;
  return answer.finish === 'stop_sequence' || answer.finish === 'refusal' ? 'stop' : answer.finish;
}

/** Tool call ids are unique across requests, as the provider's are. */
export function toolCallId(reply: Reply, choice: number, index: number): string {
  return `call_${reply.id}${choice === 0 ? '' : `c${choice}`}n${index}`;
}

/** How many alternatives are wanted per token; undefined if log probabilities are not wanted. */
export function wantedLogprobs(reply: Reply): number | undefined {
  return reply.request.logprobs === true ? (asNumber(reply.request.top_logprobs) ?? 0) : undefined;
}
