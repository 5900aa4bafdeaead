import type { ExchangeRequest } from '../exchange.js';
import type { Provider } from '../providers/provider.js';
import type { ReadRequest } from './read-request.js';

/** Longer ones are read anew each time: they would push out many others. Bytes. */
const longestBody = 32 * 1024;
/** Characters of the requests in one generation. Two are kept. */
const generationSize = 2 * 1024 * 1024;

/**
 * What requests that were found in the cache were read as, by the request word for word: the same bytes again need no parsing, no
 * canonical form and no hash. What is used stays; the rest is forgotten a generation at a time.
 */
export class RecentRequests {
  private young: Map<string, ReadRequest> = new Map();
  private old: Map<string, ReadRequest> = new Map();
  private youngSize = 0;
  private readonly providerIds: WeakMap<Provider, number> = new WeakMap();
  private providers = 0;

  /** What the same words were read as. */
  find(words: string | undefined): ReadRequest | undefined {
    if (words === undefined) return undefined;
    const known = this.young.get(words);
    if (known !== undefined) return known;
    const old = this.old.get(words);
    if (old !== undefined) this.keep(words, old);
    return old;
  }

  keep(words: string | undefined, read: ReadRequest): void {
    if (words === undefined || this.young.has(words)) return;
    this.young.set(words, read);
    this.youngSize += words.length;
    if (this.youngSize <= generationSize) return;
    this.old = this.young;
    this.young = new Map();
    this.youngSize = 0;
  }

  /**
   * Everything that reading a request depends on; `undefined` for one that is too long to be remembered. The body comes last, so
   * that nothing in it can imitate the rest.
   */
  wordsOf({ surface, body, headers, provider, tenant, cache }: ExchangeRequest): string | undefined {
    if (body.length > longestBody) return undefined;
    const { read = true, store = true, onlyIfCached = false, namespace, key, sample } = cache ?? {};
    const scope = [
      surface,
      tenant,
      this.idOf(provider),
      headers,
      read,
      store,
      onlyIfCached,
      namespace,
      key,
      sample,
    ];
    return `${JSON.stringify(scope)}\n${Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1')}`;
  }

  private idOf(provider: Provider | undefined): number {
    if (provider === undefined) return 0;
    const known = this.providerIds.get(provider);
    if (known !== undefined) return known;
    this.providers += 1;
    this.providerIds.set(provider, this.providers);
    return this.providers;
  }
}
