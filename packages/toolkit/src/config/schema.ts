import { z } from 'zod';

const minute = 60 * 1000;
const day = 24 * 60 * minute;
const mebibyte = 1024 * 1024;

const positive = (): z.ZodNumber => z.number().positive();
const url = (): z.ZodURL => z.url({ protocol: /^https?$/ });

interface ProviderAccess {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

interface ConfigTarget {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly weight?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

/** Where the requests for a model go; see `ModelRoute` of ai-client. */
interface ConfigRoute {
  readonly model: string;
  readonly targets: readonly ConfigTarget[];
  readonly fallbacks?: readonly ConfigTarget[] | undefined;
  readonly timeoutMs?: number | undefined;
}

/** US dollars for a million tokens; see `ModelPrice` of usage. */
interface ConfigPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cachedInputUsd?: number | undefined;
}

/** A whole configuration; the schema says what each setting means. */
export interface Config {
  readonly provider: 'auto' | 'openai' | 'anthropic' | 'azure' | 'ollama' | 'simulator';
  readonly model?: string | undefined;
  readonly openai: ProviderAccess & { readonly omitsFinishReason: boolean };
  readonly anthropic: ProviderAccess;
  readonly azure: {
    readonly endpoint?: string | undefined;
    readonly apiKey?: string | undefined;
    readonly deployment?: string | undefined;
    readonly apiVersion?: string | undefined;
  };
  readonly ollama: { readonly baseUrl: string };
  readonly routes: readonly ConfigRoute[];
  readonly cache: {
    readonly memoryBytes: number;
    readonly diskBytes: number;
    readonly ttlMs: number;
    readonly keepRequests: boolean;
  };
  readonly semantic: {
    readonly model?: string | undefined;
    readonly threshold: number;
    readonly timeoutMs: number;
  };
  readonly redis: { readonly url?: string | undefined; readonly coalesceWaitMs: number };
  readonly limits: {
    readonly requestsPerMinute?: number | undefined;
    readonly tokensPerMinute?: number | undefined;
    readonly maxConcurrent?: number | undefined;
    readonly maxWaitMs: number;
    readonly maxQueue: number;
    readonly maxCallMs: number;
  };
  readonly prices: Readonly<Record<string, ConfigPrice>>;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly adminKey?: string | undefined;
    readonly requireKeys: boolean;
    readonly keyQueueMs: number;
    readonly workers: number;
    readonly maxBodyBytes: number;
    readonly requestTimeoutMs: number;
    readonly keepAliveMs: number;
    readonly maxConnections: number;
    readonly drainMs: number;
  };
  readonly log: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
    readonly prompts: boolean;
  };
  readonly projects: {
    readonly folder?: string | undefined;
    readonly url?: string | undefined;
    readonly schema?: string | undefined;
  };
}

/** A configuration in which everything may be left out. */
export type ConfigInput = {
  readonly [Section in keyof Config]?: Config[Section] extends readonly unknown[]
    ? Config[Section]
    : Config[Section] extends object
      ? Partial<Config[Section]>
      : Config[Section];
};

const target = z.strictObject({
  provider: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the provider. Default: the one that answers for the model.'),
  model: z
    .string()
    .min(1)
    .optional()
    .describe('The model as the provider names it. Default: as the caller does.'),
  weight: positive().optional().describe('Share of the requests. Default 1.'),
  idleTimeoutMs: positive().optional().describe('Longest silence, ms.'),
});

