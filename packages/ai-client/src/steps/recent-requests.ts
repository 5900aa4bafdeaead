import { crc32 } from 'node:zlib';
import type { ExchangeRequest } from '../exchange.js';
import { Generations } from '../generations.js';
import type { ReadRequest } from './read-request.js';

/** Longer ones are read anew each time: they would push out many others. Bytes. */
const longestBody = 32 * 1024;
/** Bytes of the requests in one generation. Two are kept. */
const generationSize = 2 * 1024 * 1024;

/** What reading a request depends on: nothing else of it is kept, no signal for one. */
type Words = Pick<ExchangeRequest, 'surface' | 'body' | 'headers' | 'provider' | 'tenant' | 'cache'>;

interface Recent {
  readonly words: Words;
  readonly read: ReadRequest;
}

/**
 * What requests that were found in the cache were read as, by the request word for word: the same bytes again need no parsing, no
 * canonical form and no hash. What is used stays; the rest is forgotten a generation at a time.
 *
 * Found by a checksum, which costs a new request little, and then compared as a whole: of two with one checksum the later is kept.
 */
export class RecentRequests {
  private readonly recent: Generations<number, Recent> = new Generations(generationSize);

  /** What the same words were read as. */
  find(request: ExchangeRequest): ReadRequest | undefined {
    if (request.body.length > longestBody) return undefined;
    const known = this.recent.get(crc32(request.body));
    return known !== undefined && isSame(known.words, request) ? known.read : undefined;
  }

  keep(request: ExchangeRequest, read: ReadRequest): void {
    const { surface, headers, provider, tenant, cache } = request;
    if (request.body.length > longestBody) return;
    // The caller may use the memory of the body again.
    const words = { surface, headers, provider, tenant, cache, body: new Uint8Array(request.body) };
    this.recent.set(crc32(words.body), { words: words as Words, read }, words.body.length);
  }
}

function isSame(a: Words, b: Words): boolean {
  return (
    a.surface === b.surface &&
    a.provider === b.provider &&
    a.tenant === b.tenant &&
    isSameCache(a.cache, b.cache) &&
    haveSameMembers(a.headers, b.headers) &&
    Buffer.compare(a.body, b.body) === 0
  );
}

function isSameCache(a: ExchangeRequest['cache'], b: ExchangeRequest['cache']): boolean {
  return (
    a === b ||
    ((a?.read ?? true) === (b?.read ?? true) &&
      (a?.store ?? true) === (b?.store ?? true) &&
      (a?.onlyIfCached ?? false) === (b?.onlyIfCached ?? false) &&
      a?.namespace === b?.namespace &&
      a?.pool === b?.pool &&
      a?.key === b?.key &&
      a?.sample === b?.sample)
  );
}

function haveSameMembers(a: ExchangeRequest['headers'], b: ExchangeRequest['headers']): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
