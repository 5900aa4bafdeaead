import { embedText, metered, writeJson } from '../answer/large-json.js';
import type { Reply } from '../surface.js';
import {
  contentPart,
  endingOf,
  messageItem,
  reasoningItem,
  responseObject,
  responseUsage,
  toolItem,
  wantsSummary,
} from './response-shape.js';

/** A finished `response` object as JSON. */
export function responseBody(reply: Reply): Iterable<string> {
  const [answer] = reply.answers;
  const response = responseObject(reply, endingOf(reply).status, outputItems(reply), responseUsage(reply));
  const sources = [answer.reasoning, answer.text, ...answer.toolCalls.map((call) => call.arguments)];
  return metered(writeJson(response, answer.text), reply.meter, sources);
}

/** All output items, finished; a lazy text is embedded as a mark. */
export function outputItems(reply: Reply): Record<string, unknown>[] {
  if (reply.fault.emptyChoices === true) return [];
  const [answer] = reply.answers;
  const status =
    answer.finish === 'length' || answer.finish === 'content_filter' ? 'incomplete' : 'completed';
  const items: Record<string, unknown>[] = [];
  if (answer.reasoning !== '')
    items.push(reasoningItem(reply, wantsSummary(reply) ? answer.reasoning : undefined));
  if (answer.text.length > 0)
    items.push(messageItem(reply, status, [contentPart(reply, embedText(answer.text))]));
  for (const [index, call] of answer.toolCalls.entries())
    items.push(toolItem(reply, call, index, status, call.arguments));
  return items;
}
