/** Control characters but tabs and ends of lines. */
const controls = /[^\P{Cc}\t\n]/gu;
const escapeCharacter = '\u001b';
const mark = new RegExp(`(${escapeCharacter}\\[[\\d;]*m)`, 'u');

/**
 * A text from elsewhere, such as a model's, as a terminal may show it: what would move the cursor, name the window or fill the clipboard
 * is seen, and does nothing.
 */
export function harmless(text: string): string {
  return text.replace(controls, picture);
}

/** The same for a text with marks of our own, which stay. */
export function harmlessBetweenMarks(text: string): string {
  return text
    .split(mark)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join('');
}

function picture(control: string): string {
  // Of the end of a line, as Windows writes it.
  if (control === '\r') return '';
  const code = control.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
}
