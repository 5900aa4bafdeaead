import type { Kind } from '../kind.js';
import { address, flag, httpUrl, or, secret, section, text } from './kinds.js';

interface ProviderAccess {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** OpenAI or a compatible server. */
export interface OpenaiSection extends ProviderAccess {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly omitsFinishReason: boolean;
}

export interface AnthropicSection extends ProviderAccess {
  readonly authToken?: string | undefined;
}

export interface OllamaSection {
  readonly baseUrl: string;
}

export interface AzureSection {
  readonly endpoint?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly deployment?: string | undefined;
  readonly apiVersion?: string | undefined;
}

export const openaiSection: Kind<OpenaiSection> = section(
  'OpenAI, or any compatible server; a URL without a key is enough.',
  {
    apiKey: secret('API key.'),
    baseUrl: httpUrl('Base URL, ends in /v1. Default: https://api.openai.com/v1.'),
    organization: text('Organization that OpenAI bills, for a key of several; no other server is told.'),
    project: text('Project that OpenAI bills, for a key of several; no other server is told.'),
    omitsFinishReason: or(
      flag(
        'Set this if the server never says why an answer ended; its terminal event is then enough to store an answer.',
      ),
      false,
    ),
  },
);

export const anthropicSection: Kind<AnthropicSection> = section(
  'Anthropic, for models whose names begin with claude.',
  {
    apiKey: secret('API key.'),
    authToken: secret(
      'Bearer token, as a gateway in front of Anthropic wants one; beside a key, both are sent.',
    ),
    baseUrl: httpUrl('Base URL without /v1. Default: https://api.anthropic.com.'),
  },
);

export const ollamaSection: Kind<OllamaSection> = section('Ollama on this machine or another.', {
  baseUrl: or(address('Where Ollama listens: host, host:port or URL.'), 'http://127.0.0.1:11434'),
});

export const azureSection: Kind<AzureSection> = section(
  'Azure OpenAI: the model is the name of a deployment; deployment and apiVersion are for its older paths.',
  {
    endpoint: httpUrl('URL of the Azure OpenAI resource.'),
    apiKey: secret('API key.'),
    deployment: text('The only deployment to use. Default: the one named by the model.'),
    apiVersion: text('Dated API version, to be set with a deployment. Default: the v1 API.'),
  },
);