/** The one description of the configuration: it validates, gives the defaults and documents. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  provider: z
    .enum(['auto', 'openai', 'anthropic', 'azure', 'ollama', 'simulator'])
    .default('auto')
    .describe(
      'Who answers. auto: keys in the environment, else a local Ollama, else the built-in simulator.',
    ),
  model: z.string().min(1).optional().describe("Model of a call that names none. Default: the provider's."),
  openai: z
    .strictObject({
      apiKey: z.string().min(1).optional().describe('API key (environment: OPENAI_API_KEY).'),
      baseUrl: url().optional().describe('Base URL, ends in /v1 (environment: OPENAI_BASE_URL).'),
      omitsFinishReason: z
        .boolean()
        .default(false)
        .describe(
          'The server never says why an answer ended; its terminal event is then proof enough to store one.',
        ),
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
      baseUrl: z
        .string()
        .min(1)
        .default('http://127.0.0.1:11434')
        .describe('Where Ollama listens: host, host:port or URL (environment: OLLAMA_HOST).'),
    })
    .prefault({}),
  azure: z
    .strictObject({
      endpoint: url()
        .optional()
        .describe('URL of the Azure OpenAI resource (environment: AZURE_OPENAI_ENDPOINT).'),
      apiKey: z.string().min(1).optional().describe('API key (environment: AZURE_OPENAI_API_KEY).'),
      deployment: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The only deployment to ask (environment: AZURE_OPENAI_DEPLOYMENT). Default: that of the model.',
        ),
      apiVersion: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Dated API version, with a deployment (environment: OPENAI_API_VERSION). Default: the v1 API.',
        ),
    })
    .prefault({}),
  routes: z
    .array(
      z.strictObject({
        model: z
          .string()
          .min(1)
          .describe('The model as callers name it; a * at its end stands for anything.'),
        targets: z.array(target).min(1).describe('Requests are spread over these by weight.'),
        fallbacks: z.array(target).optional().describe('Asked in their order when no target answers.'),
        timeoutMs: positive().optional().describe('Bound on the whole call, ms.'),
      }),
    )
    .default([])
    .describe('Aliases of models, balancing and fallbacks.'),
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
      keepRequests: z
        .boolean()
        .default(false)
        .describe('Keep requests beside their answers, so that exports hold them and misses are explained.'),
    })
    .prefault({}),
  semantic: z
    .strictObject({
      model: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Embedding model by which questions that say the same share an answer. Default: none, they do not.',
        ),
      threshold: z
        .number()
        .min(0)
        .max(1)
        .default(0.95)
        .describe('How alike two questions must be, as the cosine of their vectors.'),
      timeoutMs: positive()
        .default(300)
        .describe('Longest that a call waits for the vector of its question, ms.'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: z
        .url({ protocol: /^rediss?$/ })
        .optional()
        .describe('Redis that servers share answers and limits through (environment: REDIS_URL).'),
      coalesceWaitMs: z
        .int()
        .nonnegative()
        .default(minute)
        .describe('Longest that a call waits for another server that is asking the same, ms. 0: not at all.'),
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
      maxWaitMs: z
        .int()
        .nonnegative()
        .default(minute)
        .describe(
          'Longest that a call waits for its turn, ms; who would wait longer is refused at once. 0: nobody waits.',
        ),
      maxQueue: z
        .int()
        .nonnegative()
        .default(1000)
        .describe('Calls that may wait for each provider and model.'),
      maxCallMs: positive()
        .default(60 * minute)
        .describe('Longest that any call may take, waiting and streaming included, ms.'),
    })
    .prefault({}),
  prices: z
    .record(
      z.string().min(1),
      z.strictObject({
        inputUsd: z.number().nonnegative().describe('US dollars for a million tokens of input.'),
        outputUsd: z.number().nonnegative().describe('US dollars for a million tokens of output.'),
        cachedInputUsd: z
          .number()
          .nonnegative()
          .optional()
          .describe("The same for input that the provider had in its cache. Default: the input's."),
      }),
    )
    .default({})
    .describe('Your own prices, by "provider/model", "provider/*" or "model"; before the built-in ones.'),
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
      adminKey: z
        .string()
        .min(20)
        .optional()
        .describe('Key for all routes but those of models (environment: AI_TOOLKIT_ADMIN_KEY).'),
      requireKeys: z
        .boolean()
        .default(false)
        .describe('Ask for a key on a loopback address, too; on any other it is always asked for.'),
      keyQueueMs: z
        .number()
        .min(0)
        .max(60_000)
        .default(0)
        .describe("Longest that a request waits for its gateway key's limits, ms. 0: it is refused at once."),
      workers: z
        .int()
        .min(0)
        .max(256)
        .default(1)
        .describe(
          'Processes that share the port; 0 takes one for each core (environment: AI_TOOLKIT_WORKERS).',
        ),
      maxBodyBytes: z
        .int()
        .positive()
        .default(64 * 1024 * 1024)
        .describe('Largest body of a request to a model, bytes.'),
      requestTimeoutMs: positive()
        .default(2 * minute)
        .describe('Longest that a request may take to arrive whole, ms.'),
      keepAliveMs: positive()
        .default(75_000)
        .describe('How long an idle connection is kept, ms; longer than a proxy in front keeps its own.'),
      maxConnections: z
        .int()
        .positive()
        .default(10_000)
        .describe('Connections at once; requests of more are refused with 503.'),
      drainMs: z
        .number()
        .nonnegative()
        .max(10 * minute)
        .default(10_000)
        .describe('How long open answers may go on after SIGTERM, ms.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info')
        .describe(
          'What the server writes to stderr: info has a line for each request, warn only those that failed (environment: AI_TOOLKIT_LOG_LEVEL).',
        ),
      prompts: z
        .boolean()
        .default(false)
        .describe(
          'Write what is asked into the log, up to 8 KiB of each request. They are then readable there.',
        ),
    })
    .prefault({}),
  projects: z
    .strictObject({
      folder: z.string().min(1).optional().describe('Folder of the projects.'),
      url: z
        .url({ protocol: /^postgres(?:ql)?$/ })
        .optional()
        .describe(
          'PostgreSQL that keeps the projects instead, for many servers (environment: PROJECTS_DATABASE_URL).',
        ),
      schema: z
        .string()
        .min(1)
        .optional()
        .describe('Schema of the projects in that database, one for each tenant. Default: ai_toolkit.'),
    })
    .prefault({}),
});
