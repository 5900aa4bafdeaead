import type { CallRecord, Surface } from '@ai-toolkit/ai-client';
import type { Attributes } from '@opentelemetry/api';

/** Names of the GenAI semantic conventions (https://opentelemetry.io/docs/specs/semconv/gen-ai/), and our own beside them. */

const operations: Readonly<Record<Surface, string>> = {
  chat: 'chat',
  responses: 'chat',
  messages: 'chat',
  embeddings: 'embeddings',
};

/** Providers that the conventions call by another name. */
const providers: Readonly<Record<string, string>> = { azure: 'azure.ai.openai' };

export function operationOf({ surface }: Pick<CallRecord, 'surface'>): string {
  return operations[surface];
}

/** The attributes of every metric and span of a call. `model` is the name as it may appear in a metric. */
export function commonAttributes(call: CallRecord, model: string): Attributes {
  return {
    'gen_ai.operation.name': operationOf(call),
    'gen_ai.provider.name': providers[call.provider] ?? call.provider,
    'gen_ai.request.model': model,
    'ai_toolkit.cache.outcome': call.cache,
    ...(call.status === 'ok' ? {} : { 'error.type': errorTypeOf(call) }),
  };
}

/** Everything that a span reports about a call: nothing of what was said in it. */
export function spanAttributes(call: CallRecord): Attributes {
  const { usage, labels, similarity } = call;
  return {
    ...commonAttributes(call, call.model),
    'ai_toolkit.request.id': call.requestId,
    'ai_toolkit.surface': call.surface,
    'ai_toolkit.tenant': call.tenant,
    'ai_toolkit.attempts': call.attempts,
    'ai_toolkit.streamed': call.streamed,
    ...(labels?.key === undefined ? {} : { 'ai_toolkit.key.id': labels.key }),
    ...(similarity === undefined ? {} : { 'ai_toolkit.cache.similarity': similarity }),
    ...(call.httpStatus === undefined ? {} : { 'http.response.status_code': call.httpStatus }),
    ...(usage === undefined
      ? {}
      : {
          'gen_ai.usage.input_tokens': usage.inputTokens,
          'gen_ai.usage.output_tokens': usage.outputTokens,
          ...(usage.cachedInputTokens === undefined
            ? {}
            : { 'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens }),
        }),
  };
}

function errorTypeOf({ status, errorCode, httpStatus }: CallRecord): string {
  if (status === 'aborted') return 'aborted';
  return errorCode ?? (httpStatus === undefined ? '_OTHER' : String(httpStatus));
}
