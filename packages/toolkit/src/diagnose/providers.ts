import { AiError } from '@ai-toolkit/ai-client';
import type { ChosenProvider } from '../providers/choose.js';
import { listModels } from '../providers/models.js';
import { simulatorName } from '../providers/simulator.js';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok, warning } from './diagnosis.js';

/** Whether each provider can be reached and takes the key: asks for its list of models, which costs nothing. */
export async function diagnoseProviders(toolkit: Toolkit): Promise<Diagnosis[]> {
  return Promise.all((await toolkit.providers()).map(check));
}

async function check({ provider, place, reason }: ChosenProvider): Promise<Diagnosis> {
  const name = `provider ${provider.name}`;
  if (provider.name === simulatorName) {
    const remedy =
      'Set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY, or start Ollama, to have real answers.';
    return warning(name, `Answers are simulated, because ${reason}.`, remedy);
  }
  try {
    const models = await listModels(provider);
    return ok(name, `${place} lists ${models.length} models; chosen because ${reason}.`);
  } catch (error) {
    if (!AiError.isInstance(error)) throw error;
    return failure(name, error.message, error.hint);
  }
}
