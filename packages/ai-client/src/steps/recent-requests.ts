import { crc32 } from 'node:zlib';
import type { ExchangeRequest } from '../exchange.js';
import { Generations } from '../generations.js';
import type { ReadRequest } from './read-request.js';

/** Longer bodies are not remembered: they would displace many others. Bytes. */
const longestBody = 32 * 1024;
/** Bytes of the requests in one generation. Two are kept. */
const generationSize = 2 * 1024 * 1024;

/**
 * The inputs of reading a request, copied, because the caller may change its objects and the memory of the body. Nothing else is retained,
 * in particular no signal.
 */
interface Words {
  readonly surface: ExchangeRequest['surface'];
  readonly body: Uint8Array;
  readonly headers: ExchangeRequest['headers'];
  readonly provider: ExchangeRequest['provider'];
  readonly tenant: ExchangeRequest['tenant'];
  readonly directives: Directives;
}

/** The directives that matter to reading a request. */
type Directives = ReturnType<typeof directivesOf>;

interface Recent {
  readonly words: Words;
  readonly read: ReadRequest;
}

/**
 * Remembers how recent requests that hit were parsed: a byte-identical request needs no parsing, canonical form or hash. Requests in use
 * stay; the rest are dropped a generation at a time. Looked up by checksum, which is cheap for new requests, and then compared in full; of
 * two with the same checksum, the later is kept.
 */
export class RecentRequests {
  private readonly recent: Generations<number, Recent> = new Generations(generationSize);

  /** The parsed form of an identical request. */
  find(request: ExchangeRequest): ReadRequest | undefined {
    if (request.body.length > longestBody) return undefined;
    const known = this.recent.get(crc32(request.body));
    return known !== undefined && isSame(known.words, request) ? known.read : undefined;
  }

  keep(request: ExchangeRequest, read: ReadRequest): void {
    const { surface, headers, provider, tenant, cache } = request;
    if (request.body.length > longestBody) return;
    const words = {
      surface,
      body: new Uint8Array(request.body),
      headers: headers && { ...headers },
      provider,
      tenant,
      directives: directivesOf(cache),
    };
    this.recent.set(crc32(words.body), { words, read }, words.body.length);
  }
}

function isSame(a: Words, b: ExchangeRequest): boolean {
  return (
    a.surface === b.surface &&
    a.provider === b.provider &&
    a.tenant === b.tenant &&
    areSame(a.directives, b.cache) &&
    haveSameMembers(a.headers, b.headers) &&
    Buffer.compare(a.body, b.body) === 0
  );
}

function directivesOf(cache: ExchangeRequest['cache']) {
  const { read = true, store = true, onlyIfCached = false, namespace, pool, key, sample } = cache ?? {};
  return { read, store, onlyIfCached, namespace, pool, key, sample };
}

function areSame(a: Directives, cache: ExchangeRequest['cache']): boolean {
  const b = directivesOf(cache);
  return (
    a.read === b.read &&
    a.store === b.store &&
    a.onlyIfCached === b.onlyIfCached &&
    a.namespace === b.namespace &&
    a.pool === b.pool &&
    a.key === b.key &&
    a.sample === b.sample
  );
}

function haveSameMembers(a: ExchangeRequest['headers'], b: ExchangeRequest['headers']): boolean {
  if (a === undefined || b === undefined) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
