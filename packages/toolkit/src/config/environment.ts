import type { Layer } from './layer.js';
import type { Environment } from './paths.js';

/** The setting that each environment variable provides. */
export const variables: readonly (readonly [name: string, setting: string])[] = [
  ['AI_TOOLKIT_PROVIDER', 'provider'],
  ['AI_TOOLKIT_MODEL', 'model'],
  ['OPENAI_API_KEY', 'openai.apiKey'],
  ['OPENAI_BASE_URL', 'openai.baseUrl'],
  ['OPENAI_ORG_ID', 'openai.organization'],
  ['OPENAI_PROJECT_ID', 'openai.project'],
  ['ANTHROPIC_API_KEY', 'anthropic.apiKey'],
  ['ANTHROPIC_AUTH_TOKEN', 'anthropic.authToken'],
  ['ANTHROPIC_BASE_URL', 'anthropic.baseUrl'],
  ['AZURE_OPENAI_ENDPOINT', 'azure.endpoint'],
  ['AZURE_OPENAI_API_KEY', 'azure.apiKey'],
  ['AZURE_OPENAI_DEPLOYMENT', 'azure.deployment'],
  ['OPENAI_API_VERSION', 'azure.apiVersion'],
  ['OLLAMA_HOST', 'ollama.baseUrl'],
  ['REDIS_URL', 'redis.url'],
  ['PROJECTS_DATABASE_URL', 'projects.url'],
  ['AI_TOOLKIT_ADMIN_KEY', 'server.adminKey'],
  ['AI_TOOLKIT_HOST', 'server.host'],
  ['AI_TOOLKIT_PORT', 'server.port'],
  ['AI_TOOLKIT_WORKERS', 'server.workers'],
  ['AI_TOOLKIT_LOG_LEVEL', 'log.level'],
];

const numbers: ReadonlySet<string> = new Set(['server.port', 'server.workers']);

/** The settings given by the environment. Empty variables are ignored. */
export function environmentLayer(environment: Environment): Layer {
  const layer: Record<string, unknown> = {};
  for (const [name, setting] of variables) {
    const text = readVariable(environment, name);
    // Invalid numbers stay text, so that the schema's error shows what was written.
    if (text !== undefined) put(layer, setting, numbers.has(setting) ? numberOf(text) : text);
  }
  return layer;
}

/** The trimmed text of a variable; undefined if it is empty. */
export function readVariable(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

/** Converts a text to a number if it is one; the schema rejects any other text. */
export function numberOf(text: string): number | string {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Sets a value at `section.key` or `key`. */
function put(layer: Record<string, unknown>, setting: string, value: unknown): void {
  const [section = '', key] = setting.split('.');
  if (key === undefined) layer[section] = value;
  else layer[section] = { ...(layer[section] as Layer | undefined), [key]: value };
}
