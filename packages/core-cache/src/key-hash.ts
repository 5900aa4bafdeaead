const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * A 32-bit hash of a namespace and a key: FNV-1a over UTF-16 code units. Signed, because V8 would box an unsigned one; never 0, which
 * stands for no key.
 */
export function keyHash(namespace: string, key: string): number {
  let state = FNV_OFFSET;
  for (let at = 0; at < namespace.length; at++)
    state = Math.imul(state ^ namespace.charCodeAt(at), FNV_PRIME);
  state = Math.imul(state ^ 0x1ffff, FNV_PRIME);
  for (let at = 0; at < key.length; at++) state = Math.imul(state ^ key.charCodeAt(at), FNV_PRIME);
  // The low bits pick a place in a table, so the high bits are mixed into them.
  return state ^ (state >>> 15) || 1;
}
