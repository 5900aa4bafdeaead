import {
  anthropicProvider,
  azureProvider,
  ollamaProvider,
  openaiProvider,
  type Provider,
} from '@ai-toolkit/ai-client';
import type { Config } from '../config/schema.js';
import { ConfigError } from '../errors.js';
import { ollamaAnswers } from './ollama.js';
import { type SimulatorHandle, simulatorModel, simulatorName } from './simulator.js';

/** A provider in use, and why it was chosen. */
export interface ChosenProvider {
  readonly provider: Provider;
  /** Its address, for people. */
  readonly place: string;
  /** Why it was chosen, to follow `because`: `OPENAI_API_KEY is set`. */
  readonly reason: string;
  /** Model for calls that name none; absent for the first one it lists. */
  readonly defaultModel?: string;
}

const openaiUrl = 'https://api.openai.com/v1';
const anthropicUrl = 'https://api.anthropic.com';

/**
 * Chooses the providers: the configured one; with `auto`, those with a key or base URL, else a local Ollama (probed
 * unless `mayProbe` is false), else the simulator. The first one gets models that none claims.
 */
export async function chooseProviders(
  config: Config,
  simulator: SimulatorHandle,
  mayProbe = true,
): Promise<readonly ChosenProvider[]> {
  switch (config.provider) {
    case 'openai':
      return [openai(config, 'the configuration says so')];
    case 'anthropic':
      return [anthropic(config, 'the configuration says so')];
    case 'azure':
      return [azure(config, config.azure.endpoint ?? missingEndpoint(), 'the configuration says so')];
    case 'ollama':
      return [ollama(config, 'the configuration says so')];
    case 'simulator':
      return [simulated(simulator, 'the configuration says so')];
    case 'auto':
      return chooseBySetting(config) ?? (await chooseByProbe(config, simulator, mayProbe));
  }
}

type Access = Partial<Record<'apiKey' | 'authToken' | 'baseUrl', string | undefined>>;

function chooseBySetting(config: Config): readonly ChosenProvider[] | undefined {
  const reasonFor = ({ apiKey, authToken, baseUrl }: Access, name: string): string | undefined => {
    if (apiKey !== undefined) return `${name}_API_KEY is set`;
    if (authToken !== undefined) return `${name}_AUTH_TOKEN is set`;
    return baseUrl === undefined ? undefined : `${name}_BASE_URL is set`;
  };
  const openaiReason = reasonFor(config.openai, 'OPENAI');
  const anthropicReason = reasonFor(config.anthropic, 'ANTHROPIC');
  const chosen = [
    ...(openaiReason === undefined ? [] : [openai(config, openaiReason)]),
    ...(anthropicReason === undefined ? [] : [anthropic(config, anthropicReason)]),
    ...(config.azure.endpoint === undefined
      ? []
      : [azure(config, config.azure.endpoint, 'AZURE_OPENAI_ENDPOINT is set')]),
  ];
  return chosen.length === 0 ? undefined : chosen;
}

async function chooseByProbe(
  config: Config,
  simulator: SimulatorHandle,
  mayProbe: boolean,
): Promise<readonly ChosenProvider[]> {
  const { baseUrl } = config.ollama;
  if (!mayProbe) return [simulated(simulator, 'no key is set, and nobody is asked')];
  if (await ollamaAnswers(ollamaProvider({ host: baseUrl })))
    return [ollama(config, `no key is set and Ollama answers at ${baseUrl}`)];
  return [simulated(simulator, `no key is set and no Ollama answers at ${baseUrl}`)];
}

function openai({ openai: settings }: Config, reason: string): ChosenProvider {
  const { apiKey, baseUrl, omitsFinishReason } = settings;
  const place = baseUrl ?? openaiUrl;
  const provider = openaiProvider(place, apiKey, undefined, settings);
  return {
    provider: { ...provider, ...(omitsFinishReason ? { omitsFinishReason } : {}) },
    place,
    reason,
    // We know the model names of OpenAI itself only.
    ...(provider.name === 'openai' ? { defaultModel: 'gpt-4o-mini' } : {}),
  };
}

function anthropic({ anthropic: { apiKey, authToken, baseUrl } }: Config, reason: string): ChosenProvider {
  const place = baseUrl ?? anthropicUrl;
  return {
    provider: anthropicProvider(place, apiKey, authToken),
    place,
    reason,
    ...(place === anthropicUrl ? { defaultModel: 'claude-haiku-4-5' } : {}),
  };
}

function azure({ azure: settings }: Config, endpoint: string, reason: string): ChosenProvider {
  const { apiKey, deployment, apiVersion } = settings;
  return {
    provider: azureProvider({
      endpoint,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(deployment === undefined ? {} : { deployment }),
      // The version applies only to paths with a deployment.
      ...(apiVersion === undefined || deployment === undefined ? {} : { apiVersion }),
    }),
    place: endpoint,
    reason,
    ...(deployment === undefined ? {} : { defaultModel: deployment }),
  };
}

function missingEndpoint(): never {
  throw new ConfigError('CONFIG_INVALID', 'The provider is "azure", and azure.endpoint is not set.', {
    hint: 'Set AZURE_OPENAI_ENDPOINT to the URL of the resource.',
  });
}

function ollama({ ollama: { baseUrl } }: Config, reason: string): ChosenProvider {
  return {
    provider: ollamaProvider({ host: baseUrl }),
    place: baseUrl,
    reason,
  };
}

function simulated(simulator: SimulatorHandle, reason: string): ChosenProvider {
  return {
    // Each process starts its own simulator on its own port, but the answers are the same, so the cache keys must be, too.
    provider: { name: simulatorName, identity: 'built-in', baseUrl: simulator.start },
    place: 'built into this process',
    reason,
    defaultModel: simulatorModel,
  };
}
