import type { ClosableAiClient } from '@ai-toolkit/ai-client';
import type { PlannerOptions } from '@ai-toolkit/planner';
import type { PriceTable } from '@ai-toolkit/usage';

/**
 * How a planner predicts and prices calls. Client and prices are loaded with the first forecast or call, so that a
 * status waits for neither. `knownModel` gives the model of a call that names none, if it is known without asking a
 * provider.
 */
export function plannerCosts(
  client: () => Promise<ClosableAiClient>,
  prices: () => Promise<PriceTable>,
  knownModel: () => Promise<string | undefined>,
): Required<Pick<PlannerOptions, 'client' | 'estimateCost' | 'forecast'>> {
  let table: PriceTable | undefined;

  async function ready(): Promise<ClosableAiClient> {
    const [made, loaded] = await Promise.all([client(), prices()]);
    table = loaded;
    return made;
  }

  return {
    client: {
      async *generateStreaming(prompt, options) {
        yield* (await ready()).generateStreaming(prompt, options);
      },
    },

    async forecast(prompt, options) {
      const named = options.model ?? (await knownModel());
      // Only the provider could tell the model, and a plan contacts none.
      if (named === undefined) return undefined;
      const { stored, scope, model, alternatives } = await (await ready()).explain(prompt, {
        ...options,
        model: named,
      });
      return {
        cache: stored?.status === 'hit' ? 'hit' : 'miss',
        upstreams: [{ provider: scope.provider, model }, ...alternatives],
      };
    },

    estimateCost({ provider, model }, usage) {
      const price = table?.price(provider, model, usage);
      return price?.known === true ? price.usd : undefined;
    },
  };
}
