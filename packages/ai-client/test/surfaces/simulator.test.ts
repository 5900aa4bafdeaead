import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import type { SurfaceAdapter } from '../../src/surfaces/adapter.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { messagesSurface } from '../../src/surfaces/messages.js';
import { responsesSurface } from '../../src/surfaces/responses.js';
import { outline } from '../support/events.js';

/** What the API would send for a request, by the words of its own server and not of ours. */
interface Scene {
  readonly name: string;
  readonly request: JsonObject;
  /** Directives for the simulator's answer. */
  readonly answer?: string;
}

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
};
const schema = { type: 'object', properties: { tides: { type: 'array', items: { type: 'string' } } } };
const question = 'Name three tides, and why they come.';
const weather = 'What is the weather in Paris and London?';
const described = { name: 'get_weather', description: 'Weather of a city' };

const responses: readonly Scene[] = [
  { name: 'text', request: { input: question } },
  {
    name: 'a long text',
    request: { input: 'Write a document about tides, with a heading for each of the seven seas.' },
  },
  {
    name: 'tools',
    request: { input: weather, tools: [{ type: 'function', ...described, parameters }] },
  },
  {
    name: 'custom tools',
    request: {
      input: 'Use run_code',
      tools: [{ type: 'custom', name: 'run_code' }],
      tool_choice: 'required',
    },
  },
  {
    name: 'reasoning',
    request: {
      input: question,
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    },
  },
  { name: 'reasoning unseen', request: { input: question, reasoning: { effort: 'low' } } },
  { name: 'a refusal', request: { input: question }, answer: 'refusal' },
  {
    name: 'a JSON schema',
    request: { input: question, text: { format: { type: 'json_schema', name: 'tides', schema } } },
  },
  {
    name: 'token probabilities',
    request: { input: question, include: ['message.output_text.logprobs'], top_logprobs: 2 },
  },
  { name: 'a limit', request: { input: question, max_output_tokens: 5 } },
];

const message = (content: string): JsonObject[] => [{ role: 'user', content }];
const messages: readonly Scene[] = [
  { name: 'text', request: { messages: message(question) } },
  {
    name: 'a long text',
    request: { messages: message('Write a document about tides, with a heading for each sea.') },
  },
  {
    name: 'tools',
    request: { messages: message(weather), tools: [{ ...described, input_schema: parameters }] },
  },
  {
    name: 'thinking and tools',
    request: {
      messages: message(weather),
      tools: [{ ...described, input_schema: parameters }],
      thinking: { type: 'adaptive' },
    },
  },
  {
    name: 'thinking',
    request: { messages: message(question), thinking: { type: 'enabled', budget_tokens: 1024 } },
  },
  { name: 'a refusal', request: { messages: message(question) }, answer: 'refusal' },
  { name: 'a stop sequence', request: { messages: message(question), stop_sequences: [' the '] } },
  { name: 'a limit', request: { messages: message(question), max_tokens: 5 } },
  { name: 'prompt cache', request: { messages: message(question) }, answer: 'cached=7' },
];

let simulator: Simulator;
beforeAll(async () => {
  simulator = await createSimulator({ seed: 7 });
});
afterAll(() => simulator.close());

const surfaces = [
  { adapter: responsesSurface, scenes: responses, base: { model: 'gpt-5' } },
  { adapter: messagesSurface, scenes: messages, base: { model: 'claude-sonnet-4-5', max_tokens: 4096 } },
];

describe.each(surfaces)('$adapter.surface beside what its API sends', ({ adapter, scenes, base }) => {
  it.each(scenes)('$name: a stream folds into the body that the same request gets', async (scene) => {
    const body = await ask(adapter, { ...base, ...scene.request }, scene.answer);
    const stream = await ask(adapter, { ...base, ...scene.request, stream: true }, scene.answer);
    const {
      body: folded,
      terminated,
      finished,
      error,
    } = foldEvents(adapter.createFolder(), readEvents(stream));
    expect({ terminated, finished, error }).toEqual({ terminated: true, finished: true, error: undefined });
    expect(anonymous(folded)).toEqual(anonymous(parseJsonObject(body.toString())));
    expect(adapter.usage(folded ?? {})).toBeDefined();
  });

  it.each(scenes)('$name: a body becomes the events that the same request gets', async (scene) => {
    const body = await ask(adapter, { ...base, ...scene.request }, scene.answer);
    const stream = await ask(adapter, { ...base, ...scene.request, stream: true }, scene.answer);
    const whole = parseJsonObject(body.toString()) ?? {};
    const expanded = adapter.expand(whole);
    expect(outline(expanded)).toEqual(outline(stream));
    expect(foldEvents(adapter.createFolder(), readEvents(expanded)).body).toEqual(whole);
    const judged = adapter.judge(
      foldEvents(adapter.createFolder(), readEvents(stream)).body ?? {},
      scene.request,
    );
    expect(judged).toEqual(adapter.judge(whole, scene.request));
  });
});

async function ask(adapter: SurfaceAdapter, request: JsonObject, answer?: string): Promise<Buffer> {
  const response = await fetch(simulator.openaiBaseUrl + adapter.path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(answer === undefined ? {} : { 'x-simulator-answer': answer }),
    },
    body: JSON.stringify(request),
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** The body without what is new in each answer: ids, what is made of them, and times. */
function anonymous(body: JsonObject | undefined): unknown {
  const names = new Set(['id', 'call_id', 'created_at', 'encrypted_content']);
  return JSON.parse(JSON.stringify(body), (name: string, value: unknown) =>
    names.has(name) && !isJsonObject(value) ? '-' : value,
  );
}
