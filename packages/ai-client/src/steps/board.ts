import type { Cache } from '@ai-toolkit/core-cache';
import type { CacheOutcome, CallRecord } from '../call-record.js';
import type { Entry } from '../entry.js';
import type { ExchangeRequest, ExchangeSink } from '../exchange.js';
import { bound } from '../flight/bound.js';
import { Call, type CallDescription } from '../flight/call.js';
import { type EventId, parseEventId } from '../flight/event-ids.js';
import { streamGone } from '../flight/event-view.js';
import { Flight } from '../flight/flight.js';
import type { OpenCalls } from '../flight/open-calls.js';
import type { StoredForms } from '../flight/stored-forms.js';
import type { Mutable } from '../mutable.js';
import { tell } from '../tell.js';
import { type CallStart, callRecord } from './account.js';
import type { AskServices } from './ask.js';
import { fly } from './fly.js';
import { isFresh, type Peeked, peek } from './lookup.js';
import { type PlanDefaults, planFlight } from './plan.js';
import type { ReadRequest } from './read-request.js';
import type { Share } from './share.js';
import { withBody } from './target.js';

/** Backlog allowed to one slow reader of an answer too large to keep, while others go on. */
const maxLagBytes = 1024 * 1024;

export interface BoardOptions {
  readonly cache: Cache<Entry>;
  readonly share: Share;
  readonly forms: StoredForms;
  readonly openCalls: OpenCalls;
  readonly services: AskServices;
  readonly defaults: PlanDefaults;
  readonly maxEntryBytes: number;
  readonly onCall: ((record: CallRecord) => void) | undefined;
}

/** Puts callers on the flights that fetch their answers. */
export class Board {
  private readonly options: BoardOptions;

  constructor(options: BoardOptions) {
    this.options = options;
  }

  /** Puts a caller on the flight for its request: one in progress, or a new one. `known`: result of a peek just made. */
  enter(
    start: CallStart,
    request: ExchangeRequest,
    read: ReadRequest,
    sink: ExchangeSink,
    known: Peeked,
  ): Call {
    const { cache, share, openCalls, services, maxEntryBytes } = this.options;
    const { read: mayRead = true, store = true, onlyIfCached = false, maxAgeMs } = request.cache ?? {};
    const { adapter } = read;
    const target = read.targets[0];
    const { key } = target;
    const plain = key !== undefined && mayRead && store && !onlyIfCached && maxAgeMs === undefined;
    const after = lastEvent(request);
    const found = plain ? share.find(key, after?.answer) : undefined;
    const under = found !== undefined && this.suits(request, found) ? found : undefined;
    // A refresh in progress must not hold up callers who accept the stored answer.
    const peeks =
      plain && under?.renews === true && after === undefined && services.cassettes?.plays !== true;
    const peeked = known ?? (peeks ? peek(cache, key) : undefined);
    const joined = isFresh(peeked) ? undefined : under;
    const flight =
      joined ?? new Flight({ adapter, target, renews: !mayRead, maxKeptBytes: maxEntryBytes, maxLagBytes });
    const call = new Call(
      this.describe(start, request, read, after),
      outcome(key, mayRead, joined !== undefined),
      flight,
      sink,
      (ending) => {
        openCalls.delete(call);
        release();
        const onCall = request.onCall ?? this.options.onCall;
        if (onCall === undefined) return;
        const record = (): void => tell(onCall, callRecord(start, request, read, call, flight, ending));
        if (joined === undefined) flight.whenSettled(record);
        else record();
      },
    );
    openCalls.add(call);
    const release = bound(call, request.signal, request.timeoutMs ?? read.timeoutMs);
    flight.join(call);
    if (joined === undefined) this.launch(flight, start.requestId, request, read, peeked);
    return call;
  }

  /** Whether the answer of a flight in progress will be one that the caller accepts. */
  private suits({ cache }: ExchangeRequest, flight: Flight): boolean {
    // Another question's answer is looked for only before a provider is asked.
    return this.options.services.semantic === undefined || cache?.semantic !== false || flight.attempts > 0;
  }

  private describe(
    { requestId, startedOn }: CallStart,
    request: ExchangeRequest,
    { adapter, body, streamed }: ReadRequest,
    after: EventId | undefined,
  ): CallDescription {
    const description: Mutable<CallDescription> = {
      requestId,
      startedOn,
      streamed,
      withUsage: adapter.wantsUsageEvents(body),
      replayIntervalMs: request.cache?.replayIntervalMs ?? 0,
      forms: this.options.forms,
    };
    if (request.noteUsage !== undefined) description.noteUsage = request.noteUsage;
    if (after !== undefined) description.ids = { after };
    else if (request.eventIds === true) description.ids = {};
    return description;
  }

  /** Gives a new flight its answer: at once from memory, otherwise asynchronously. */
  private launch(
    flight: Flight,
    requestId: string,
    request: ExchangeRequest,
    read: ReadRequest,
    known: Peeked,
  ): void {
    const { cache, share, services, defaults } = this.options;
    const { cassettes } = services;
    const target = read.targets[0];
    const { key } = target;
    const { read: mayRead = true, store = true, onlyIfCached = false, maxAgeMs } = request.cache ?? {};
    const peeks = mayRead && key !== undefined && cassettes?.plays !== true;
    const peeked = known ?? (peeks ? peek(cache, key, maxAgeMs) : undefined);
    if (isFresh(peeked)) {
      cassettes?.keep(withBody(target, request.body), peeked.entry);
      flight.advance({ phase: 'stored', answer: peeked });
      return;
    }
    const shared = key !== undefined && store && !onlyIfCached && request.lastEventId === undefined;
    if (shared) share.open(key, flight);
    fly(flight, planFlight(requestId, request, read, defaults), services, peeked, () => {
      if (key !== undefined) share.close(key, flight);
    });
  }
}

function outcome(key: string | undefined, mayRead: boolean, joined: boolean): CacheOutcome {
  if (joined) return 'coalesced';
  if (key === undefined) return 'bypass';
  return mayRead ? 'miss' : 'refresh';
}

/** The event after which to resume a stream. Fails with `AI_STREAM_GONE` for an id that is not ours. */
export function lastEvent({ lastEventId }: ExchangeRequest): EventId | undefined {
  if (lastEventId === undefined) return undefined;
  const parsed = parseEventId(lastEventId);
  if (parsed === undefined) throw streamGone();
  return parsed;
}
