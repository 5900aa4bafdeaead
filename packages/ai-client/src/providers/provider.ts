import type { Surface } from '../surface.js';

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
   * The surfaces that it can be asked by, those that are translated included. A request of another one is never sent to it: the
   * next target that has the surface is asked, or the call fails with `AI_SURFACE_UNSUPPORTED`. Default: each.
   */
  readonly surfaces?: readonly Surface[];
  /**
   * It never says why an answer ended, as some servers do not. Then a stream that closes with its terminal event (`[DONE]`), or a
   * body that arrives whole, is proof enough for the cache; a stream that just ends is still none. Default false.
   */
  readonly omitsFinishReason?: boolean;
  /** Whether it answers for this model. Default: for each that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
}

/** Whether a provider can be asked by a surface. */
export function offers({ surfaces }: Provider, surface: Surface): boolean {
  return surfaces?.includes(surface) ?? true;
}

/** What OpenAI's own API has. */
export const openaiSurfaces: readonly Surface[] = ['chat', 'responses', 'embeddings'];
