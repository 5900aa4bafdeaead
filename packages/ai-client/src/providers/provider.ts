/** A server that speaks one of the wire formats. */
export interface Provider {
  /** Short name, used in keys, records and metrics: `openai`, `ollama`. */
  readonly name: string;
  /**
   * URL that the paths of the surfaces lie below: `https://api.openai.com/v1`. A function for a provider that is only
   * started when somebody asks it.
   */
  readonly baseUrl: string | (() => Promise<string>);
  /** Stands for the base URL in cache keys. Default: the base URL. Needed when `baseUrl` is a function. */
  readonly identity?: string;
  /** Sent with each request, names in lower case: the credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wire format that requests for chat completions are translated to. Default: none, it speaks each surface itself. */
  readonly speaks?: 'messages';
  /**
   * It never says why an answer ended, as some servers do not. Then a stream that closes with its terminal event (`[DONE]`), or a
   * body that arrives whole, is proof enough for the cache; a stream that just ends is still none. Default false.
   */
  readonly omitsFinishReason?: boolean;
  /** Whether it answers for this model. Default: for each that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
}
