import { isJsonObject, type JsonObject, jsonObjects, type ParseJson, parseJsonObject } from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import type { EventFolder, Repetition } from './event-folder.js';
import { OutputFolder } from './responses-output.js';

/** The final states of a response. */
const finalStates: ReadonlySet<unknown> = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

/**
 * Folds the events of a response into the body that the same request gets without `stream`. The terminal event contains it; whatever it
 * omits is taken from earlier events.
 */
export class ResponseFolder implements EventFolder {
  private readonly folder = new OutputFolder();
  private started: JsonObject = {};
  private ended: JsonObject | undefined;
  private failure: FoldedStream | undefined;
  private readonly parse: ParseJson | undefined;

  constructor(parse?: ParseJson) {
    this.parse = parse;
  }

  add(event: SseEvent): Repetition | undefined {
    // Some servers end every stream like a chat completion.
    if (this.failure !== undefined || event.data.trim() === '[DONE]') return undefined;
    const data = parseJsonObject(event.data, this.parse);
    if (data === undefined) {
      this.failure = failed({ message: 'An event of the stream was not JSON.' });
      return undefined;
    }
    const type = typeof data.type === 'string' ? data.type : event.event;
    const response = isJsonObject(data.response) ? data.response : {};
    switch (type) {
      case 'error':
        this.failure = failed(errorOf(data));
        break;
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        this.started = { ...this.started, ...response };
        break;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.ended = response;
        break;
      default:
        return this.folder.add(type, data);
    }
    return undefined;
  }

  end(): FoldedStream {
    const { ended, failure } = this;
    if (failure !== undefined) return failure;
    if (ended === undefined) return { terminated: false, finished: false };
    const output = jsonObjects(ended.output).length > 0 ? jsonObjects(ended.output) : this.folder.output;
    const body: JsonObject = { ...this.started, ...ended, output };
    const finished = finalStates.has(body.status);
    if (body.status !== 'failed') return { terminated: true, finished, body };
    const error = isJsonObject(body.error)
      ? body.error
      : { message: 'The provider gave up on the response.' };
    return { terminated: true, finished, body, error };
  }
}

function failed(error: JsonObject): FoldedStream {
  return { terminated: false, finished: false, error };
}

/** The API sends the error's fields in an object `error`; its reference documents them in the event itself. */
function errorOf(event: JsonObject): JsonObject {
  if (isJsonObject(event.error)) return event.error;
  const { type: _type, sequence_number: _number, ...error } = event;
  return error;
}
