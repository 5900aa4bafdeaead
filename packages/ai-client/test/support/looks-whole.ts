import type { Surface } from '../../src/index.js';

/** The result of `JSON.parse`: access to missing members throws, in which case the answer is not whole. */
type Loose = ReturnType<typeof JSON.parse>;

/**
 * Whether a text is a complete answer, judged independently of the code under test: valid JSON, without an error, with content, and
 * with a normal end.
 */
export function looksWhole(surface: Surface, streamed: boolean, text: string): boolean {
  try {
    return streamed ? isWholeStream[surface](dataOf(text)) : isWholeBody(surface, JSON.parse(text));
  } catch {
    return false;
  }
}

function dataOf(stream: string): string[] {
  return stream
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim());
}

const isWholeStream: Readonly<Record<Surface, (data: readonly string[]) => boolean>> = {
  chat: (data) => {
    const chunks = data.slice(0, -1).map((line) => JSON.parse(line));
    return (
      data.at(-1) === '[DONE]' &&
      chunks.every((chunk) => chunk.error === undefined) &&
      chunks.some((chunk) => chunk.choices[0]?.finish_reason === 'stop') &&
      chunks.some((chunk) => chunk.choices[0]?.delta.content)
    );
  },
  messages: (data) => {
    const events = data.map((line) => JSON.parse(line));
    return (
      events.at(-1)?.type === 'message_stop' &&
      events.every(({ type }) => type !== 'error') &&
      events.some(({ delta }) => delta?.stop_reason === 'end_turn') &&
      events.some(({ delta }) => delta?.text)
    );
  },
  responses: (data) => {
    const events = data.map((line) => JSON.parse(line));
    const last = events.at(-1);
    return (
      last?.type === 'response.completed' &&
      events.every(({ type }) => type !== 'error') &&
      isWholeBody('responses', last.response)
    );
  },
  embeddings: () => false,
};

function isWholeBody(surface: Surface, body: Loose): boolean {
  if (body.error) return false;
  switch (surface) {
    case 'chat':
      return body.choices[0].finish_reason === 'stop' && Boolean(body.choices[0].message.content);
    case 'messages':
      return body.stop_reason === 'end_turn' && Boolean(body.content[0].text);
    case 'responses':
      return body.status === 'completed' && Boolean(body.output.at(-1).content[0].text);
    case 'embeddings':
      return body.data[0].embedding.length > 0;
  }
}
