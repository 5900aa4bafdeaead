import type { CacheOutcome, CallStatus, TokenUsage } from '../call-record.js';
import { bodyAsEvents, type Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { Exchange, ExchangeRequest, ExchangeSink } from '../exchange.js';
import type { EventGroup } from '../sse/event-group.js';
import type { FoldedStream } from '../surfaces/adapter.js';
import { tellError } from '../tell.js';
import { Delivery } from './delivery.js';
import { EventView, type EventViewOptions } from './event-view.js';
import type { Flight, FlightState, Reader, StoredAnswer, UpstreamHead } from './flight.js';
import { noteInUsage } from './noted-usage.js';
import { PacedReplay } from './paced-replay.js';
import type { StoredForms } from './stored-forms.js';

/** Properties of a call whose request has been read. */
export interface CallDescription extends EventViewOptions {
  readonly requestId: string;
  /** Start of the call, monotonic, ms. */
  readonly startedOn: number;
  /** Whether the caller wants events rather than a body. */
  readonly streamed: boolean;
  /** Pause between the events of a stored answer, ms; 0: none. */
  readonly replayIntervalMs: number;
  readonly forms: StoredForms;
  readonly noteUsage?: ExchangeRequest['noteUsage'];
}

/** How a call ended, for its record. */
export interface CallEnding {
  readonly status: CallStatus;
  readonly usage?: TokenUsage;
  readonly error?: unknown;
}

/**
 * One caller's side of a flight: delivers the answer to the sink in the shape the caller requested, whichever shape it arrives in, at the
 * pace the sink accepts.
 */
export class Call implements Reader, Exchange {
  readonly description: CallDescription;
  readonly delivery: Delivery;
  position: number;
  /** Neighbours in the list of open calls. */
  before: Call | undefined;
  behind: Call | undefined;
  private readonly flight: Flight;
  private readonly sink: ExchangeSink;
  private readonly view: EventView;
  private readonly onEnding: (ending: CallEnding) => void;
  private replay: PacedReplay | undefined;
  private draining = false;
  private ended = false;

  constructor(
    description: CallDescription,
    outcome: CacheOutcome,
    flight: Flight,
    sink: ExchangeSink,
    onEnding: (ending: CallEnding) => void,
  ) {
    this.description = description;
    this.delivery = new Delivery(sink, flight, description.requestId, outcome);
    this.flight = flight;
    this.sink = sink;
    this.view = new EventView(description);
    this.onEnding = onEnding;
    this.position = description.streamed ? 0 : Number.POSITIVE_INFINITY;
  }

  get requestId(): string {
    return this.description.requestId;
  }

  get paused(): boolean {
    return this.delivery.paused;
  }

  resume(): void {
    if (!this.paused || this.ended) return;
    this.delivery.paused = false;
    this.drain();
    this.flight.readerMoved();
  }

  abort(reason: unknown): void {
    this.fail(reason, 'aborted');
  }

  dropBehind(): void {
    this.fail(
      this.position === Number.POSITIVE_INFINITY
        ? new AiError('AI_RESPONSE_TOO_LARGE', 'The streamed answer is too large to be given as one body.', {
            hint: 'Ask for it with "stream": true, or raise the limit of a kept answer.',
          })
        : new AiError('AI_READER_TOO_SLOW', 'The answer was read too slowly to be kept for this reader.', {
            hint: 'Read faster, or ask for it alone, past the cache.',
          }),
    );
  }

  drain(): void {
    // A sink may abort or resume from inside `onData`.
    if (this.draining || this.ended) return;
    this.draining = true;
    try {
      this.take();
    } catch (error) {
      this.fail(error);
    } finally {
      this.draining = false;
    }
  }

  private take(): void {
    const { state } = this.flight;
    switch (state.phase) {
      case 'waiting':
        break;
      case 'stored':
        this.giveStored(state.answer);
        break;
      case 'body':
        this.giveBody(state);
        break;
      default:
        this.takeStream(state);
    }
  }

  private takeStream(state: Extract<FlightState, { phase: 'streaming' | 'streamed' | 'failed' }>): void {
    const { streamed } = this.description;
    if (streamed && state.head !== undefined) this.giveGroups(state.head);
    if (this.ended || (streamed && this.position < this.flight.log.end)) return;
    if (state.phase === 'failed') this.fail(state.error);
    else if (state.phase === 'streamed' && streamed) this.finish(state.usage, state.folded);
    else if (state.phase === 'streamed') this.giveFolded(state);
  }

  private giveFolded({ head, folded, usage }: Extract<FlightState, { phase: 'streamed' }>): void {
    const { body, error } = folded;
    if (body === undefined || error !== undefined) throw brokenStream(folded);
    this.delivery.wholeHead(head, false, usage);
    this.giveData(Buffer.from(JSON.stringify(body)));
    this.finish(usage);
  }

  private giveBody({ head, bytes, usage }: Extract<FlightState, { phase: 'body' }>): void {
    // An error is sent as a body even if a stream was requested.
    const asStream = this.description.streamed && head.status < 300;
    const events = asStream ? bodyAsEvents(bytes, this.flight.adapter) : { bytes };
    if (asStream) this.view.begin(this.flight.answerName);
    this.delivery.wholeHead(head, asStream, usage);
    this.giveEvents(events);
    this.finish(usage);
  }

  private giveGroups(head: UpstreamHead): void {
    if (this.delivery.httpStatus === undefined) {
      this.view.begin(this.flight.answerName);
      this.delivery.streamHead(head);
    }
    while (!this.paused && !this.ended) {
      const group = this.flight.log.from(this.position);
      if (group === undefined) return;
      this.position += group.bytes.length;
      this.giveEvents(group);
    }
  }

  private giveStored(answer: StoredAnswer): void {
    const { entry } = answer;
    const { streamed, replayIntervalMs } = this.description;
    if (this.delivery.httpStatus === undefined) {
      this.delivery.found(answer);
      const shown = this.showStored(entry);
      const paced = streamed && replayIntervalMs > 0;
      this.delivery.storedHead(answer, streamed, paced ? undefined : lengthOf(shown));
      if (paced) this.replay = new PacedReplay(Buffer.concat(shown), replayIntervalMs);
      else for (const bytes of shown) this.giveData(bytes);
    }
    if (this.replay !== undefined) this.giveReplay(this.replay);
    if (this.replay?.done !== false) this.finish(entry.metadata.usage);
  }

  private showStored(entry: Entry): readonly Uint8Array[] {
    const { adapter } = this.flight;
    const { streamed, ids, withUsage, noteUsage, forms } = this.description;
    if (!streamed) return [forms.body(entry, adapter)];
    this.view.begin(entry.metadata.name);
    const isAlike = ids !== undefined && ids.after === undefined && !(withUsage && noteUsage !== undefined);
    if (isAlike) return [forms.numberedEvents(entry, adapter, withUsage)];
    return this.show(forms.events(entry, adapter));
  }

  private giveReplay(replay: PacedReplay): void {
    while (!this.paused && !this.ended) {
      const event = replay.take(() => this.drain());
      if (event === undefined) return;
      this.giveData(event);
    }
  }

  private giveEvents(events: EventGroup): void {
    for (const bytes of this.show(events)) this.giveData(bytes);
  }

  private show(events: EventGroup): readonly Uint8Array[] {
    const { noteUsage, withUsage } = this.description;
    if (noteUsage === undefined || !withUsage || events.usageEvent === undefined)
      return this.view.show(events);
    const note = (usage: TokenUsage | undefined): Readonly<Record<string, unknown>> =>
      noteUsage(this.delivery.facts(), usage);
    return this.view.show(noteInUsage(events, this.flight.adapter, note));
  }

  private giveData(bytes: Uint8Array): void {
    if (!this.ended) this.delivery.data(bytes);
  }

  private finish(usage: TokenUsage | undefined, folded?: FoldedStream): void {
    if (this.ended) return;
    this.end();
    const failed = (this.delivery.httpStatus ?? 0) >= 400 || folded?.error !== undefined;
    this.onEnding({ status: failed ? 'error' : 'ok', ...(usage === undefined ? {} : { usage }) });
    this.sink.onEnd(usage === undefined ? {} : { usage });
  }

  private end(): void {
    this.ended = true;
    this.replay?.stop();
    this.flight.leave(this);
  }

  /** Ends the call with an error; the flight goes on for other callers. */
  fail(error: unknown, status: CallStatus = 'error'): void {
    if (this.ended) return;
    this.end();
    this.onEnding({ status, error });
    tellError(this.sink, error, this.delivery.facts());
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

function brokenStream(folded: FoldedStream): AiError {
  const said = typeof folded.error?.message === 'string' ? `: ${folded.error.message}` : '';
  return new AiError('AI_STREAM_INCOMPLETE', `The provider's stream does not make an answer${said}.`, {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
  });
}
