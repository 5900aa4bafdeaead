import { show } from '../check.js';
import type { Surface } from '../surface.js';
import { checkedBaseUrl, checkedKey } from './base-url.js';
import type { Provider } from './provider.js';

export interface OllamaProviderOptions {
  /** As `OLLAMA_HOST`: `127.0.0.1`, `host:port`, `:port` or a URL. Default `http://127.0.0.1:11434`. */
  readonly host?: string;
  /** For a server that wants one, such as Ollama's own cloud. A local one does not. */
  readonly apiKey?: string;
  /** Whether it answers for this model. Default: for all models that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
  /**
   * The surfaces that it is asked by. Default: each, as Ollama has them since 0.14; before 0.13.3 it had but `chat` and
   * `embeddings`.
   */
  readonly surfaces?: readonly Surface[];
  /** Short name, for keys, records and metrics. Default `ollama`. */
  readonly name?: string;
}

const defaultPort = 11_434;

/** Ollama, by the paths that it keeps for OpenAI's wire format. */
export function ollamaProvider(options: OllamaProviderOptions = {}): Provider {
  const { host = '', accepts, surfaces, name = 'ollama' } = options;
  const apiKey = checkedKey('OLLAMA_API_KEY', options.apiKey);
  if (typeof host !== 'string') throw new TypeError(`host must be a string, got ${show(host)}`);
  return {
    name,
    baseUrl: `${hostUrl(host)}/v1`,
    ...(apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } }),
    ...(accepts === undefined ? {} : { accepts }),
    ...(surfaces === undefined ? {} : { surfaces }),
  };
}

/**
 * The Ollama that the environment names: `OLLAMA_HOST`, and `OLLAMA_API_KEY` for a server that wants a key. `undefined`
 * without a host: whether one runs here only a request can tell.
 */
export function ollamaFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Provider | undefined {
  const host = environment.OLLAMA_HOST?.trim() || undefined;
  const apiKey = environment.OLLAMA_API_KEY?.trim() || undefined;
  if (host === undefined) return undefined;
  return ollamaProvider({ host, ...(apiKey === undefined ? {} : { apiKey }) });
}

/** The forms that Ollama itself reads. A URL has the port of its scheme unless it names one; anything else Ollama's own. */
function hostUrl(text: string): string {
  const trimmed = text.trim();
  const hasScheme = trimmed.includes('://');
  const written = hasScheme
    ? trimmed
    : `http://${trimmed.startsWith(':') || trimmed === '' ? `127.0.0.1${trimmed}` : trimmed}`;
  const url = new URL(checkedBaseUrl('OLLAMA_HOST', written, 'http://127.0.0.1:11434'));
  // A server listens on every address by this name; a client cannot call it by it everywhere.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (!hasScheme && !/:\d+(\/|$)/.test(written)) url.port = String(defaultPort);
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
