import type { Provider } from '@ai-toolkit/ai-client';
import type { Paths } from './config/paths.js';
import type { Config } from './config/schema.js';
import { ConfigError } from './errors.js';
import type { ChosenProvider } from './providers/choose.js';
import type { OfferedModel } from './providers/models.js';

export interface ModelChoiceOptions {
  readonly config: Config;
  readonly paths: Pick<Paths, 'state'>;
  readonly providers: () => Promise<readonly ChosenProvider[]>;
  /** No provider is asked. */
  readonly offline: boolean;
}

/** Which models there are, and which one answers a call that names none. */
export interface ModelChoice {
  /** What the providers offer, or the one of that name. Fails with `CONFIG_NO_PROVIDER` when it is not configured. */
  offered(provider?: string): Promise<readonly OfferedModel[]>;
  /** Fails with `CONFIG_NO_MODEL`. */
  default(): Promise<string>;
  /** The default, if nobody has to be asked for it. */
  known(): Promise<string | undefined>;
}

export function createModelChoice({ config, paths, providers, offline }: ModelChoiceOptions): ModelChoice {
  async function modelsOf(provider: Provider): Promise<readonly OfferedModel[]> {
    return (await import('./providers/models.js')).listModels(provider);
  }

  return {
    async offered(name) {
      const chosen = (await providers()).map(({ provider }) => provider);
      const asked = name === undefined ? chosen : chosen.filter((provider) => provider.name === name);
      if (name !== undefined && asked.length === 0) throw noProvider(name, chosen);
      return (await Promise.all(asked.map(modelsOf))).flat();
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
