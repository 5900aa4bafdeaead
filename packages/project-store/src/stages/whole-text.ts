/**
 * Cuts off half of a surrogate pair at the end of a text, the other half of which is still to come: written apart, each
 * would become a replacement character.
 */
export function cutWhole(text: string): readonly [whole: string, rest: string] {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? [text.slice(0, -1), text.slice(-1)] : [text, ''];
}
