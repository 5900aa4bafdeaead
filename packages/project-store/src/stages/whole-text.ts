/**
 * Splits off the first half of a surrogate pair whose second half is still to come: written separately, each half would
 * become a replacement character.
 */
export function cutWhole(text: string): readonly [whole: string, rest: string] {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? [text.slice(0, -1), text.slice(-1)] : [text, ''];
}
