import { checkedBaseUrl, checkedKey } from './base-url.js';
import { openaiSurfaces, type Provider } from './provider.js';

export interface AzureProviderOptions {
  /** URL of the resource: `https://RESOURCE.openai.azure.com`. A suffix shown by the portal (`/openai/v1/`) is accepted. */
  readonly endpoint: string;
  /** Sent as `api-key`. */
  readonly apiKey?: string;
  /**
   * Name of a deployment. The provider then answers only for the model of this name. Default: the resource answers for every model, and
   * treats its name as that of the deployment.
   */
  readonly deployment?: string;
  /**
   * A dated API version (`2024-10-21`), for the older paths, which contain the deployment; requires `deployment`. Default: the v1 API,
   * which has no versions.
   */
  readonly apiVersion?: string;
  /** Short name, for keys, records and metrics. Default `azure`. */
  readonly name?: string;
}

/** Creates a provider for Azure OpenAI: OpenAI's wire format with its own paths and key header. */
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
    // The older paths do not include the Responses API.
    surfaces: apiVersion === undefined ? openaiSurfaces : ['chat', 'embeddings'],
    ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
    ...(deployment === undefined
      ? {}
      : { accepts: (model: string) => model === deployment, models: [deployment] }),
  };
}

/**
 * The Azure resource configured by the environment variables of OpenAI's SDK: `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY` and, for the
 * older paths, `OPENAI_API_VERSION` together with `AZURE_OPENAI_DEPLOYMENT`. A version without a deployment is ignored, and the v1 API
 * used. `undefined` without an endpoint.
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
