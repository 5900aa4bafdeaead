import { AiError } from '../errors.js';
import type { ExchangeHead } from '../exchange.js';
import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';

const hints: Readonly<Record<number, string>> = {
  400: 'Change the request as the message says.',
  401: "Check the provider's API key, and where it comes from; `ai-toolkit diagnose` of the command line tells.",
  403: 'Ask the owner of the account for access to this model.',
  404: 'Check the name of the model and the base URL.',
  413: 'Send a shorter prompt.',
  429: 'Wait, lower the rate of calls, or raise the quota of the account.',
};

/** Converts a provider's error response to an `AiError` with its status and message. */
export function providerError({ status, provider }: ExchangeHead, body: Uint8Array): AiError {
  const said = reasonIn(Buffer.from(body).toString()) ?? 'It gave no reason.';
  return new AiError('AI_PROVIDER', `${provider} answered ${status}: ${said}`, {
    hint: hints[status] ?? 'Try again later; the provider has a problem of its own.',
    status,
    retryable: status === 429 || status >= 500,
  });
}

function reasonIn(text: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return plainReason(text);
  }
  // Gemini sends its error in an array.
  const [body] = Array.isArray(json) ? jsonObjects(json as JsonValue) : [json as JsonValue];
  return isJsonObject(body) ? wordsOf(body) : undefined;
}

const longestReason = 200;

/** A response that is not JSON comes from a proxy in between: a line of text, or a page whose title gives the reason. */
function plainReason(text: string): string | undefined {
  const isPage = /^\s*<(?:!doctype|html)/i.test(text);
  const said = isPage ? /<title[^>]*>([^<]*)</i.exec(text)?.[1] : text;
  const line = said?.trim().replace(/\s+/g, ' ') ?? '';
  if (line === '') return undefined;
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}

/** The message in an error body, in OpenAI's form or that of other servers (`message` of vLLM, `detail` of FastAPI). */
export function wordsOf(body: JsonObject | undefined): string | undefined {
  const { error, message, detail } = body ?? {};
  const said = isJsonObject(error) ? error.message : (error ?? message ?? detail);
  if (typeof said === 'string' && said !== '') return said;
  const problems = jsonObjects(said).flatMap(({ msg }) => (typeof msg === 'string' ? [msg] : []));
  return problems.length === 0 ? undefined : problems.join('; ');
}
