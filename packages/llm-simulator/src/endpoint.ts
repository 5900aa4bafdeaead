import type { IncomingHttpHeaders } from 'node:http';
import type { PromptCache } from './answer/prompt-cache.js';
import type { ApiFailure, Dialect } from './api-error.js';
import type { Fault } from './faults/fault.js';
import type { JsonObject } from './json.js';
import type { Charge } from './limits/enforcer.js';
import { NO_TOKENS, type TokenTotals } from './stats.js';

/** What reading a request needs besides its body. */
export interface ReadContext {
  readonly headers: IncomingHttpHeaders;
  /** The simulator's seed; another one gives other answers to the same prompts. */
  readonly seed: number;
  readonly promptCache: PromptCache;
}

/** One stream event, or its pieces if it is too large to be held as a whole. */
export type Frame = string | Iterable<string>;

/** An answer about to be sent. Everything in it is lazy: a slow reader holds up production. */
export interface Work {
  /** What it takes from the limits; undefined if they do not apply. */
  readonly charge: Charge | undefined;
  /** Called when the last event produced has been sent. */
  frameSent(): void;
  /** What would be billed if the answer ended now. */
  billed(): TokenTotals;
  /** The JSON body, in pieces. */
  body(): Iterable<string>;
  /** The stream's events; undefined when the answer is not streamed. */
  readonly frames: (() => Iterable<Frame>) | undefined;
}

/** A request that was understood. */
export interface ParsedRequest {
  /** Undefined for routes without one. */
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Text that is searched for inline fault directives. */
  readonly userText: string;
  start(fault: Fault): Work;
}

/** A provider route. */
export interface Endpoint {
  /** Name in stats. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  dialect(headers: IncomingHttpHeaders): Dialect;
  /** Throws a RequestRefusal for anything that the provider would refuse. */
  read(body: JsonObject, context: ReadContext): ParsedRequest;
  /** An error inside a stream, as its event number `sequence`. */
  errorFrame(failure: ApiFailure, sequence: number): string;
}

/** An answer that is one JSON value, billed for its input alone, as soon as it is being sent. */
export function plainWork(value: unknown, inputTokens = 0): Work {
  let sent = false;
  return {
    charge: inputTokens === 0 ? undefined : { inputTokens, outputTokens: 0 },
    frameSent: () => undefined,
    billed: () => (sent ? { ...NO_TOKENS, input: inputTokens } : NO_TOKENS),
    *body() {
      sent = true;
      yield JSON.stringify(value);
    },
    frames: undefined,
  };
}
