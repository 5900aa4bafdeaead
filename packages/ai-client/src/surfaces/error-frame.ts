const blankLine = /(?:\r\n\r\n|\n\n|\r\r)$/;
/** Longest of them, bytes. */
const blankLineBytes = 4;

/**
 * The bytes of a last frame behind those that were `sent`. A provider may have closed its stream right behind an event, without the
 * blank line that ends it: then that line comes first, or the two would be read as one event.
 */
export function frameBehind(sent: Uint8Array | undefined, frame: string): Uint8Array {
  const isOpen =
    sent !== undefined &&
    sent.length > 0 &&
    !blankLine.test(Buffer.from(sent.subarray(-blankLineBytes)).toString('latin1'));
  return Buffer.from(isOpen ? `\n\n${frame}` : frame);
}
