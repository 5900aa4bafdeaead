const utf8 = new TextDecoder();

/** What a response is beside its body: its members are declared as properties, which no class may override by methods. */
type Head = Omit<
  Response,
  'arrayBuffer' | 'blob' | 'body' | 'bodyUsed' | 'bytes' | 'clone' | 'formData' | 'json' | 'text'
>;

const BareResponse: new (body: null, init: ResponseInit) => Head = Response;

/**
 * A `Response` whose body is there as a whole. It is read without becoming a stream first, which is most of what a `Response` costs;
 * who asks for the stream gets one, and from then on it is read as any other.
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
    // A copy: the bytes may be those that the cache holds.
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

  /** One that has been read already is read again for nothing, as the standard has it: with a failure. */
  #asStream(): Response {
    if (this.#streamed !== undefined) return this.#streamed;
    const { status, statusText, headers } = this;
    // Bytes come from sockets and stores, and none are shared between threads.
    this.#streamed = new Response(this.#bytes as Uint8Array<ArrayBuffer>, { status, statusText, headers });
    if (this.#isRead) void this.#streamed.arrayBuffer();
    return this.#streamed;
  }
}
