import type { Entry, EntryMetadata } from '../entry.js';
import type { Mutable } from '../mutable.js';
import { packEvents } from './pack-events.js';
import { unpackEvents } from './unpack-events.js';

/** A streamed answer in few bytes: in memory as on disk, so many more of them find room. Its events are made anew each time they are read. */
export class PackedEntry implements Entry {
  readonly metadata: EntryMetadata;
  readonly packed: Uint8Array;
  /** Length of the events, bytes. */
  readonly length: number;
  readonly request?: Uint8Array;

  constructor(packed: Uint8Array, length: number, { metadata, request }: Omit<Entry, 'bytes'>) {
    this.metadata = metadata;
    this.packed = packed;
    this.length = length;
    if (request !== undefined) (this as Mutable<PackedEntry>).request = request;
  }

  /** Not to be read twice: what is asked for often is kept by `StoredForms`. */
  get bytes(): Uint8Array {
    return unpackEvents(this.packed, this.length);
  }
}

/** The entry packed, where that makes it shorter; else itself. */
export function packed(entry: Entry): Entry {
  if (entry instanceof PackedEntry || entry.metadata.shape !== 'stream') return entry;
  const bytes = packEvents(entry.bytes);
  return bytes === undefined ? entry : new PackedEntry(bytes, entry.bytes.length, entry);
}

/** How long the answer is, bytes. */
export function lengthOf(entry: Entry): number {
  return entry instanceof PackedEntry ? entry.length : entry.bytes.length;
}
