import { isJsonObject, type JsonObject, parseJsonObject } from '../json.js';
import type { ResponseHeaders } from '../response-headers.js';

/** An hour: time alone brings no credit back, and nobody should ask all the while. */
const outOfCreditSeconds = 3600;

/** A response with an error status. It is given to the caller as it came, unless a retry makes it good. */
export class ProviderRefusal extends Error {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
  /** How long its limiter holds everyone back for it, ms. */
  pauseMs: number | undefined;

  constructor(status: number, headers: ResponseHeaders, body: Uint8Array) {
    super(`The provider answered ${status}.`);
    this.name = 'ProviderRefusal';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The headers for the caller: a 429 says when to come back, also where the provider did not. */
  get toldHeaders(): ResponseHeaders {
    if (this.status !== 429 || this.headers['retry-after'] !== undefined) return this.headers;
    const seconds =
      this.pauseMs === undefined ? outOfCreditSeconds : Math.max(1, Math.ceil(this.pauseMs / 1000));
    const final = this.isOutOfCredit ? { 'x-should-retry': 'false' } : {};
    return { ...final, ...this.headers, 'retry-after': String(seconds) };
  }

  /** The `error` object of the body, in the form that OpenAI and Anthropic share. */
  get detail(): JsonObject {
    const body = parseJsonObject(Buffer.from(this.body).toString());
    return isJsonObject(body?.error) ? body.error : {};
  }

  /** The account has no credit left: a 429 by its status, but no limit that time lifts. */
  private get isOutOfCredit(): boolean {
    const { code, type } = this.detail;
    return code === 'insufficient_quota' || type === 'insufficient_quota';
  }

  get isRateLimit(): boolean {
    return this.status === 429 && !this.isOutOfCredit;
  }

  /**
   * Whether the same request may succeed later. `x-should-retry` wins.
   */
  get retryable(): boolean {
    const advice = this.headers['x-should-retry'];
    if (advice === 'true') return true;
    if (advice === 'false') return false;
    if (this.isOutOfCredit) return false;
    return this.status === 408 || this.status === 409 || this.status === 429 || this.status >= 500;
  }
}
