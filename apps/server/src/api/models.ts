import { AiError } from '@ai-toolkit/ai-client';
import { allowsModel } from '@ai-toolkit/gateway-keys';
import type { OfferedModel } from '@ai-toolkit/toolkit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { speaksAnthropic } from '../gateway/paths.js';
import type { ApiOptions } from './create-api.js';
import { answerOf, describe, listOfObjects, objectOf } from './describe.js';
import { recently } from './recently.js';

type ModelOptions = Pick<ApiOptions, 'toolkit' | 'callerOf'>;

/** How long the providers' model lists are reused, ms: some clients ask for them with every page they show. */
const knownMs = 10_000;

/** `/v1/models` in the format of OpenAI, or of Anthropic for its clients. */
export function modelRoutes(app: FastifyInstance, { toolkit, callerOf }: ModelOptions): void {
  const known = recently(() => toolkit.models(undefined, { partial: true }), knownMs);
  const about = "In the form of Anthropic's API when `anthropic-version` is sent, else of OpenAI's.";

  app.get(
    '/v1/models',
    {
      schema: describe('models', 'Models that the caller may use', {
        description: about,
        answer: answerOf({ data: listOfObjects }),
      }),
    },
    async (request) => {
      const models = await modelsFor(request);
      if (!speaksAnthropic(request.raw)) return { object: 'list', data: models.map(openaiModel) };
      const data = models.map(anthropicModel);
      return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    },
  );

  app.get<{ Params: { model: string } }>(
    '/v1/models/:model',
    {
      schema: describe('models', 'One model', {
        description: `${about} The name may hold slashes.`,
        params: objectOf({ model: { type: 'string' } }, ['model']),
      }),
    },
    async (request) => one(request, request.params.model),
  );
  app.get<{ Params: { '*': string } }>('/v1/models/*', { schema: { hide: true } }, async (request) =>
    one(request, request.params['*']),
  );

  async function one(request: FastifyRequest, id: string): Promise<Record<string, unknown>> {
    const model = (await modelsFor(request)).find((offered) => offered.id === id);
    if (model === undefined) {
      throw new AiError('AI_NO_PROVIDER', `There is no model ${JSON.stringify(id.slice(0, 200))} for you.`, {
        hint: 'See GET /v1/models for those that there are.',
      });
    }
    return speaksAnthropic(request.raw) ? anthropicModel(model) : openaiModel(model);
  }

  /** The models that the caller's key allows. */
  async function modelsFor({ raw }: FastifyRequest): Promise<readonly OfferedModel[]> {
    const key = callerOf(raw);
    const models = new Map<string, OfferedModel>();
    // If several providers offer a model, calls go to the first.
    for (const model of await known()) if (!models.has(model.id)) models.set(model.id, model);
    const offered = [...models.values()];
    return key === undefined ? offered : offered.filter(({ id }) => allowsModel(key.models, id));
  }
}

function openaiModel({ id, provider }: OfferedModel) {
  return { id, object: 'model', created: 0, owned_by: provider };
}

/** Like Anthropic's API, reports the epoch for an unknown release date. */
function anthropicModel({ id }: OfferedModel) {
  return { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' };
}
