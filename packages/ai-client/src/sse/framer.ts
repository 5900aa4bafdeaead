import { asBuffer } from '../as-buffer.js';
import { BoundaryScanner } from './boundaries.js';

const LF = 10;
const CR = 13;

/**
 * Regroups a byte stream so that every group holds whole events only. A reader of groups never sees half an event,
 * whichever way the network cut them; bytes are passed on as they came.
 */
export class SseFramer {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  /** Whether what is held is more than line feeds. */
  private holdsText = false;
  private endsWithLineFeed = false;
  /** Absent as long as lines end with LF alone, as nearly every server sends them. */
  private scanner: BoundaryScanner | undefined;

  /** Takes the next bytes of the stream; returns the events that are now whole, or `undefined` when there are none. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    if (this.scanner === undefined && chunk.includes(CR)) this.startScanner();
    const end = this.scanner === undefined ? this.plainEnd(chunk) : this.scanner.scan(chunk).at(-1);
    if (end === undefined) {
      this.hold(chunk);
      return undefined;
    }
    const head = end === chunk.length ? chunk : chunk.subarray(0, end);
    const group = this.held.length === 0 ? head : Buffer.concat([...this.held, head]);
    this.held = [];
    this.heldBytes = 0;
    this.holdsText = false;
    this.endsWithLineFeed = false;
    if (end < chunk.length) this.hold(chunk.subarray(end));
    return group;
  }

  /** Bytes of the event that is not whole yet. */
  get pendingBytes(): number {
    return this.heldBytes;
  }

  /** What is left when the stream has ended: an event without its closing blank line, or nothing. */
  rest(): Uint8Array | undefined {
    return this.held.length === 0 ? undefined : Buffer.concat(this.held);
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    this.holdsText ||= bytes.some((byte) => byte !== LF);
    this.endsWithLineFeed = bytes.at(-1) === LF;
  }

  private startScanner(): void {
    this.scanner = new BoundaryScanner();
    for (const bytes of this.held) this.scanner.scan(bytes);
  }

  /** The offset behind the last event that ends in `bytes`: behind the first blank line after the last text before one. */
  private plainEnd(bytes: Uint8Array): number | undefined {
    const { length } = bytes;
    // As nearly every chunk ends.
    if (length > 2 && bytes[length - 1] === LF && bytes[length - 2] === LF && bytes[length - 3] !== LF)
      return length;
    let at = asBuffer(bytes).lastIndexOf('\n\n');
    while (at > 0 && bytes[at - 1] === LF) at--;
    if (at > 0) return at + 2;
    // No text comes before a blank line in here: it may end the event that is held.
    if (!this.holdsText || bytes[0] !== LF) return undefined;
    if (this.endsWithLineFeed) return 1;
    return at === 0 ? 2 : undefined;
  }
}
