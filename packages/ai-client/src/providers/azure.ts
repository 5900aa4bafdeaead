import { checkedBaseUrl, checkedKey } from './base-url.js';
import { openaiSurfaces, type Provider } from './provider.js';

export interface AzureProviderOptions {
  /** URL of the resource: `https://RESOURCE.openai.azure.com`. What a portal shows behind it (`/openai/v1/`) may stay. */
  readonly endpoint: string;
  /** Sent as `api-key`. */
  readonly apiKey?: string;
  /**
   * Name of a deployment. The provider then answers for the model of this name only. Default: the resource answers for
   * every model, and takes its name for that of the deployment.
   */
  readonly deployment?: string;
  /**
   * A dated version of the API (`2024-10-21`) for the older paths, which name the deployment; it needs `deployment`. Default:
   * the v1 API, which has no versions.
   */
  readonly apiVersion?: string;
  /** Short name, for keys, records and metrics. Default `azure`. */
  readonly name?: string;
}

/** Azure OpenAI: OpenAI's wire format with paths and a header of its own. */
export function azureProvider(options: AzureProviderOptions): Provider {
  const { deployment, apiVersion, name = 'azure' } = options;
  const apiKey = checkedKey('AZURE_OPENAI_API_KEY', options.apiKey);
  const resource = checkedBaseUrl(
    'AZURE_OPENAI_ENDPOINT',
    options.endpoint,
    'https://my-resource.openai.azure.com',
  ).replace(/\/openai(\/v1)?$/, '');
  if (apiVersion !== undefined && deployment === undefined) {
    throw new TypeError(
      `deployment must be given together with apiVersion (${JSON.stringify(apiVersion)}): its paths name one`,
    );
  }
  const baseUrl =
    apiVersion === undefined || deployment === undefined
      ? `${resource}/openai/v1`
      : `${resource}/openai/deployments/${encodeURIComponent(deployment)}?api-version=${encodeURIComponent(apiVersion)}`;
  return {
    name,
    baseUrl,
    // The older paths of a deployment have no responses.
    surfaces: apiVersion === undefined ? openaiSurfaces : ['chat', 'embeddings'],
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    ...(deployment === undefined ? {} : { accepts: (model: string) => model === deployment }),
  };
}

/**
 * The Azure resource that the environment names, by the variables of OpenAI's SDK: `AZURE_OPENAI_ENDPOINT`,
 * `AZURE_OPENAI_API_KEY` and, for the older paths, `OPENAI_API_VERSION` together with `AZURE_OPENAI_DEPLOYMENT`. A version
 * alone says nothing: without a deployment, the v1 API is asked. `undefined` without an endpoint.
 */
export function azureFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Provider | undefined {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const endpoint = value('AZURE_OPENAI_ENDPOINT');
  if (endpoint === undefined) return undefined;
  const apiKey = value('AZURE_OPENAI_API_KEY');
  const deployment = value('AZURE_OPENAI_DEPLOYMENT');
  const apiVersion = value('OPENAI_API_VERSION');
  return azureProvider({
    endpoint,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(deployment === undefined || apiVersion === undefined ? {} : { apiVersion }),
  });
}
