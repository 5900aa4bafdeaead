/** Control characters except tabs and line feeds. */
const controls = /[^\P{Cc}\t\n]/gu;
const escapeCharacter = '\u001b';
const mark = new RegExp(`(${escapeCharacter}\\[[\\d;]*m)`, 'u');

/**
 * Makes external text, such as a model's, safe for a terminal: sequences that would move the cursor, set the window
 * title or fill the clipboard become visible and have no effect.
 */
export function harmless(text: string): string {
  return text.replace(controls, picture);
}

/** The same for a text with our own style sequences, which are kept. */
export function harmlessBetweenMarks(text: string): string {
  return text
    .split(mark)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join('');
}

function picture(control: string): string {
  // The first half of a Windows line break.
  if (control === '\r') return '';
  const code = control.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
}
