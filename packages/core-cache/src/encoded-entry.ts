import type { StoreEntry } from './store.js';

type Facts = Omit<StoreEntry<Uint8Array>, 'payload' | 'size'>;

/** An entry whose payload is the pieces that a codec made: a writer that takes them one by one avoids the copy that joins them. */
export class EncodedEntry implements StoreEntry<Uint8Array> {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
  readonly codec: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  readonly negative: boolean;
  readonly tags: readonly string[];
  #joined: Uint8Array | undefined;

  constructor(pieces: readonly Uint8Array[], facts: Facts) {
    this.pieces = pieces;
    this.size = byteLengthOf(pieces);
    this.codec = facts.codec;
    this.createdAt = facts.createdAt;
    this.expiresAt = facts.expiresAt;
    this.retainUntil = facts.retainUntil;
    this.negative = facts.negative;
    this.tags = facts.tags;
  }

  get payload(): Uint8Array {
    this.#joined ??= this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
    return this.#joined as Uint8Array;
  }
}

export function byteLengthOf(pieces: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const piece of pieces) bytes += piece.byteLength;
  return bytes;
}

/** The payload of any entry, in as many pieces as it has. */
export function piecesOf(entry: StoreEntry<Uint8Array>): readonly Uint8Array[] {
  return entry instanceof EncodedEntry ? entry.pieces : [entry.payload];
}
