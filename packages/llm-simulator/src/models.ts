import { RequestRefusal } from './api-error.js';
import { type Endpoint, plainWork } from './endpoint.js';
import { dialectOf } from './http/headers.js';
import { CHAT } from './openai/chat.js';

/** Creation date of every listed model: fixed, so that lists can be compared. */
const CREATED_AT = '2025-01-01T00:00:00Z';

/** `GET /v1/models`, in Anthropic's shape for clients that send `anthropic-version`. */
export function createModelsEndpoint(models: readonly string[]): Endpoint {
  return {
    name: 'models',
    method: 'GET',
    dialect: dialectOf,
    errorFrame: CHAT.errorFrame,
    read: (_, { headers }) => ({
      model: undefined,
      stream: false,
      userText: '',
      start: () =>
        plainWork(
          dialectOf(headers) === 'anthropic'
            ? anthropicList(models)
            : { object: 'list', data: models.map(openaiModel) },
        ),
    }),
  };
}

/** `GET /v1/models/{id}`. */
export function createModelEndpoint(models: readonly string[], id: string): Endpoint {
  return {
    name: 'models.retrieve',
    method: 'GET',
    dialect: dialectOf,
    errorFrame: CHAT.errorFrame,
    read(_, { headers }) {
      const anthropic = dialectOf(headers) === 'anthropic';
      if (!models.includes(id))
        throw new RequestRefusal(
          anthropic
            ? { status: 404, message: `model: ${id}` }
            : {
                status: 404,
                message: `The model '${id}' does not exist`,
                param: 'model',
                code: 'model_not_found',
              },
        );
      return {
        model: undefined,
        stream: false,
        userText: '',
        start: () => plainWork(anthropic ? anthropicModel(id) : openaiModel(id)),
      };
    },
  };
}

function openaiModel(id: string): Record<string, unknown> {
  return { id, object: 'model', created: Date.parse(CREATED_AT) / 1_000, owned_by: 'llm-simulator' };
}

function anthropicModel(id: string): Record<string, unknown> {
  return { type: 'model', id, display_name: id, created_at: CREATED_AT };
}

function anthropicList(models: readonly string[]): Record<string, unknown> {
  return {
    data: models.map(anthropicModel),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}
