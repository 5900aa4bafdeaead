import { AiError } from '../errors.js';
import type { EventGroup } from '../sse/event-group.js';
import type { EventId } from './event-ids.js';
import { NumberedEvents } from './numbered-events.js';

export interface EventViewOptions {
  /** The caller wants the event that reports usage. */
  readonly withUsage: boolean;
  /** The caller wants ids on the events; `after` is the last one that it has. */
  readonly ids?: { readonly after?: EventId };
}

/** The events of an answer as one caller gets them: numbered or not, with the one that reports usage or without. */
export class EventView {
  private readonly options: EventViewOptions;
  private numbered: NumberedEvents | undefined;

  constructor(options: EventViewOptions) {
    this.options = options;
  }

  /** To be told which answer it is, before its first event. Fails with `AI_STREAM_GONE` when the caller has events of another. */
  begin(answerName: string): void {
    const { ids } = this.options;
    if (ids === undefined) return;
    if (ids.after !== undefined && ids.after.answer !== answerName) throw streamGone();
    this.numbered = new NumberedEvents(answerName, ids.after?.index ?? -1);
  }

  /** The bytes for the caller of the next events, one after the other. */
  show({ bytes, usageEvent }: EventGroup): readonly Uint8Array[] {
    const leftOut = this.options.withUsage ? undefined : usageEvent;
    if (this.numbered !== undefined) return [this.numbered.write(bytes, leftOut)];
    return leftOut === undefined ? [bytes] : [bytes.subarray(0, leftOut[0]), bytes.subarray(leftOut[1])];
  }
}

/** What a caller hears who wants the rest of an answer that is not there any more. */
export function streamGone(): AiError {
  return new AiError(
    'AI_STREAM_GONE',
    'The stream cannot go on: its answer is neither under way nor stored.',
    {
      hint: 'Ask again without Last-Event-ID.',
    },
  );
}
