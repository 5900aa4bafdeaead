import type { IncomingMessage } from 'node:http';

/** Client headers forwarded to the provider. They select its behaviour, and are therefore part of the cache key. */
const passedPrefixes: readonly string[] = ['openai-', 'anthropic-'];

/** The opt-in that Anthropic's SDK requires in a browser; it does not affect the answer. */
const browserPermission = 'anthropic-dangerous-direct-browser-access';

const none: Readonly<Record<string, string>> = Object.freeze({});

/** The client's headers that are forwarded to the provider. */
export function passedHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  let passed: Record<string, string> | undefined;
  for (const name in headers) {
    if (!passedPrefixes.some((prefix) => name.startsWith(prefix)) || name === browserPermission) continue;
    const value = headers[name];
    if (typeof value !== 'string') continue;
    passed ??= {};
    passed[name] = value;
  }
  return passed ?? none;
}
