import { numberOf, readVariable, variables } from './environment.js';
import { isSection, type Layer, leavesOf, valueAt, withValueAt } from './layer.js';
import type { Environment } from './paths.js';

/** How to convert the value of an older setting. */
type Conversion = 'text' | 'number' | 'flag' | 'seconds' | 'mebibytes';

/** A name used by other tools and older versions, and the equivalent setting. */
export interface OlderName {
  readonly name: string;
  readonly setting: string;
  readonly as: Conversion;
}

function older(name: string, setting: string, as: Conversion = 'text'): OlderName {
  return { name, setting, as };
}

/** Environment variables. Names that are too common, such as PORT, are left out. */
export const olderVariables: readonly OlderName[] = [
  older('OPENAI_MODEL', 'model'),
  older('DEFAULT_MODEL', 'model'),
  older('DEFAULT_PROVIDER', 'provider'),
  older('MAX_TOKENS', 'maxTokens', 'number'),
  older('OPENAI_MAX_TOKENS', 'maxTokens', 'number'),
  older('TEMPERATURE', 'temperature', 'number'),
  older('OPENAI_TEMPERATURE', 'temperature', 'number'),
  older('OPENAI_API_BASE', 'openai.baseUrl'),
  older('CLAUDE_API_KEY', 'anthropic.apiKey'),
  older('AZURE_OPENAI_KEY', 'azure.apiKey'),
  older('AZURE_OPENAI_API_VERSION', 'azure.apiVersion'),
  older('OLLAMA_BASE_URL', 'ollama.baseUrl'),
  older('CACHE_ENABLED', 'cache.enabled', 'flag'),
  older('CACHE_TTL', 'cache.ttlMs', 'seconds'),
  older('CACHE_TTL_SECONDS', 'cache.ttlMs', 'seconds'),
  older('REQUESTS_PER_MINUTE', 'limits.requestsPerMinute', 'number'),
  older('RATE_LIMIT_RPM', 'limits.requestsPerMinute', 'number'),
  older('TOKENS_PER_MINUTE', 'limits.tokensPerMinute', 'number'),
  older('RATE_LIMIT_TPM', 'limits.tokensPerMinute', 'number'),
  older('MAX_CONCURRENT_REQUESTS', 'limits.maxConcurrent', 'number'),
  older('PROJECTS_DIR', 'projects.folder'),
];

/** Keys of TOML files, in camelCase; files may also use snake_case. */
export const olderKeys: readonly OlderName[] = [
  older('defaultModel', 'model'),
  older('defaultProvider', 'provider'),
  older('openaiApiKey', 'openai.apiKey'),
  older('anthropicApiKey', 'anthropic.apiKey'),
  older('projectsDir', 'projects.folder'),
  older('cacheEnabled', 'cache.enabled', 'flag'),
  older('cacheTtl', 'cache.ttlMs', 'seconds'),
  older('openai.model', 'model'),
  older('openai.defaultModel', 'model'),
  older('openai.maxTokens', 'maxTokens', 'number'),
  older('openai.temperature', 'temperature', 'number'),
  older('openai.apiBase', 'openai.baseUrl'),
  older('ollama.host', 'ollama.baseUrl'),
  older('cache.ttl', 'cache.ttlMs', 'seconds'),
  older('cache.ttlSeconds', 'cache.ttlMs', 'seconds'),
  older('cache.maxSizeMb', 'cache.diskBytes', 'mebibytes'),
  older('limits.rpm', 'limits.requestsPerMinute', 'number'),
  older('limits.tpm', 'limits.tokensPerMinute', 'number'),
  older('rateLimit.requestsPerMinute', 'limits.requestsPerMinute', 'number'),
  older('rateLimit.tokensPerMinute', 'limits.tokensPerMinute', 'number'),
  older('rateLimit.maxConcurrent', 'limits.maxConcurrent', 'number'),
  older('rateLimits.requestsPerMinute', 'limits.requestsPerMinute', 'number'),
  older('rateLimits.tokensPerMinute', 'limits.tokensPerMinute', 'number'),
  older('rateLimits.maxConcurrent', 'limits.maxConcurrent', 'number'),
  older('projects.dir', 'projects.folder'),
  older('projects.directory', 'projects.folder'),
  older('projects.path', 'projects.folder'),
];

/** A value found under an older name. */
export interface Renaming {
  /** The name as written: a variable, or a path in a file. */
  readonly from: readonly string[];
  /** The equivalent setting. */
  readonly to: readonly string[];
  readonly value: unknown;
  /** The newer name is also set and takes precedence. */
  readonly isIgnored: boolean;
}

/** A layer with its older names replaced, and the replacements. */
export interface Modernized {
  readonly layer: Layer;
  readonly renamings: readonly Renaming[];
}

/** Reads older environment variables whose newer names are not set. */
export function modernizeEnvironment(environment: Environment, layer: Layer): Modernized {
  const found = olderVariables.flatMap(({ name, setting, as }) => {
    const text = readVariable(environment, name);
    return text === undefined ? [] : [{ from: [name], to: setting.split('.'), value: convert(text, as) }];
  });
  return apply(layer, found);
}

/** The variable that provides a setting, by its current or an older name, for error messages. */
export function variableOf(setting: string, environment: Environment): string | undefined {
  const older = olderVariables.map(({ name, setting: path }) => [name, path] as const);
  return [...variables, ...older].find(
    ([name, path]) => path === setting && readVariable(environment, name) !== undefined,
  )?.[0];
}

/** Reads older keys of a file. */
export async function modernizeFile(layer: Layer): Promise<Modernized> {
  const leaves = leavesOf(layer).filter(([path]) => isOlder(path));
  if (leaves.length === 0) return { layer, renamings: [] };
  const { settingAt } = await import('./settings.js');
  const found = leaves.flatMap(([from, value]) => {
    const names = from.map(camelCase);
    const known = olderKeys.find(({ name }) => name === names.join('.'));
    if (known !== undefined) return [{ from, to: known.setting.split('.'), value: convert(value, known.as) }];
    return settingAt(names) === undefined ? [] : [{ from, to: names, value }];
  });
  const without = found.reduce<Layer>((rest, { from }) => withValueAt(rest, from, undefined), layer);
  return apply(without, found);
}

/** A name in snake_case or in `olderKeys`. Names of prices and profiles are the user's own. */
function isOlder(path: readonly string[]): boolean {
  if (path[0] === 'prices' || path[0] === 'profiles') return false;
  const names = path.map(camelCase).join('.');
  return path.some((name) => name.includes('_')) || olderKeys.some(({ name }) => name === names);
}

function apply(layer: Layer, found: readonly Omit<Renaming, 'isIgnored'>[]): Modernized {
  let result = layer;
  const renamings = found.map((renaming) => {
    const isIgnored = valueAt(result, renaming.to) !== undefined || isSection(valueAt(layer, renaming.to));
    if (!isIgnored) result = withValueAt(result, renaming.to, renaming.value);
    return { ...renaming, isIgnored };
  });
  return { layer: result, renamings };
}

function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Invalid values are left as they are; the schema rejects them under their newer name. */
function convert(value: unknown, as: Conversion): unknown {
  const read = typeof value === 'string' && as !== 'text' && as !== 'flag' ? numberOf(value) : value;
  if (as === 'seconds') return typeof read === 'number' ? read * 1000 : read;
  if (as === 'mebibytes') return typeof read === 'number' ? Math.round(read * 1024 * 1024) : read;
  return as === 'flag' ? flagOf(read) : read;
}

function flagOf(value: unknown): unknown {
  const text = String(value).toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : value;
}
