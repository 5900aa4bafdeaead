import type { Environment } from './paths.js';

/** Where each variable of the environment belongs in the configuration. */
const variables: readonly (readonly [name: string, section: string, key: string])[] = [
  ['OPENAI_API_KEY', 'openai', 'apiKey'],
  ['OPENAI_BASE_URL', 'openai', 'baseUrl'],
  ['ANTHROPIC_API_KEY', 'anthropic', 'apiKey'],
  ['ANTHROPIC_BASE_URL', 'anthropic', 'baseUrl'],
  ['AZURE_OPENAI_ENDPOINT', 'azure', 'endpoint'],
  ['AZURE_OPENAI_API_KEY', 'azure', 'apiKey'],
  ['AZURE_OPENAI_DEPLOYMENT', 'azure', 'deployment'],
  ['OPENAI_API_VERSION', 'azure', 'apiVersion'],
  ['OLLAMA_HOST', 'ollama', 'baseUrl'],
  ['REDIS_URL', 'redis', 'url'],
  ['PROJECTS_DATABASE_URL', 'projects', 'url'],
  ['AI_TOOLKIT_ADMIN_KEY', 'server', 'adminKey'],
  ['AI_TOOLKIT_HOST', 'server', 'host'],
  ['AI_TOOLKIT_PORT', 'server', 'port'],
  ['AI_TOOLKIT_WORKERS', 'server', 'workers'],
  ['AI_TOOLKIT_LOG_LEVEL', 'log', 'level'],
];

type Section = Record<string, unknown>;

/** The part of a configuration that the environment gives. An empty variable is taken for none. */
export function environmentLayer(environment: Environment): Section {
  const layer: Record<string, Section> = {};
  for (const [name, section, key] of variables) {
    const text = environment[name]?.trim();
    if (text === undefined || text === '') continue;
    layer[section] ??= {};
    // What is no number stays as it is, so that the schema's error shows what was written.
    layer[section][key] = (key === 'port' || key === 'workers') && /^\d+$/.test(text) ? Number(text) : text;
  }
  return layer;
}

/** The variable that gives `section.key`, for errors. */
export function variableOf(path: string): string | undefined {
  return variables.find(([, section, key]) => `${section}.${key}` === path)?.[0];
}
