const blankLine = /(?:\r\n\r\n|\n\n|\r\r)$/;
/** Longest blank line, bytes. */
const blankLineBytes = 4;

/**
 * The bytes of a last frame to follow those already `sent`. A provider may have closed its stream right after an event, without the blank
 * line that ends it; the blank line is then added, or the two would be parsed as one event.
 */
export function frameBehind(sent: Uint8Array | undefined, frame: string): Uint8Array {
  const isOpen =
    sent !== undefined &&
    sent.length > 0 &&
    !blankLine.test(Buffer.from(sent.subarray(-blankLineBytes)).toString('latin1'));
  return Buffer.from(isOpen ? `\n\n${frame}` : frame);
}
