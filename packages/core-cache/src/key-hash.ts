const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * 32 bits that stand for a key of a namespace: FNV-1a over UTF-16 code units. Signed, since V8 keeps no others in place; never 0, which
 * stands for no key.
 */
export function keyHash(namespace: string, key: string): number {
  let state = FNV_OFFSET;
  for (let at = 0; at < namespace.length; at++)
    state = Math.imul(state ^ namespace.charCodeAt(at), FNV_PRIME);
  state = Math.imul(state ^ 0x1ffff, FNV_PRIME);
  for (let at = 0; at < key.length; at++) state = Math.imul(state ^ key.charCodeAt(at), FNV_PRIME);
  // The low bits, which name a place in a table, are mixed with the high ones.
  return state ^ (state >>> 15) || 1;
}
