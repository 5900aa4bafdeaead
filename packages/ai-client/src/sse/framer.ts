import { asBuffer } from '../as-buffer.js';
import { BoundaryScanner } from './boundaries.js';

const LF = 10;
const CR = 13;

/** Regroups a byte stream so that every group has only whole events, however the network split them. The bytes are unchanged. */
export class SseFramer {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  /** Whether the held bytes include anything but line feeds. */
  private holdsText = false;
  private endsWithLineFeed = false;
  /** Absent as long as lines end with LF only, as nearly every server sends them. */
  private scanner: BoundaryScanner | undefined;

  /** Adds the next bytes of the stream; returns the events that are now complete, or `undefined` if there are none. */
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

  /** Bytes of the incomplete event. */
  get pendingBytes(): number {
    return this.heldBytes;
  }

  /** What is left at the end of the stream: an event without its closing blank line, or nothing. */
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

  /** The offset after the last event that ends in `bytes`: after the first blank line that follows its text. */
  private plainEnd(bytes: Uint8Array): number | undefined {
    const { length } = bytes;
    // Fast path: nearly every chunk ends this way.
    if (length > 2 && bytes[length - 1] === LF && bytes[length - 2] === LF && bytes[length - 3] !== LF)
      return length;
    let at = asBuffer(bytes).lastIndexOf('\n\n');
    while (at > 0 && bytes[at - 1] === LF) at--;
    if (at > 0) return at + 2;
    // No text precedes a blank line here, but one may end the held event.
    if (!this.holdsText || bytes[0] !== LF) return undefined;
    if (this.endsWithLineFeed) return 1;
    return at === 0 ? 2 : undefined;
  }
}
