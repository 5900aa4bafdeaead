type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = Parameters<typeof globalThis.fetch>[1];

/** What `fetch` was asked, taken apart. */
export interface FetchRequest {
  /** Absolute, as the caller wrote it. */
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly signal?: AbortSignal;
  body(): Promise<Uint8Array> | Uint8Array;
  /**
   * To be kept until the call has ended. A `Request` hears of its signal's abort only as long as somebody holds it, not just its
   * signal: Node follows it by a weak reference, which a garbage collection cuts.
   */
  readonly held: unknown;
  /** The same as a `Request`, its body not read. */
  asRequest(): Request;
}

/** Reads the arguments of a `fetch`. A URL and a plain body, which is what SDKs give, need no `Request`. */
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
