import { randomUUID } from 'node:crypto';
import type { CacheOutcome, CallPart, CallRecord, CallStatus, TokenUsage } from '../call-record.js';
import { toFailure } from '../failure.js';
import { defaultTenant } from '../steps/key.js';
import type { Answerer, Vector } from './embed-inputs.js';
import type { EmbedOptions } from './embeddings.js';

/** One request of an `embed` call. */
export interface AccountedRequest {
  readonly requestId: string;
  readonly onCall: (record: CallRecord) => void;
  /** Which provider and model answered; absent until the request has ended. */
  readonly answerer: Answerer | undefined;
}

/**
 * Makes the single record of an `embed` call, from its cached vectors and its requests for the others. It is made when the call and all its
 * requests have ended: a request shared with other callers may outlive the call.
 */
export class EmbedAccount {
  readonly requestId: string = randomUUID();
  private readonly model: string;
  private readonly options: EmbedOptions;
  private readonly listener: (record: CallRecord) => void;
  private readonly startedAt: number = Date.now();
  private readonly startedOn: number = performance.now();
  private readonly hits: Vector[] = [];
  private readonly records: CallRecord[] = [];
  private open = 0;
  private ending: Pick<CallRecord, 'status' | 'errorCode' | 'durationMs'> | undefined;

  constructor(model: string, options: EmbedOptions, listener: (record: CallRecord) => void) {
    this.model = model;
    this.options = options;
    this.listener = listener;
  }

  /** Notes a vector found in the cache. */
  found(vector: Vector): void {
    this.hits.push(vector);
  }

  /** Starts a request, which must be sent with this id and report its record. */
  request(): AccountedRequest {
    this.open++;
    let answerer: Answerer | undefined;
    return {
      requestId: this.requestId,
      onCall: (record) => {
        this.open--;
        this.records.push(record);
        answerer = { provider: record.provider, model: record.model };
        this.settle();
      },
      get answerer() {
        return answerer;
      },
    };
  }

  /** Notes the end of the call, with an error or with all vectors. */
  end(failure?: { readonly error: unknown }): void {
    const durationMs = performance.now() - this.startedOn;
    if (failure === undefined) this.ending = { status: 'ok', durationMs };
    else if (this.options.signal?.aborted === true) this.ending = { status: 'aborted', durationMs };
    else this.ending = { status: 'error', errorCode: toFailure(failure.error).code, durationMs };
    this.settle();
  }

  private settle(): void {
    if (this.ending !== undefined && this.open === 0) this.listener(this.record(this.ending));
  }

  private record(ending: Pick<CallRecord, 'status' | 'errorCode' | 'durationMs'>): CallRecord {
    const { labels } = this.options;
    const parts = this.parts(ending.status);
    const usage = total(parts.map((part) => part.usage));
    const httpStatus = ending.status === 'ok' ? 200 : this.records.find(isFailed)?.httpStatus;
    const upstreamMs = this.upstreamMs();
    return {
      requestId: this.requestId,
      startedAt: this.startedAt,
      surface: 'embeddings',
      ...this.answerer(),
      tenant: defaultTenant,
      streamed: false,
      cache: this.outcome(parts),
      ...ending,
      attempts: this.records.reduce((sum, { attempts }) => sum + attempts, 0),
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(usage === undefined ? {} : { usage }),
      ...(parts.length < 2 ? {} : { parts }),
      ...(upstreamMs === undefined ? {} : { upstreamMs }),
      ...(labels === undefined ? {} : { labels }),
    };
  }

  /** Parts by outcome. Cached vectors count only if the call succeeded; requests are paid in any case. */
  private parts(status: CallStatus): CallPart[] {
    const usages = new Map<CacheOutcome, (TokenUsage | undefined)[]>();
    const add = (cache: CacheOutcome, usage: TokenUsage | undefined): void => {
      usages.set(cache, [...(usages.get(cache) ?? []), usage]);
    };
    for (const { cache, usage } of this.records) add(cache, usage);
    if (status === 'ok' && this.hits.length > 0)
      add('hit', total(this.hits.map(({ inputTokens }) => inputUsage(inputTokens))));
    return [...usages].map(([cache, list]) => {
      const usage = total(list);
      return { cache, ...(usage === undefined ? {} : { usage }) };
    });
  }

  /** A call that made any request is not a hit. */
  private outcome(parts: readonly CallPart[]): CacheOutcome {
    const outcomes = parts.map(({ cache }) => cache);
    const asked = outcomes.find((cache) => cache === 'miss' || cache === 'refresh' || cache === 'bypass');
    return asked ?? outcomes.find((cache) => cache !== 'hit') ?? outcomes[0] ?? 'miss';
  }

  private answerer(): Answerer {
    const [asked] = this.records;
    if (asked !== undefined) return { provider: asked.provider, model: asked.model };
    return (
      this.hits.find(({ answerer }) => answerer !== undefined)?.answerer ?? {
        provider: 'none',
        model: this.model,
      }
    );
  }

  /** From the start of the first request to the last answer, as requests run concurrently. */
  private upstreamMs(): number | undefined {
    const timed = this.records.filter(({ upstreamMs }) => upstreamMs !== undefined);
    if (timed.length === 0) return undefined;
    const ends = timed.map(({ startedAt, upstreamMs = 0 }) => startedAt + upstreamMs);
    return Math.max(...ends) - Math.min(...timed.map(({ startedAt }) => startedAt));
  }
}

function isFailed({ status }: CallRecord): boolean {
  return status === 'error';
}

function inputUsage(inputTokens: number | undefined): TokenUsage | undefined {
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
}

/** The sum of the reported usage; `undefined` if none was reported. */
function total(usages: readonly (TokenUsage | undefined)[]): TokenUsage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  if (known.length === 0) return undefined;
  return {
    inputTokens: known.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: known.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  };
}
