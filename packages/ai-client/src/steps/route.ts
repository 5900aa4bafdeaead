import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import type { JsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';

/** Where a request goes. */
export interface Route {
  readonly provider: Provider;
  /** The model as the caller names it. */
  readonly model: string;
}

/** Finds the provider for the model that the body names. */
export function route(request: ExchangeRequest, body: JsonObject, providers: readonly Provider[]): Route {
  const { model } = body;
  if (typeof model !== 'string' || model === '') {
    throw new AiError('AI_REQUEST_INVALID', 'The request names no model.', {
      hint: 'Set "model" to the name of a model, such as "gpt-4o-mini".',
    });
  }
  const provider = request.provider ?? claimant(model, providers);
  if (provider === undefined) {
    throw new AiError('AI_NO_PROVIDER', `No provider is configured for the model ${JSON.stringify(model)}.`, {
      hint: 'Set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY, or ask for a model of a configured provider.',
    });
  }
  return { provider, model };
}

function claimant(model: string, providers: readonly Provider[]): Provider | undefined {
  return (
    providers.find(({ accepts }) => accepts?.(model)) ??
    providers.find(({ accepts }) => accepts === undefined)
  );
}
