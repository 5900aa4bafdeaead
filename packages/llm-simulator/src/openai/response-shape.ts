import type { ToolCall } from '../answer/answer.js';
import { asList, isObject } from '../json.js';
import type { Reply } from '../surface.js';
import { logprobsOf, type TokenLogprob } from './logprobs.js';
import { totalsOf } from './usage.js';

type Item = Record<string, unknown>;

/** Ids of the output items of a response. */
function itemId(reply: Reply, prefix: 'msg' | 'rs' | 'fc' | 'ctc', index = 0): string {
  return `${prefix}_${reply.id}n${index}`;
}

/** How a response ends: its status, the event that says so, and why it is incomplete. */
export function endingOf(reply: Reply): { status: string; event: string; reason: string | null } {
  const [{ finish }] = reply.answers;
  const reason =
    finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? 'content_filter' : null;
  const status = reason === null ? 'completed' : 'incomplete';
  return {
    status: reply.fault.noFinishReason === true ? 'in_progress' : status,
    event: `response.${status}`,
    reason,
  };
}

/** A `response` object with the request's settings in it, as the API echoes them. */
export function responseObject(
  reply: Reply,
  status: string,
  output: readonly Item[],
  usage: Item | null,
): Item {
  const { request, prompt } = reply;
  const { reason } = endingOf(reply);
  const text = isObject(request.text) ? request.text : {};
  const reasoning = isObject(request.reasoning) ? request.reasoning : {};
  return {
    id: `resp_${reply.id}`,
    object: 'response',
    created_at: reply.createdAt,
    status,
    background: false,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model: prompt.model,
    output,
    parallel_tool_calls: prompt.parallelTools,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...text },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage,
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

/** `usage` of a response; null if a fault says so. */
export function responseUsage(reply: Reply): Item | null {
  if (reply.fault.noUsage === true) return null;
  const { input, output, reasoning } = totalsOf(reply);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: reply.prompt.usage.cacheRead },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function includes(reply: Reply, name: string): boolean {
  return asList(reply.request.include).includes(name);
}

/** Whether the request asks to see the reasoning, rather than only for it to be done. */
export function wantsSummary({ request }: Reply): boolean {
  const reasoning = request.reasoning;
  return isObject(reasoning) && typeof (reasoning.summary ?? reasoning.generate_summary) === 'string';
}

export function reasoningItem(reply: Reply, summary: string | undefined): Item {
  const encrypted = includes(reply, 'reasoning.encrypted_content')
    ? { encrypted_content: Buffer.from(`simulated ${reply.id}`).toString('base64') }
    : {};
  const parts = summary === undefined ? [] : [{ type: 'summary_text', text: summary }];
  return { id: itemId(reply, 'rs'), type: 'reasoning', summary: parts, ...encrypted };
}

export function messageItem(reply: Reply, status: string, content: readonly Item[]): Item {
  return { id: itemId(reply, 'msg'), type: 'message', status, role: 'assistant', content };
}

/** The one part of a message: its text, or a refusal. */
export function contentPart(reply: Reply, text: string): Item {
  const [answer] = reply.answers;
  if (answer.finish === 'refusal') return { type: 'refusal', refusal: text };
  return { type: 'output_text', annotations: [], logprobs: responseLogprobs(reply, text, 0), text };
}

/** Log probabilities, if the request asks for them. */
export function responseLogprobs(reply: Reply, text: string, firstToken: number): TokenLogprob[] {
  if (!wantsLogprobs(reply)) return [];
  const top = reply.request.top_logprobs;
  return logprobsOf(text, reply.prompt.seed, typeof top === 'number' ? top : 0, firstToken);
}

export function wantsLogprobs(reply: Reply): boolean {
  return includes(reply, 'message.output_text.logprobs');
}

export function toolItem(reply: Reply, call: ToolCall, index: number, status: string, input: string): Item {
  const common = { call_id: `call_${reply.id}n${index}`, name: call.name };
  return call.kind === 'function'
    ? { id: itemId(reply, 'fc', index), type: 'function_call', status, arguments: input, ...common }
    : { id: itemId(reply, 'ctc', index), type: 'custom_tool_call', status, input, ...common };
}
