type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = Parameters<typeof globalThis.fetch>[1];

/** The arguments of a `fetch` call, normalised. */
export interface FetchRequest {
  /** Absolute URL, as the caller wrote it. */
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly signal?: AbortSignal;
  body(): Promise<Uint8Array> | Uint8Array;
  /**
   * Must be kept alive until the call has ended. A `Request` follows the signal it was given only by a weak reference, so that holding its
   * own signal is not enough: garbage collection of the `Request` would cut the link.
   */
  readonly held: unknown;
  /** The same request as a `Request` with an unread body. */
  asRequest(): Request;
}

/** Reads the arguments of `fetch`. A URL with a plain body, as SDKs pass, needs no `Request`. */
export function readFetchRequest(input: FetchInput, init: FetchInit = {}): FetchRequest {
  const body = init?.body ?? '';
  if (input instanceof Request || !(typeof body === 'string' || body instanceof Uint8Array)) {
    return fromRequest(new Request(input, init), input, init?.signal ?? undefined);
  }
  return {
    url: typeof input === 'string' ? input : input.href,
    method: (init?.method ?? 'GET').toUpperCase(),
    headers: init?.headers instanceof Headers ? init.headers : new Headers(init?.headers),
    body: () => Buffer.from(body),
    held: undefined,
    asRequest: () => new Request(input, init),
    ...(init?.signal ? { signal: init.signal } : {}),
  };
}

function fromRequest(request: Request, input: FetchInput, signal = request.signal): FetchRequest {
  return {
    url: request.url,
    method: request.method,
    headers: request.headers,
    signal,
    body: async () => new Uint8Array(await request.arrayBuffer()),
    held: [request, input],
    asRequest: () => request,
  };
}
