import type { IncomingMessage } from 'node:http';

/** Headers of a client that its provider shall get; they select what it does, and so belong to the key. */
const passedPrefixes: readonly string[] = ['openai-', 'anthropic-'];

/** A permission that the SDK of Anthropic wants of its user in a browser; it says nothing of the answer. */
const browserPermission = 'anthropic-dangerous-direct-browser-access';

const none: Readonly<Record<string, string>> = Object.freeze({});

/** What of a client's headers goes to its provider. */
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
