import type { Entry, EntryMetadata } from '../entry.js';
import type { Mutable } from '../mutable.js';
import { packEvents } from './pack-events.js';
import { unpackEvents } from './unpack-events.js';

/** A streamed answer in packed form, in memory as well as on disk, so that many more fit. Each read of `bytes` unpacks it anew. */
export class PackedEntry implements Entry {
  readonly metadata: EntryMetadata;
  readonly packed: Uint8Array;
  /** Length of the unpacked events, bytes. */
  readonly length: number;
  readonly request?: Uint8Array;

  constructor(packed: Uint8Array, length: number, { metadata, request }: Omit<Entry, 'bytes'>) {
    this.metadata = metadata;
    this.packed = packed;
    this.length = length;
    if (request !== undefined) (this as Mutable<PackedEntry>).request = request;
  }

  /** Expensive: callers cache the result, as `StoredForms` does for popular answers. */
  get bytes(): Uint8Array {
    return unpackEvents(this.packed, this.length);
  }
}

/** Packs an entry if that makes it shorter; otherwise returns it unchanged. */
export function packed(entry: Entry): Entry {
  if (entry instanceof PackedEntry || entry.metadata.shape !== 'stream') return entry;
  const bytes = packEvents(entry.bytes);
  return bytes === undefined ? entry : new PackedEntry(bytes, entry.bytes.length, entry);
}

/** Length of the answer, bytes. */
export function lengthOf(entry: Entry): number {
  return entry instanceof PackedEntry ? entry.length : entry.bytes.length;
}
