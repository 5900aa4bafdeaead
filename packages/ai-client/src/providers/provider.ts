import type { Surface } from '../surface.js';

/** A server that implements some of the wire formats. */
export interface Provider {
  /** Short name, used in keys, records and metrics: `openai`, `ollama`. */
  readonly name: string;
  /** Base URL for the paths of the surfaces: `https://api.openai.com/v1`. Use a function for a provider that is started only on demand. */
  readonly baseUrl: string | (() => Promise<string>);
  /** Replaces the base URL in cache keys. Default: the base URL. Required if `baseUrl` is a function. */
  readonly identity?: string;
  /** Sent with each request, names in lower case: usually the credentials. Other headers are part of cache keys. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wire format to which chat completions are translated. Default: none, the provider implements the surfaces itself. */
  readonly speaks?: 'messages';
  /**
   * The surfaces that it supports, including translated ones. A request for another surface is never sent to it: the next target that
   * supports it is asked, or the call fails with `AI_SURFACE_UNSUPPORTED`. Default: all.
   */
  readonly surfaces?: readonly Surface[];
  /**
   * Set this for a server that never sends a finish reason. Then a stream that ends with its terminal event (`[DONE]`), or a body that
   * arrives completely, is proof enough for the cache; a stream that just ends is still not. Default false.
   */
  readonly omitsFinishReason?: boolean;
  /** Whether it answers for this model. Default: for all models that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
  /** The models to choose from for a call that names none. Default: those that it lists under `/models`. */
  readonly models?: readonly string[];
}

/** Whether a provider supports a surface. */
export function offers({ surfaces }: Provider, surface: Surface): boolean {
  return surfaces?.includes(surface) ?? true;
}

/** The surfaces of OpenAI's own API. */
export const openaiSurfaces: readonly Surface[] = ['chat', 'responses', 'embeddings'];
