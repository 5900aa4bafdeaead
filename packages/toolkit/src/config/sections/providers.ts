import * as z from 'zod/mini';
import { flag, httpUrl, secret, text } from './kinds.js';

interface ProviderAccess {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** OpenAI, or a server that speaks its wire format. */
export interface OpenaiSection extends ProviderAccess {
  readonly omitsFinishReason: boolean;
}

export type AnthropicSection = ProviderAccess;

export interface OllamaSection {
  readonly baseUrl: string;
}

export interface AzureSection {
  readonly endpoint?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly deployment?: string | undefined;
  readonly apiVersion?: string | undefined;
}

export const openaiSection: z.ZodMiniType<OpenaiSection> = z
  .prefault(
    z.strictObject({
      apiKey: z.optional(secret('API key.')),
      baseUrl: z.optional(httpUrl('Base URL, ends in /v1. Default: https://api.openai.com/v1.')),
      omitsFinishReason: z._default(
        flag(
          'The server never says why an answer ended; its terminal event is then proof enough to store one.',
        ),
        false,
      ),
    }),
    {},
  )
  .check(z.describe('OpenAI, or any server that speaks its wire format; a URL without a key is enough.'));

export const anthropicSection: z.ZodMiniType<AnthropicSection> = z
  .prefault(
    z.strictObject({
      apiKey: z.optional(secret('API key.')),
      baseUrl: z.optional(httpUrl('Base URL without /v1. Default: https://api.anthropic.com.')),
    }),
    {},
  )
  .check(z.describe('Anthropic, for models that begin with claude.'));

export const ollamaSection: z.ZodMiniType<OllamaSection> = z
  .prefault(
    z.strictObject({
      baseUrl: z._default(text('Where Ollama listens: host, host:port or URL.'), 'http://127.0.0.1:11434'),
    }),
    {},
  )
  .check(z.describe('Ollama on this machine or another.'));

export const azureSection: z.ZodMiniType<AzureSection> = z
  .prefault(
    z.strictObject({
      endpoint: z.optional(httpUrl('URL of the Azure OpenAI resource.')),
      apiKey: z.optional(secret('API key.')),
      deployment: z.optional(text('The only deployment to ask. Default: that of the model.')),
      apiVersion: z.optional(text('Dated API version, with a deployment. Default: the v1 API.')),
    }),
    {},
  )
  .check(
    z.describe(
      "Azure OpenAI: a model is a deployment's name; deployment and version are for its older paths.",
    ),
  );
