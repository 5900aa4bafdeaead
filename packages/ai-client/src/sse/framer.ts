import { BoundaryScanner } from './boundaries.js';

/**
 * Regroups a byte stream so that every group holds whole events only. A reader of groups never sees half an event,
 * whichever way the network cut them; bytes are passed on as they came.
 */
export class SseFramer {
  private readonly scanner: BoundaryScanner = new BoundaryScanner();
  private held: Uint8Array[] = [];
  private heldBytes = 0;

  /** Takes the next bytes of the stream; returns the events that are now whole, or `undefined` when there are none. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const end = this.scanner.scan(chunk).at(-1);
    if (end === undefined) {
      this.hold(chunk);
      return undefined;
    }
    const head = end === chunk.length ? chunk : chunk.subarray(0, end);
    const group = this.held.length === 0 ? head : Buffer.concat([...this.held, head]);
    this.held = [];
    this.heldBytes = 0;
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
    this.held.push(bytes);
    this.heldBytes += bytes.length;
  }
}
