import type { Answer } from './answer/answer.js';
import type { Meter } from './answer/meter.js';
import type { Prompt } from './answer/prompt.js';
import type { ApiFailure, Dialect } from './api-error.js';
import type { Frame, ReadContext } from './endpoint.js';
import type { Fault } from './faults/fault.js';
import type { JsonObject } from './json.js';

/** Everything that a surface needs to write an answer. */
export interface Reply {
  readonly request: JsonObject;
  readonly prompt: Prompt;
  /** One per choice; at least one. */
  readonly answers: readonly [Answer, ...Answer[]];
  /** Unique per request, without the prefix of the surface. */
  readonly id: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly fault: Fault;
  /** Receives every piece of output when it is produced. */
  readonly meter: Meter;
}

/** A wire format for generated answers. */
export interface Surface {
  /** Name in stats. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Throws a RequestRefusal for anything that the provider would refuse. */
  read(body: JsonObject, context: ReadContext): Prompt;
  /** The JSON body, in pieces. */
  body(reply: Reply): Iterable<string>;
  /** The events of the stream. */
  frames(reply: Reply): Iterable<Frame>;
  /** An error inside a stream, as its event number `sequence`. */
  errorFrame(failure: ApiFailure, sequence: number): string;
}
