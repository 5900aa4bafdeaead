import type { ModelRoute, Provider } from '@ai-toolkit/ai-client';
import type { Paths } from './config/paths.js';
import type { Config } from './config/schema.js';
import { ConfigError } from './errors.js';
import type { ChosenProvider } from './providers/choose.js';
import type { OfferedModel } from './providers/models.js';

export interface ModelChoiceOptions {
  readonly config: Config;
  readonly paths: Pick<Paths, 'state'>;
  readonly providers: () => Promise<readonly ChosenProvider[]>;
  /** Contact no provider. */
  readonly offline: boolean;
}

export interface ModelListOptions {
  /** Tolerate failing providers: the list then fails only if all of them do and there are no aliases. Default: false. */
  readonly partial?: boolean;
}

/** The available models, and the one for calls that name none. */
export interface ModelChoice {
  /**
   * The route aliases and the models of all providers, or the models of the named one. Fails with `CONFIG_NO_PROVIDER`
   * if it is not configured, and as `listModels` does.
   */
  offered(provider?: string, options?: ModelListOptions): Promise<readonly OfferedModel[]>;
  /** Fails with `CONFIG_NO_MODEL`. */
  default(): Promise<string>;
  /** The default, if it is known without asking a provider. */
  known(): Promise<string | undefined>;
}

export function createModelChoice({ config, paths, providers, offline }: ModelChoiceOptions): ModelChoice {
  async function modelsOf(provider: Provider): Promise<readonly OfferedModel[]> {
    return (await import('./providers/models.js')).listModels(provider);
  }

  /** Appends the providers' models to `known`, which are available in any case. */
  async function offeredBy(
    asked: readonly Provider[],
    isPartial: boolean,
    known: readonly OfferedModel[] = [],
  ): Promise<OfferedModel[]> {
    if (!isPartial) return [...known, ...(await Promise.all(asked.map(modelsOf))).flat()];
    const lists = await Promise.allSettled(asked.map(modelsOf));
    const failed = lists.filter((list) => list.status === 'rejected');
    const isNothing = known.length === 0 && failed.length === lists.length;
    if (isNothing && failed[0] !== undefined) throw failed[0].reason;
    return [...known, ...lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []))];
  }

  return {
    async offered(name, { partial = false } = {}) {
      const inUse = await providers();
      const chosen = inUse.map(({ provider }) => provider);
      if (name === undefined) {
        const { routesOf } = await import('./providers/routes-of.js');
        return offeredBy(chosen, partial, aliasesOf(routesOf(config.routes, inUse), chosen));
      }
      const asked = chosen.filter((provider) => provider.name === name);
      if (asked.length === 0) throw noProvider(name, chosen);
      return offeredBy(asked, partial);
    },

    async default() {
      if (config.model !== undefined) return config.model;
      const [first] = await providers();
      if (first === undefined) throw noModel('No provider is configured.');
      if (first.defaultModel !== undefined) return first.defaultModel;
      const { rememberModel } = await import('./providers/remembered-models.js');
      const list = async (): Promise<string | undefined> => (await modelsOf(first.provider))[0]?.id;
      const model = await rememberModel(paths.state, first.place, offline, list);
      if (model !== undefined) return model;
      const why = offline ? ' while offline' : '';
      throw noModel(`${first.provider.name} at ${first.place} lists no model${why}.`);
    },

    async known() {
      const [first] = await providers();
      if (config.model !== undefined || first === undefined) return config.model;
      if (first.defaultModel !== undefined) return first.defaultModel;
      const { rememberModel } = await import('./providers/remembered-models.js');
      return rememberModel(paths.state, first.place, false, async () => undefined);
    },
  };
}

/** Route names that callers can use as model names, with the provider of the route's first target. */
function aliasesOf(routes: readonly ModelRoute[], chosen: readonly Provider[]): OfferedModel[] {
  return routes.flatMap(({ model, targets: [first] }) => {
    if (model.endsWith('*')) return [];
    const asked = first?.model ?? model;
    const claimant =
      chosen.find(({ accepts }) => accepts?.(asked)) ?? chosen.find(({ accepts }) => accepts === undefined);
    return [{ id: model, provider: first?.provider ?? claimant?.name ?? 'none' }];
  });
}

function noProvider(name: string, chosen: readonly Provider[]): ConfigError {
  return new ConfigError('CONFIG_NO_PROVIDER', `No provider ${JSON.stringify(name)} is configured.`, {
    hint: `There is ${chosen.map((provider) => provider.name).join(', ')}. Set up another: ai-toolkit config`,
  });
}

function noModel(message: string): ConfigError {
  return new ConfigError('CONFIG_NO_MODEL', message, {
    hint: 'Name one with --model, or set "model" in the configuration.',
  });
}
