type FetchInput = Parameters<typeof globalThis.fetch>[0];
type FetchInit = Parameters<typeof globalThis.fetch>[1];

/** What `fetch` was asked, taken apart. */
export interface FetchRequest {
  readonly url: URL;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  body(): Promise<Uint8Array>;
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
    url: new URL(input),
    method: (init?.method ?? 'GET').toUpperCase(),
    headers: Object.fromEntries(new Headers(init?.headers)),
    body: () => Promise.resolve(Buffer.from(body)),
    held: undefined,
    asRequest: () => new Request(input, init),
    ...(init?.signal ? { signal: init.signal } : {}),
  };
}

function fromRequest(request: Request, input: FetchInput, signal = request.signal): FetchRequest {
  return {
    url: new URL(request.url),
    method: request.method,
    headers: Object.fromEntries(request.headers),
    signal,
    body: async () => new Uint8Array(await request.arrayBuffer()),
    held: [request, input],
    asRequest: () => request,
  };
}
