import { isJsonObject, type JsonObject, parseJsonObject } from '../json.js';
import type { ResponseHeaders } from '../response-headers.js';

/** One hour: waiting does not restore credit, so clients should not keep retrying. */
const outOfCreditSeconds = 3600;

/** A response with an error status. Passed to the caller unchanged, unless a retry succeeds. */
export class ProviderRefusal extends Error {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
  /** How long the limiter holds back all calls because of it, ms. */
  pauseMs: number | undefined;

  constructor(status: number, headers: ResponseHeaders, body: Uint8Array) {
    super(`The provider answered ${status}.`);
    this.name = 'ProviderRefusal';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The headers for the caller: a 429 always has `retry-after`, even if the provider sent none. */
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

  /** Whether the account has no credit left: also a 429, but not a limit that waiting lifts. */
  private get isOutOfCredit(): boolean {
    const { code, type } = this.detail;
    return code === 'insufficient_quota' || type === 'insufficient_quota';
  }

  get isRateLimit(): boolean {
    return this.status === 429 && !this.isOutOfCredit;
  }

  /** Whether the same request may succeed later. `x-should-retry` has precedence. */
  get retryable(): boolean {
    const advice = this.headers['x-should-retry'];
    if (advice === 'true') return true;
    if (advice === 'false') return false;
    if (this.isOutOfCredit) return false;
    return this.status === 408 || this.status === 409 || this.status === 429 || this.status >= 500;
  }
}
