import type { Surface } from '../surface.js';

/** A server that speaks one of the wire formats. */
export interface Provider {
  /** Short name, used in keys, records and metrics: `openai`, `ollama`. */
  readonly name: string;
  /**
   * URL below which the paths of the surfaces are: `https://api.openai.com/v1`. Use a function for a provider that is started only when it
   * is needed.
   */
  readonly baseUrl: string | (() => Promise<string>);
  /** Replaces the base URL in cache keys. Default: the base URL. Required if `baseUrl` is a function. */
  readonly identity?: string;
  /** Sent with each request, names in lower case: the credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wire format to which chat completions are translated. Default: none, it speaks each surface itself. */
  readonly speaks?: 'messages';
  /**
   * The surfaces that it supports, including translated ones. A request for another one is never sent to it: the next target that has the
   * surface is asked, or the call fails with `AI_SURFACE_UNSUPPORTED`. Default: all.
   */
  readonly surfaces?: readonly Surface[];
  /**
   * Set this for a server that never says why an answer ended. Then a stream that ends with its terminal event (`[DONE]`), or a body that
   * arrives completely, is proof enough for the cache; a stream that just ends is still not. Default false.
   */
  readonly omitsFinishReason?: boolean;
  /** Whether it answers for this model. Default: for all models that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
}

/** Whether a provider supports a surface. */
export function offers({ surfaces }: Provider, surface: Surface): boolean {
  return surfaces?.includes(surface) ?? true;
}

/** What OpenAI's own API has. */
export const openaiSurfaces: readonly Surface[] = ['chat', 'responses', 'embeddings'];
