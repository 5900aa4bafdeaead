import type { IncomingMessage } from 'node:http';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';

/** Client headers forwarded to the provider. They select its behaviour, and are therefore part of the cache key. */
const passedPrefixes: readonly string[] = ['openai-', 'anthropic-'];

/** The opt-in that Anthropic's SDK requires in a browser; it does not affect the answer. */
const browserPermission = 'anthropic-dangerous-direct-browser-access';

/** They say which account pays for the operator's key, which is not for the holder of a gateway key to choose. */
const accountHeaders: ReadonlySet<string> = new Set(['openai-organization', 'openai-project']);

const none: Readonly<Record<string, string>> = Object.freeze({});

/** The client's headers that are forwarded to the provider; `key`: the gateway key of the client, if it has one. */
export function passedHeaders(
  { headers }: IncomingMessage,
  key: GatewayKey | undefined,
): Readonly<Record<string, string>> {
  let passed: Record<string, string> | undefined;
  for (const name in headers) {
    if (!passedPrefixes.some((prefix) => name.startsWith(prefix)) || name === browserPermission) continue;
    if (key !== undefined && accountHeaders.has(name)) continue;
    const value = headers[name];
    if (typeof value !== 'string') continue;
    passed ??= {};
    passed[name] = value;
  }
  return passed ?? none;
}
