const LF = 10;
const CR = 13;

/**
 * Finds the ends of events in a byte stream that is cut anywhere. An event ends with a blank line; a line ends with
 * LF, CRLF or CR (WHATWG HTML, "Parsing an event stream"). Bytes are never decoded, so a cut inside a multi-byte
 * character is harmless.
 */
export class BoundaryScanner {
  private lineIsEmpty = true;
  private eventHasLines = false;
  private lastWasCarriageReturn = false;

  /** Offsets in `bytes` just behind each event that ends there, ascending. State is kept for the next call. */
  scan(bytes: Uint8Array): number[] {
    const plain = !this.lastWasCarriageReturn && bytes.indexOf(CR) < 0;
    return plain ? this.scanPlain(bytes) : this.scanAny(bytes);
  }

  /** Lines that end with LF alone, as nearly every server sends them: from line to line at the speed of `memchr`. */
  private scanPlain(bytes: Uint8Array): number[] {
    const ends: number[] = [];
    let lineStart = 0;
    let at = bytes.indexOf(LF);
    while (at >= 0) {
      if (at > lineStart) this.eventHasLines = true;
      else if (this.lineIsEmpty && this.eventHasLines) {
        ends.push(at + 1);
        this.eventHasLines = false;
      }
      this.lineIsEmpty = true;
      lineStart = at + 1;
      // The blank line that ends an event need not be looked for.
      if (lineStart === bytes.length) break;
      at = bytes[lineStart] === LF ? lineStart : bytes.indexOf(LF, lineStart);
    }
    if (lineStart < bytes.length) {
      this.lineIsEmpty = false;
      this.eventHasLines = true;
    }
    return ends;
  }

  private scanAny(bytes: Uint8Array): number[] {
    const ends: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) {
        this.lineIsEmpty = false;
        this.eventHasLines = true;
        this.lastWasCarriageReturn = false;
        continue;
      }
      if (byte === LF && this.lastWasCarriageReturn) {
        // Second half of a CRLF: its line has ended already, and so may have its event.
        this.lastWasCarriageReturn = false;
        if (ends.at(-1) === at) ends[ends.length - 1] = at + 1;
        continue;
      }
      this.lastWasCarriageReturn = byte === CR;
      if (this.lineIsEmpty && this.eventHasLines) {
        ends.push(at + 1);
        this.eventHasLines = false;
      }
      this.lineIsEmpty = true;
    }
    return ends;
  }
}
