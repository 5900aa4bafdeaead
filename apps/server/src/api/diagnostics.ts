import { AiError, type Miss, type NearestSearch } from '@ai-toolkit/ai-client';
import { reportEffectiveness, summariseMisses, type Toolkit } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import type { Overview } from '../overview.js';
import { answerOf, describe, listOfObjects, objectOf } from './describe.js';

/** Maximum number of misses listed individually. */
const maxTold = 200;

/** Why one call asked the provider. */
interface ExplainedCall {
  readonly requestId: string;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  /** What was found when it missed; absent if that is too long ago, or was not examined. */
  readonly miss?: Miss;
  /** How it differs from the request stored nearest to it now; absent if its own answer is gone. */
  readonly nearest?: NearestSearch;
}

/** `/api/diagnostics` and `/explain` of a call: checks of every part, what each layer saves, and why calls miss. */
export function diagnosticsRoutes(app: FastifyInstance, toolkit: Toolkit, overview: Overview): void {
  app.get(
    '/api/diagnostics',
    {
      schema: describe('operations', 'Looks at every part', {
        description:
          'Asks each provider for its models. Each check is ok, a warning or a failure with a remedy.',
        answer: answerOf({ checks: listOfObjects }),
      }),
    },
    async () => ({ checks: await toolkit.diagnose() }),
  );

  app.get(
    '/api/diagnostics/effectiveness',
    {
      schema: describe('operations', 'What each layer saves, and what to do about the rest', {
        description:
          'Counted since the server began, all workers together. `advice`: what the figures say, with the settings by name.',
        answer: answerOf({ layers: listOfObjects, tiers: listOfObjects, advice: listOfObjects }),
      }),
    },
    async () => reportEffectiveness(await overview.effectiveness(), toolkit.config),
  );

  app.get(
    '/api/diagnostics/misses',
    {
      schema: describe('operations', 'Why recent calls missed', {
        description:
          'Classes of differences with the fields that differ, and the latest misses. Holds no word of any request.',
        answer: answerOf({ classes: listOfObjects, misses: listOfObjects }),
      }),
    },
    async () => {
      const { misses } = await overview.effectiveness();
      return { ...summariseMisses(misses), misses: misses.misses.slice(0, maxTold) };
    },
  );

  app.get<{ Params: { requestId: string } }>(
    '/api/usage/calls/:requestId/explain',
    {
      schema: describe('operations', 'Why a call asked the provider', {
        description:
          '`miss`: what was found out at the time. `nearest`: in which fields its request differs from the nearest stored one, with the words that differ where requests are kept.',
        params: objectOf({ requestId: { type: 'string', maxLength: 200 } }, ['requestId']),
      }),
    },
    ({ params: { requestId } }) => explainCall(toolkit, overview, requestId),
  );
}

async function explainCall(toolkit: Toolkit, overview: Overview, requestId: string): Promise<ExplainedCall> {
  const { misses } = await overview.effectiveness();
  const miss = misses.misses.find((known) => known.requestId === requestId);
  const key = miss?.key ?? (await keyOf(toolkit, overview, requestId));
  if (miss === undefined && key === undefined) throw unknownCall(requestId);
  const nearest = key === undefined ? undefined : await nearestTo(toolkit, key, miss?.nearest);
  return {
    requestId,
    ...(key === undefined ? {} : { key }),
    ...(miss === undefined ? {} : { miss }),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

async function nearestTo(
  toolkit: Toolkit,
  key: string,
  known: string | undefined,
): Promise<NearestSearch | undefined> {
  const pipeline = await toolkit.pipeline();
  try {
    return await pipeline.explainStored(key, known === undefined ? [] : [known]);
  } catch (error) {
    // The answer was not stored, or is gone; the findings from the time of the miss must do.
    if (AiError.isInstance(error) && error.code === 'AI_NOT_CACHED') return undefined;
    throw error;
  }
}

async function keyOf(toolkit: Toolkit, overview: Overview, requestId: string): Promise<string | undefined> {
  const [ledger] = await Promise.all([toolkit.ledger(), overview.flush()]);
  return (await ledger.call(requestId))?.key ?? undefined;
}

function unknownCall(requestId: string): AiError {
  return new AiError('AI_NOT_CACHED', `Nothing is known of a call ${requestId.slice(0, 80)}.`, {
    hint: 'See GET /api/usage/calls for those that there are.',
    status: 404,
  });
}
