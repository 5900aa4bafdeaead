import { z } from 'zod';

const day = 24 * 60 * 60 * 1000;
const mebibyte = 1024 * 1024;

const positive = (): z.ZodNumber => z.number().positive();
const url = (): z.ZodURL => z.url({ protocol: /^https?$/ });

interface ProviderAccess {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** A whole configuration; the schema says what each setting means. */
export interface Config {
  readonly provider: 'auto' | 'openai' | 'anthropic' | 'ollama' | 'simulator';
  readonly model?: string | undefined;
  readonly openai: ProviderAccess;
  readonly anthropic: ProviderAccess;
  readonly ollama: { readonly baseUrl: string };
  readonly cache: { readonly memoryBytes: number; readonly diskBytes: number; readonly ttlMs: number };
  readonly redis: { readonly url?: string | undefined };
  readonly limits: {
    readonly requestsPerMinute?: number | undefined;
    readonly tokensPerMinute?: number | undefined;
    readonly maxConcurrent?: number | undefined;
  };
  readonly server: { readonly host: string; readonly port: number };
  readonly projects: { readonly folder?: string | undefined };
}

/** A configuration in which everything may be left out. */
export type ConfigInput = {
  readonly [Section in keyof Config]?: Config[Section] extends object
    ? Partial<Config[Section]>
    : Config[Section];
};

/** The one description of the configuration: it validates, gives the defaults and documents. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  provider: z
    .enum(['auto', 'openai', 'anthropic', 'ollama', 'simulator'])
    .default('auto')
    .describe(
      'Who answers. auto: keys in the environment, else a local Ollama, else the built-in simulator.',
    ),
  model: z.string().min(1).optional().describe("Model of a call that names none. Default: the provider's."),
  openai: z
    .strictObject({
      apiKey: z.string().min(1).optional().describe('API key (environment: OPENAI_API_KEY).'),
      baseUrl: url().optional().describe('Base URL, ends in /v1 (environment: OPENAI_BASE_URL).'),
    })
    .prefault({}),
  anthropic: z
    .strictObject({
      apiKey: z.string().min(1).optional().describe('API key (environment: ANTHROPIC_API_KEY).'),
      baseUrl: url().optional().describe('Base URL without /v1 (environment: ANTHROPIC_BASE_URL).'),
    })
    .prefault({}),
  ollama: z
    .strictObject({
      baseUrl: url().default('http://127.0.0.1:11434').describe('Where a local Ollama listens.'),
    })
    .prefault({}),
  cache: z
    .strictObject({
      memoryBytes: positive()
        .default(64 * mebibyte)
        .describe('Bound of the memory tier, bytes.'),
      diskBytes: positive()
        .default(1024 * mebibyte)
        .describe('Bound of the disk tier, bytes.'),
      ttlMs: z
        .number()
        .nonnegative()
        .default(30 * day)
        .describe('Lifetime of an answer, ms. 0 stores nothing.'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: z
        .url({ protocol: /^rediss?$/ })
        .optional()
        .describe('Redis that servers share answers through (environment: REDIS_URL).'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      requestsPerMinute: positive().optional().describe('Requests a minute to each provider and model.'),
      tokensPerMinute: positive().optional().describe('Tokens a minute to each provider and model.'),
      maxConcurrent: z
        .int()
        .positive()
        .optional()
        .describe('Calls under way at once to each provider and model.'),
    })
    .prefault({}),
  server: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('Address to bind (environment: AI_TOOLKIT_HOST).'),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(4000)
        .describe('Port; 0 takes a free one (environment: AI_TOOLKIT_PORT).'),
    })
    .prefault({}),
  projects: z
    .strictObject({ folder: z.string().min(1).optional().describe('Folder of the projects.') })
    .prefault({}),
});
