/**
 * The text of a stored answer of any surface, for people to read. Null if it has none, as in an answer that only calls
 * tools.
 */
export function answerText(answer: string, shape: 'stream' | 'body'): string | null {
  const parts = shape === 'stream' ? eventsOf(answer).map(textOfEvent) : [textOfBody(parsed(answer))];
  const text = parts.join('');
  return text === '' ? null : text;
}

/** The data of each event that is JSON; others are end markers or keep-alives. */
function eventsOf(stream: string): readonly unknown[] {
  return stream
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => parsed(line.slice(5)))
    .filter((data) => data !== undefined);
}

function textOfEvent(data: unknown): string {
  const { choices, delta, type } = members(data);
  // Chat completions.
  if (Array.isArray(choices)) return textOf(members(members(choices[0]).delta).content);
  // Responses: the events after the deltas repeat them.
  if (typeof delta === 'string') return type === 'response.output_text.delta' ? delta : '';
  // Messages.
  return textOf(members(delta).text);
}

function textOfBody(body: unknown): string {
  const { choices, content, output } = members(body);
  if (Array.isArray(choices))
    return choices.map((choice) => textOf(members(members(choice).message).content)).join('\n\n');
  if (Array.isArray(content)) return textsOf(content);
  if (Array.isArray(output)) return output.map((item) => textsOf(members(item).content)).join('');
  return '';
}

function textsOf(blocks: unknown): string {
  return Array.isArray(blocks) ? blocks.map((block) => textOf(members(block).text)).join('') : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
