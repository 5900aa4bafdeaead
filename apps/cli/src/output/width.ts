/** Combining marks and other characters of zero width. */
const narrow = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian wide characters and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

/** The number of terminal columns a text occupies. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7E]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
