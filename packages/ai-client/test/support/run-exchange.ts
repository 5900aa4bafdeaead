import type { Exchange, ExchangeHead, ExchangeRequest, Pipeline } from '../../src/index.js';

export interface Outcome {
  readonly head: ExchangeHead | undefined;
  readonly text: string;
  readonly error: unknown;
}

export interface Running {
  readonly exchange: Exchange;
  readonly outcome: Promise<Outcome>;
  /** Resolves with the first bytes of the body. */
  readonly firstBytes: Promise<string>;
}

/** Starts an exchange and collects its result. Never rejects: an error is part of the outcome. */
export function start(pipeline: Pipeline, request: ExchangeRequest): Running {
  const first = Promise.withResolvers<string>();
  const done = Promise.withResolvers<Outcome>();
  const chunks: Uint8Array[] = [];
  let head: ExchangeHead | undefined;
  const finish = (error: unknown): void =>
    done.resolve({ head, text: new TextDecoder().decode(Buffer.concat(chunks)), error });
  const exchange = pipeline.exchange(request, {
    onHead: (received) => {
      head = received;
    },
    onData: (bytes) => {
      chunks.push(bytes);
      first.resolve(Buffer.from(bytes).toString());
      return true;
    },
    onEnd: () => finish(undefined),
    onError: finish,
  });
  return { exchange, outcome: done.promise, firstBytes: first.promise };
}

export function run(pipeline: Pipeline, request: ExchangeRequest): Promise<Outcome> {
  return start(pipeline, request).outcome;
}

/** A chat request whose fields `body` overrides. */
export function chat(
  prompt: string,
  body: Record<string, unknown> = {},
  rest: Partial<ExchangeRequest> = {},
): ExchangeRequest {
  const request = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...body };
  return { surface: 'chat', body: Buffer.from(JSON.stringify(request)), ...rest };
}
