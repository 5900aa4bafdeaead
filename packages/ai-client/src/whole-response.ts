const utf8 = new TextDecoder();

/** `Response` without its body members, which are declared as properties and so could not be overridden by methods. */
type Head = Omit<
  Response,
  'arrayBuffer' | 'blob' | 'body' | 'bodyUsed' | 'bytes' | 'clone' | 'formData' | 'json' | 'text'
>;

const BareResponse: new (body: null, init: ResponseInit) => Head = Response;

/**
 * A `Response` whose body is completely available. Reads it without creating a stream, which is most of the cost of a `Response`. A stream
 * is created only on access to `body`; from then on, all reads go through it.
 */
export class WholeResponse extends BareResponse implements Response {
  readonly #bytes: Uint8Array;
  #isRead = false;
  #streamed: Response | undefined;

  constructor(bytes: Uint8Array, init: ResponseInit) {
    super(null, init);
    this.#bytes = bytes;
  }

  get body(): Response['body'] {
    return this.#asStream().body;
  }

  get bodyUsed(): boolean {
    return this.#streamed?.bodyUsed ?? this.#isRead;
  }

  async text(): Promise<string> {
    return this.#streamed?.text() ?? utf8.decode(this.#take());
  }

  async json(): ReturnType<Response['json']> {
    return JSON.parse(await this.text());
  }

  async bytes(): ReturnType<Response['bytes']> {
    // A copy: the cache may hold the bytes.
    return this.#streamed?.bytes() ?? new Uint8Array(this.#take());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#streamed?.arrayBuffer() ?? new Uint8Array(this.#take()).buffer;
  }

  blob(): Promise<Blob> {
    return this.#asStream().blob();
  }

  formData(): Promise<FormData> {
    return this.#asStream().formData();
  }

  clone(): Response {
    if (this.#streamed !== undefined || this.#isRead) return this.#asStream().clone();
    return new WholeResponse(this.#bytes, this);
  }

  #take(): Uint8Array {
    if (this.#isRead) throw new TypeError('Body is unusable: Body has already been read');
    this.#isRead = true;
    return this.#bytes;
  }

  /** If the body was already read, reads the stream too, so that reading it again fails as the standard requires. */
  #asStream(): Response {
    if (this.#streamed !== undefined) return this.#streamed;
    const { status, statusText, headers } = this;
    // The bytes come from sockets and stores, and never from a `SharedArrayBuffer`.
    this.#streamed = new Response(this.#bytes as Uint8Array<ArrayBuffer>, { status, statusText, headers });
    if (this.#isRead) void this.#streamed.arrayBuffer();
    return this.#streamed;
  }
}
