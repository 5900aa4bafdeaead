import { expect } from 'vitest';
import { ask } from './ask.js';
import { createKnownKey } from './keys.js';
import { createStage, type Stage } from './stage.js';

/** The base URLs that an SDK is configured with. */
export interface Place {
  /** With `/v1`. */
  readonly openai: string;
  /** Without. */
  readonly anthropic: string;
  readonly apiKey: string;
}

export interface ParityStage extends Stage {
  /**
   * Does the same directly at the provider, then twice through the server, as a miss and again, changing only the base URL. All
   * three results must be equal.
   */
  same(act: (place: Place) => Promise<unknown>): Promise<unknown>;
  /** The server. */
  readonly through: Place;
  /** Clears faults, and resolves when the circuit that they opened has closed again. */
  recover(): Promise<void>;
}

/** A server that requires keys, in front of a simulator. */
export async function createParityStage(): Promise<ParityStage> {
  const stage = await createStage({
    simulator: { strictModels: true },
    config: '[limits]\nmaxWaitMs = 1000\n',
  });
  const { simulator, url } = stage;
  const direct: Place = {
    openai: simulator.openaiBaseUrl,
    anthropic: simulator.anthropicBaseUrl,
    apiKey: 'k',
  };
  const through: Place = {
    openai: `${url}/v1`,
    anthropic: url,
    apiKey: await createKnownKey(stage, { models: ['*'] }),
  };
  return {
    ...stage,
    through,
    async same(act) {
      const expected = plain(await act(direct));
      expect(plain(await act(through)), 'not stored yet').toEqual(expected);
      expect(plain(await act(through)), 'again').toEqual(expected);
      return expected;
    },
    async recover() {
      simulator.clearFaults();
      const headers = { authorization: `Bearer ${through.apiKey}`, 'cache-control': 'no-cache' };
      await expect
        .poll(async () => (await ask(url, 'Well again?', {}, headers)).status, { timeout: 20_000 })
        .toBe(200);
    },
  };
}

/** Members that differ in every response, also at the provider. */
const passing: ReadonlySet<string> = new Set([
  'id',
  'created',
  'created_at',
  'completed_at',
  'request_id',
  '_request_id',
  'requestID',
  'item_id',
  'call_id',
  'tool_call_id',
  'toolCallId',
]);

const passingText = /\breq_\w+|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** The server always requests the usage of a stream, so each chunk states that it has none yet. */
function isNoUsage(name: string, member: unknown): boolean {
  return name === 'usage' && member === null;
}

function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (name, member: unknown) =>
    passing.has(name) || isNoUsage(name, member) ? undefined : member,
  );
  return JSON.parse((text ?? 'null').replaceAll(passingText, 'ID'));
}

/** What an application can see of an error: its class and its members. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { status, code, type, param, statusCode, error: body } = error as Error & Record<string, unknown>;
    return {
      class: error.constructor.name,
      message: error.message,
      status,
      code,
      type,
      param,
      statusCode,
      body,
    };
  }
  throw new Error('It did not fail.');
}
