const OBJECT_BYTES = 32;
const SLOT_BYTES = 16;
const NUMBER_BYTES = 8;
/** Past this many nodes the rest is extrapolated, so that sizing never costs more than storing. */
const MAX_NODES = 10_000;

function primitiveSize(value: unknown): number {
  if (typeof value === 'string') return OBJECT_BYTES + value.length;
  return NUMBER_BYTES;
}

function pushChildren(value: object, pending: unknown[]): number {
  if (Array.isArray(value)) {
    for (const item of value) pending.push(item);
    return OBJECT_BYTES + value.length * SLOT_BYTES;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) pending.push(key, item);
    return OBJECT_BYTES + value.size * SLOT_BYTES * 2;
  }
  if (value instanceof Set) {
    for (const item of value) pending.push(item);
    return OBJECT_BYTES + value.size * SLOT_BYTES;
  }
  let size = OBJECT_BYTES;
  for (const key of Object.keys(value)) {
    size += SLOT_BYTES + key.length;
    pending.push((value as Record<string, unknown>)[key]);
  }
  return size;
}

/** A cheap estimate, in bytes, of what a value occupies on the heap. Cycles are counted once. */
export function estimateSize(root: unknown): number {
  if (typeof root !== 'object' || root === null) return primitiveSize(root);
  const pending: unknown[] = [root];
  const seen = new Set<object>();
  let size = 0;
  let nodes = 0;
  while (pending.length > 0 && nodes < MAX_NODES) {
    const value = pending.pop();
    nodes += 1;
    if (typeof value !== 'object' || value === null) {
      size += primitiveSize(value);
    } else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      size += OBJECT_BYTES + value.byteLength;
    } else if (!seen.has(value)) {
      seen.add(value);
      size += pushChildren(value, pending);
    }
  }
  return pending.length === 0 ? size : Math.round(size * (1 + pending.length / nodes));
}
