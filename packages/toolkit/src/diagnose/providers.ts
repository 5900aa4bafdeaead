import { AiError, type Provider } from '@ai-toolkit/ai-client';
import type { ChosenProvider } from '../providers/choose.js';
import { listModels } from '../providers/models.js';
import { simulatorName } from '../providers/simulator.js';
import type { Toolkit } from '../toolkit.js';
import type { TimeSample } from './clock.js';
import { type Diagnosis, failure, ok, warning } from './diagnosis.js';

/** Results of the provider checks, with the time of each answer. */
export interface ProviderCheck {
  readonly diagnoses: readonly Diagnosis[];
  readonly samples: readonly TimeSample[];
}

/** Checks that each provider can be reached and accepts the key, by listing its models, which is free. */
export async function diagnoseProviders(toolkit: Toolkit): Promise<ProviderCheck> {
  const samples: TimeSample[] = [];
  const chosen = await toolkit.providers();
  const diagnoses = await Promise.all(chosen.map((one) => check(one, samples)));
  return { diagnoses, samples };
}

async function check({ provider, place, reason }: ChosenProvider, samples: TimeSample[]): Promise<Diagnosis> {
  const name = `provider ${provider.name}`;
  if (provider.name === simulatorName) {
    const remedy =
      'For real answers: ai-toolkit config, or set OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, or start Ollama.';
    return warning(name, `Answers are simulated, because ${reason}.`, remedy);
  }
  const onAnswer = ({ headers }: Response): void => {
    const at = Date.parse(headers.get('date') ?? '');
    if (!Number.isNaN(at)) samples.push({ provider: provider.name, aheadMs: Date.now() - at });
  };
  try {
    const models = await listModels(provider, onAnswer);
    return ok(name, `${place} lists ${models.length} models; chosen because ${reason}.`);
  } catch (error) {
    if (!AiError.isInstance(error)) throw error;
    return failure(name, error.message, remedyOf(error, provider));
  }
}

function remedyOf({ code, status, hint }: AiError, { name, headers }: Provider): string {
  const section = name.startsWith('openai') ? 'openai' : name.startsWith('azure') ? 'azure' : name;
  const variable =
    { openai: 'OPENAI_API_KEY', azure: 'AZURE_OPENAI_API_KEY' }[section] ?? 'ANTHROPIC_API_KEY';
  if ((status === 401 || status === 403) && section === 'anthropic' && headers?.['x-api-key'] === undefined)
    return 'Set the right token: ai-toolkit config set anthropic.authToken, or ANTHROPIC_AUTH_TOKEN, which wins; or a key: ai-toolkit config set anthropic.apiKey.';
  if (status === 401 || status === 403)
    return `Set the right key: ai-toolkit config set ${section}.apiKey, or ${variable}, which wins.`;
  if (code === 'AI_UNREACHABLE' && section !== 'simulator') {
    const setting = section === 'azure' ? 'azure.endpoint' : `${section}.baseUrl`;
    return `Start it or check the network; if the address is wrong: ai-toolkit config set ${setting} URL`;
  }
  return hint;
}
