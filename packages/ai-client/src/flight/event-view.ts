import { AiError } from '../errors.js';
import type { EventGroup } from '../sse/event-group.js';
import type { EventId } from './event-ids.js';
import { NumberedEvents } from './numbered-events.js';

export interface EventViewOptions {
  /** Whether the caller wants the event that reports usage. */
  readonly withUsage: boolean;
  /** Set if the caller wants event ids; `after` is the last event it received. */
  readonly ids?: { readonly after?: EventId };
}

/** The events of an answer as one caller receives them: with or without ids and the usage event. */
export class EventView {
  private readonly options: EventViewOptions;
  private numbered: NumberedEvents | undefined;

  constructor(options: EventViewOptions) {
    this.options = options;
  }

  /** To be called before the first event. Fails with `AI_STREAM_GONE` if the caller has received events of another answer. */
  begin(answerName: string): void {
    const { ids } = this.options;
    if (ids === undefined) return;
    if (ids.after !== undefined && ids.after.answer !== answerName) throw streamGone();
    this.numbered = new NumberedEvents(answerName, ids.after?.index ?? -1);
  }

  /** The bytes to deliver for the next events, in order. */
  show({ bytes, usageEvent }: EventGroup): readonly Uint8Array[] {
    const leftOut = this.options.withUsage ? undefined : usageEvent;
    if (this.numbered !== undefined) return [this.numbered.write(bytes, leftOut)];
    return leftOut === undefined ? [bytes] : [bytes.subarray(0, leftOut[0]), bytes.subarray(leftOut[1])];
  }
}

/** The error for a caller who wants the rest of an answer that is gone. */
export function streamGone(): AiError {
  return new AiError(
    'AI_STREAM_GONE',
    'The stream cannot go on: its answer is neither under way nor stored.',
    {
      hint: 'Ask again without Last-Event-ID.',
    },
  );
}
