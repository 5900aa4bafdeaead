import { show } from '../check.js';
import type { Surface } from '../surface.js';
import { checkedBaseUrl, checkedKey } from './base-url.js';
import type { Provider } from './provider.js';

export interface OllamaProviderOptions {
  /** As `OLLAMA_HOST`: `127.0.0.1`, `host:port`, `:port` or a URL. Default `http://127.0.0.1:11434`. */
  readonly host?: string;
  /** For a server that requires one, such as Ollama's cloud. Local servers do not. */
  readonly apiKey?: string;
  /** Whether it answers for this model. Default: for all models that no other provider claims. */
  readonly accepts?: (model: string) => boolean;
  /** The supported surfaces. Default: all, as in Ollama 0.14 and later; before 0.13.3, it supported only `chat` and `embeddings`. */
  readonly surfaces?: readonly Surface[];
  /** Short name, for keys, records and metrics. Default `ollama`. */
  readonly name?: string;
}

const defaultPort = 11_434;

/** Creates a provider for Ollama, by its OpenAI-compatible paths. */
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
 * The Ollama server configured by the environment: `OLLAMA_HOST`, and `OLLAMA_API_KEY` if it requires a key. `undefined` without a host:
 * whether a local one is running can only be found out by a request.
 */
export function ollamaFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Provider | undefined {
  const host = environment.OLLAMA_HOST?.trim() || undefined;
  const apiKey = environment.OLLAMA_API_KEY?.trim() || undefined;
  if (host === undefined) return undefined;
  return ollamaProvider({ host, ...(apiKey === undefined ? {} : { apiKey }) });
}

/** Parses the forms that Ollama itself accepts. The default port is the scheme's for a URL, and otherwise Ollama's. */
function hostUrl(text: string): string {
  const trimmed = text.trim();
  const hasScheme = trimmed.includes('://');
  const written = hasScheme
    ? trimmed
    : `http://${trimmed.startsWith(':') || trimmed === '' ? `127.0.0.1${trimmed}` : trimmed}`;
  const url = new URL(checkedBaseUrl('OLLAMA_HOST', written, 'http://127.0.0.1:11434'));
  // The wildcard addresses are for listening; connecting to them does not work everywhere.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (!hasScheme && !/:\d+(\/|$)/.test(written)) url.port = String(defaultPort);
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
