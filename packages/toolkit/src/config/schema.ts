import type { TableRule } from './kind.js';
import {
  type CacheSection,
  cacheSection,
  type RedisSection,
  redisSection,
  type SemanticSection,
  semanticSection,
} from './sections/cache.js';
import { amount, choice, or, positiveInteger, table, text } from './sections/kinds.js';
import { type LimitsSection, limitsSection, type Price, pricesSection } from './sections/limits.js';
import { type LogSection, logSection } from './sections/log.js';
import { type ProjectsSection, projectsSection } from './sections/projects.js';
import {
  type AnthropicSection,
  type AzureSection,
  anthropicSection,
  azureSection,
  type OllamaSection,
  type OpenaiSection,
  ollamaSection,
  openaiSection,
} from './sections/providers.js';
import { type Route, routesSection } from './sections/routes.js';
import { type ServerSection, serverSection } from './sections/server.js';

/** A complete configuration; the schema documents each setting. */
export interface Config {
  readonly provider: 'auto' | 'openai' | 'anthropic' | 'azure' | 'ollama' | 'simulator';
  readonly model?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly openai: OpenaiSection;
  readonly anthropic: AnthropicSection;
  readonly azure: AzureSection;
  readonly ollama: OllamaSection;
  readonly routes: readonly Route[];
  readonly cache: CacheSection;
  readonly semantic: SemanticSection;
  readonly redis: RedisSection;
  readonly limits: LimitsSection;
  readonly prices: Readonly<Record<string, Price>>;
  readonly server: ServerSection;
  readonly log: LogSection;
  readonly projects: ProjectsSection;
}

/** A configuration in which every setting is optional. */
export type ConfigInput = {
  readonly [Section in keyof Config]?: Config[Section] extends readonly unknown[]
    ? Config[Section]
    : Config[Section] extends object
      ? Partial<Config[Section]>
      : Config[Section];
};

/** The single definition of the configuration: validation, defaults and documentation derive from it. */
export const configSchema: TableRule = table<Config>({
  provider: or(
    choice(
      'Who answers. auto: whatever keys and base URLs are set for, else a local Ollama, else the built-in simulator.',
      ['auto', 'openai', 'anthropic', 'azure', 'ollama', 'simulator'],
    ),
    'auto',
  ),
  model: text("Model for calls that name none. Default: the provider's."),
  maxTokens: positiveInteger('Longest answer of `generate` and `chat`, tokens. Default: no limit.'),
  temperature: amount("Sampling temperature of `generate` and `chat`. Default: the provider's.", 2),
  openai: openaiSection,
  anthropic: anthropicSection,
  azure: azureSection,
  ollama: ollamaSection,
  routes: routesSection,
  cache: cacheSection,
  semantic: semanticSection,
  redis: redisSection,
  limits: limitsSection,
  prices: pricesSection,
  server: serverSection,
  log: logSection,
  projects: projectsSection,
});
