import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/index.js';

export interface Bench extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  /** A raw chat completion request. */
  chat(
    body: Record<string, unknown>,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response>;
}

/** A simulator with unmodified official clients for it. */
export async function bench(options: SimulatorOptions = {}): Promise<Bench> {
  const simulator = await createSimulator(options);
  return {
    simulator,
    openai: new OpenAI({
      baseURL: simulator.openaiBaseUrl,
      apiKey: 'sk-test-0123456789abcdef',
      maxRetries: 0,
    }),
    anthropic: new Anthropic({
      baseURL: simulator.anthropicBaseUrl,
      apiKey: 'sk-ant-test-0123456789',
      maxRetries: 0,
    }),
    chat: (body, headers = {}, signal) =>
      fetch(`${simulator.openaiBaseUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          model: 'gpt-4o',
          messages: [{ role: 'user', content: 'say hello' }],
          ...body,
        }),
        ...(signal === undefined ? {} : { signal }),
      }),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** The JSON payloads of a stream's `data:` lines, `[DONE]` left out. */
export function payloads(stream: string): Record<string, unknown>[] {
  return stream
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)));
}

export const WEATHER_PARAMETERS: Record<string, unknown> = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};
