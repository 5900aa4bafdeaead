/** How every text of the simulator begins, so that nobody mistakes it for a model's. */
export const NOTICE: string = 'Simulated answer';

export const DOCUMENT_OPENING: string = `> **${NOTICE}.** Written by llm-simulator without a language model: it follows the wording of the prompt and knows nothing.`;
export const DOCUMENT_CLOSING: string = '_End of the simulated answer._';

/**
 * The instructions in a prompt without what it quotes: earlier simulated documents, tagged blocks and fenced code, whose headings are not
 * what this prompt asks for.
 */
export function withoutQuotations(text: string): string {
  let rest = text;
  for (let start = rest.indexOf(DOCUMENT_OPENING); start !== -1; start = rest.indexOf(DOCUMENT_OPENING)) {
    const end = rest.indexOf(DOCUMENT_CLOSING, start);
    rest = rest.slice(0, start) + (end === -1 ? '' : rest.slice(end + DOCUMENT_CLOSING.length));
  }
  return withoutFences(withoutTags(rest));
}

/** Removes `<tag …> … </tag>` blocks whose tags are on lines of their own. Linear, unlike a regular expression with a back-reference. */
function withoutTags(text: string): string {
  if (!text.includes('</')) return text;
  const kept: string[] = [];
  const lines = text.split('\n');
  const closings = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const name = /^\s*<\/([\w-]+)>\s*$/.exec(line)?.[1];
    if (name !== undefined) closings.set(name, index);
  }
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const name = /^\s*<([\w-]+)(?:\s[^>]*)?>\s*$/.exec(line)?.[1];
    const last = name === undefined ? undefined : closings.get(name);
    if (last === undefined || last <= index) {
      kept.push(line);
      continue;
    }
    while (index < last && !new RegExp(`^\\s*</${name}>\\s*$`).test(lines[index] ?? '')) index += 1;
  }
  return kept.join('\n');
}

/** Removes fenced blocks. A fence that is never closed is only a mention of one, and stays. */
function withoutFences(text: string): string {
  if (!text.includes('```')) return text;
  const lines = text.split('\n');
  const kept: string[] = [];
  const lastClosing = lines.findLastIndex((line) => line.trim() === '```');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (!line.trimStart().startsWith('```') || index >= lastClosing) {
      kept.push(line);
      continue;
    }
    for (index += 1; lines[index]?.trim() !== '```'; index += 1);
  }
  return kept.join('\n');
}
