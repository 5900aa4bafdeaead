import type { Surface } from '../../api/models.js';

/** What an event, or a whole body, contributes to an answer. */
export interface AnswerPart {
  readonly text?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** US dollars. */
  readonly costUsd?: number;
  /** A failure after the response head. */
  readonly problem?: string;
}

/** Reads the data of a stream event. Unknown events contribute nothing. */
export function readEvent(surface: Surface, data: string): AnswerPart {
  if (data === '[DONE]') return {};
  const event = parsed(data);
  const problem = textAt(event, 'error', 'message');
  if (problem !== undefined) return { problem };
  switch (surface) {
    case 'chat':
      return part({
        text:
          textAt(event, 'choices', 0, 'delta', 'content') ?? textAt(event, 'choices', 0, 'delta', 'refusal'),
        inputTokens: numberAt(event, 'usage', 'prompt_tokens'),
        outputTokens: numberAt(event, 'usage', 'completion_tokens'),
        costUsd: numberAt(event, 'x_ai_toolkit', 'cost_usd'),
      });
    case 'responses':
      return readResponsesEvent(event);
    case 'messages':
      return part({
        text: textAt(event, 'delta', 'text'),
        inputTokens: numberAt(event, 'message', 'usage', 'input_tokens'),
        outputTokens: numberAt(event, 'usage', 'output_tokens'),
      });
  }
}

function readResponsesEvent(event: unknown): AnswerPart {
  const type = textAt(event, 'type');
  if (type === 'response.output_text.delta' || type === 'response.refusal.delta')
    return part({ text: textAt(event, 'delta') });
  if (type === 'error') return { problem: textAt(event, 'message') ?? 'The answer failed.' };
  if (type === 'response.failed')
    return { problem: textAt(event, 'response', 'error', 'message') ?? 'The answer failed.' };
  return usageOfResponse(at(event, ['response']));
}

/** Reads the body of a non-streamed answer. */
export function readBody(surface: Surface, body: string): AnswerPart {
  const answer = parsed(body);
  switch (surface) {
    case 'chat':
      return part({
        text:
          textAt(answer, 'choices', 0, 'message', 'content') ??
          textAt(answer, 'choices', 0, 'message', 'refusal'),
        inputTokens: numberAt(answer, 'usage', 'prompt_tokens'),
        outputTokens: numberAt(answer, 'usage', 'completion_tokens'),
      });
    case 'responses': {
      const pieces = listAt(answer, 'output').flatMap((item) => listAt(item, 'content'));
      return { text: joined(pieces), ...usageOfResponse(answer) };
    }
    case 'messages':
      return part({
        text: joined(listAt(answer, 'content')),
        inputTokens: numberAt(answer, 'usage', 'input_tokens'),
        outputTokens: numberAt(answer, 'usage', 'output_tokens'),
      });
  }
}

function usageOfResponse(response: unknown): AnswerPart {
  return part({
    inputTokens: numberAt(response, 'usage', 'input_tokens'),
    outputTokens: numberAt(response, 'usage', 'output_tokens'),
  });
}

type Loose = { readonly [Key in keyof AnswerPart]?: AnswerPart[Key] | undefined };

function part(members: Loose): AnswerPart {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function joined(pieces: readonly unknown[]): string {
  return pieces.map((piece) => textAt(piece, 'text') ?? '').join('');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Path = readonly (string | number)[];

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[name];
  }
  return found;
}

function textAt(value: unknown, ...path: Path): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}

function numberAt(value: unknown, ...path: Path): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}
