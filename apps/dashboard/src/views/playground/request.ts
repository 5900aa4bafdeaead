import type { Surface } from '../../api/models.js';

/** How the response cache is used, sent as `Cache-Control`. */
export type CacheMode = 'use' | 'refresh' | 'no-store' | 'only-if-cached';

/** The request in the form. Numbers are strings, as typed. */
export interface PlaygroundRequest {
  readonly surface: Surface;
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly maxTokens: string;
  readonly temperature: string;
  /** Further members of the body, JSON. */
  readonly more: string;
  readonly isStreamed: boolean;
  readonly cache: CacheMode;
}

export const firstRequest: PlaygroundRequest = {
  surface: 'chat',
  model: '',
  system: '',
  user: 'What is a cache good for? Answer in two sentences.',
  maxTokens: '',
  temperature: '',
  more: '',
  isStreamed: true,
  cache: 'use',
};

type Body = Readonly<Record<string, unknown>>;

/** OpenAI's reasoning models, which refuse `max_tokens` in favour of `max_completion_tokens`. Other servers know only the older name. */
const wantsCompletionTokens = /^(?:openai\/)?(?:o\d|gpt-(?:[5-9]|\d\d))/;
/** Anthropic's API requires a limit. */
const defaultMaxTokens = 1024;

/** The body in the format of its surface. Throws a `SyntaxError` or `TypeError` if the further members are not a JSON object. */
export function bodyOf(request: PlaygroundRequest): Body {
  const { surface, model, system, user, isStreamed } = request;
  const maxTokens = numberOf(request.maxTokens);
  const temperature = numberOf(request.temperature);
  const common = { ...(temperature === undefined ? {} : { temperature }), ...moreOf(request.more) };
  const streamed = isStreamed ? { stream: true } : {};
  switch (surface) {
    case 'chat': {
      const limit = wantsCompletionTokens.test(model) ? 'max_completion_tokens' : 'max_tokens';
      return {
        model,
        messages: [
          ...(system === '' ? [] : [{ role: 'system', content: system }]),
          { role: 'user', content: user },
        ],
        ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
        ...(isStreamed ? { stream: true, stream_options: { include_usage: true } } : {}),
        ...common,
      };
    }
    case 'responses':
      return {
        model,
        ...(system === '' ? {} : { instructions: system }),
        input: user,
        ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
        ...streamed,
        ...common,
      };
    case 'messages':
      return {
        model,
        max_tokens: maxTokens ?? defaultMaxTokens,
        ...(system === '' ? {} : { system }),
        messages: [{ role: 'user', content: user }],
        ...streamed,
        ...common,
      };
  }
}

/** Headers other than those of the key. */
export function headersOf({ surface, cache }: PlaygroundRequest): Readonly<Record<string, string>> {
  return {
    ...(surface === 'messages' ? { 'anthropic-version': '2023-06-01' } : {}),
    ...(cache === 'use' ? {} : { 'cache-control': cache === 'refresh' ? 'no-cache' : cache }),
  };
}

/** What is wrong with the further members; null if nothing is. */
export function moreProblem(more: string): string | null {
  try {
    moreOf(more);
    return null;
  } catch {
    return 'This is not a JSON object.';
  }
}

function moreOf(more: string): Body {
  if (more.trim() === '') return {};
  const members: unknown = JSON.parse(more);
  if (typeof members !== 'object' || members === null || Array.isArray(members))
    throw new TypeError(`more must be a JSON object, received ${more.slice(0, 40)}`);
  return members as Body;
}

function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}
