import { channel } from 'node:diagnostics_channel';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Breaker, Permit } from '@ai-toolkit/rate-limit';
import type { Entry } from '../entry.js';
import type { Flight, StoredAnswer } from '../flight/flight.js';
import type { JsonObject } from '../json.js';
import type { Scope } from '../steps/key.js';
import { lookUp } from '../steps/lookup.js';
import type { FlightPlan } from '../steps/plan.js';
import { tagsOf } from '../steps/tags.js';
import type { Asked } from './bucket.js';
import type { Embedder } from './embedder.js';
import { isPlainAnswer } from './plain-answer.js';
import type { VectorIndex } from './vector-index.js';
import type { VectorRecords } from './vector-records.js';
import type { Neighbour } from './vector-rows.js';
import { within } from './within.js';

/** Message of the channel `ai-client:semantic:lookup`, published for each question that was looked up. */
export interface SemanticLookupMessage {
  /** Key of the request. */
  readonly key: string;
  readonly result: 'hit' | 'no-vector' | 'no-neighbour' | 'below-threshold' | 'gone';
  /** Similarity to the nearest question in its bucket, or on a hit to the one whose answer is used. */
  readonly similarity?: number;
}

const lookupChannel = channel('ai-client:semantic:lookup');

export interface SemanticServices {
  readonly cache: Cache<Entry>;
  readonly embedder: Embedder;
  readonly index: VectorIndex;
  /** Absent if nothing outlives the process. */
  readonly records?: VectorRecords;
  readonly breaker: Breaker;
  /** Longest wait for a vector, ms. */
  readonly timeoutMs: number;
  /** Aborted when the pipeline closes. */
  readonly closed: AbortSignal;
}

/** A question to one target. */
export interface SemanticQuestion extends Asked {
  /** Key of its own answer. */
  readonly key: string;
  readonly model: string;
  readonly scope: Scope;
  /** Minimum similarity for another question's answer to be used. */
  readonly threshold: number;
}

/** Neighbours considered, since the answer to the nearest may be gone. */
const candidates = 4;
const breakerKey = 'embeddings';

/** Looks up one question, and remembers it if it had to be answered anew. Never fails the call. */
export class SemanticSearch {
  private readonly question: SemanticQuestion;
  private readonly plan: FlightPlan;
  private readonly flight: Flight;
  private readonly services: SemanticServices;
  private vector: Promise<Float32Array | undefined> | undefined;
  private known: Float32Array | undefined;
  private permit: Permit | undefined;

  constructor(question: SemanticQuestion, plan: FlightPlan, flight: Flight, services: SemanticServices) {
    this.question = question;
    this.plan = plan;
    this.flight = flight;
    this.services = services;
  }

  /** Resolves with a fresh stored answer to a question with the same meaning; waits at most `timeoutMs`. Never rejects. */
  find(): Promise<StoredAnswer | undefined> {
    return this.search().catch(() => undefined);
  }

  private async search(): Promise<StoredAnswer | undefined> {
    const { index, records, timeoutMs } = this.services;
    const ready = Promise.all([this.embed(), records?.load(index)]).then(([vector]) => vector);
    const vector = await within(ready, timeoutMs, this.flight.signal);
    if (this.flight.signal.aborted) this.permit?.cancelled();
    // A late vector counts as a failure: after too many, nobody waits for a while.
    else if (vector === undefined) this.permit?.failed();
    if (vector === undefined) return this.tell('no-vector');
    const neighbours = index.nearest(this.question.bucket, vector, candidates);
    const [nearest] = neighbours;
    if (nearest === undefined) return this.tell('no-neighbour');
    const near = neighbours.filter(({ similarity }) => similarity >= this.question.threshold);
    if (near.length === 0) return this.tell('below-threshold', nearest);
    for (const neighbour of near) {
      const answer = await this.answerOf(neighbour);
      if (answer !== undefined) return this.tell('hit', neighbour, answer);
    }
    return this.tell('gone', nearest);
  }

  /** To be called when the provider's answer to this question has been stored under its own key. */
  learn(answer: JsonObject): void {
    const { key } = this.question;
    if (!isPlainAnswer(this.plan.exchange.surface, answer)) this.forget(key);
    else if (this.known !== undefined) this.remember(this.known);
    else void this.embed().then((vector) => vector && this.remember(vector));
  }

  private remember(vector: Float32Array): void {
    const { index, records } = this.services;
    const { key, bucket, model, scope } = this.question;
    const { exchange, ttlMs } = this.plan;
    index.set(bucket, key, vector);
    void records?.keep(key, { bucket, vector }, tagsOf(model, scope, exchange.labels), ttlMs);
  }

  private forget(key: string): void {
    this.services.index.delete(key);
    void this.services.records?.forget(key);
  }

  private async answerOf({ key, similarity }: Neighbour): Promise<StoredAnswer | undefined> {
    const { cache, index } = this.services;
    const { maxAgeMs = Number.POSITIVE_INFINITY } = this.plan;
    const stored = await lookUp(cache, key).catch(() => 'none' as const);
    if (typeof stored !== 'object' || stored.stale) {
      this.forget(key);
      return undefined;
    }
    if (stored.ageMs > maxAgeMs) return undefined;
    index.touch(key);
    return { ...stored, similar: { key, similarity } };
  }

  /** The vector of the text; `undefined` if it cannot be obtained. Requested at most once. Never rejects. */
  private embed(): Promise<Float32Array | undefined> {
    this.vector ??= this.ask();
    return this.vector;
  }

  private async ask(): Promise<Float32Array | undefined> {
    const { breaker, closed, embedder } = this.services;
    try {
      this.permit = breaker.enter(breakerKey);
      this.known = await embedder.embed(this.question.text, this.plan.exchange, closed);
      this.permit.succeeded();
      return this.known;
    } catch {
      if (closed.aborted) this.permit?.cancelled();
      else this.permit?.failed();
      return undefined;
    }
  }

  private tell(
    result: SemanticLookupMessage['result'],
    neighbour?: Neighbour,
    answer?: StoredAnswer,
  ): StoredAnswer | undefined {
    if (lookupChannel.hasSubscribers) {
      const { key } = this.question;
      const message: SemanticLookupMessage =
        neighbour === undefined ? { key, result } : { key, result, similarity: neighbour.similarity };
      lookupChannel.publish(message);
    }
    return answer;
  }
}
