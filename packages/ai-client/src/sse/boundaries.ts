const LF = 10;
const CR = 13;

/**
 * Finds the ends of events in a byte stream split anywhere. An event ends with a blank line; a line ends with LF, CRLF or CR (WHATWG HTML,
 * "Parsing an event stream"). Bytes are never decoded, so a split inside a multi-byte character is harmless.
 */
export class BoundaryScanner {
  private lineIsEmpty = true;
  private eventHasLines = false;
  private lastWasCarriageReturn = false;

  /** Offsets in `bytes` just after each event that ends there, ascending. Keeps its state between calls. */
  scan(bytes: Uint8Array): number[] {
    const plain = !this.lastWasCarriageReturn && bytes.indexOf(CR) < 0;
    return plain ? this.scanPlain(bytes) : this.scanAny(bytes);
  }

  /** For lines that end with LF only, as nearly every server sends them: searches at the speed of `memchr`. */
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
      // The chunk ends here: nothing left to search.
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
        // Second half of a CRLF: its line has already ended, and so may have its event.
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
