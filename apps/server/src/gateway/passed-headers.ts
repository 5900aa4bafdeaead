import type { IncomingMessage } from 'node:http';

/** Headers of a client that its provider shall get; they select what it does, and so belong to the key. */
const passedPrefixes: readonly string[] = ['openai-', 'anthropic-'];

/** A permission that the SDK of Anthropic wants of its user in a browser; it says nothing of the answer. */
const browserPermission = 'anthropic-dangerous-direct-browser-access';

/** What of a client's headers goes to its provider. */
export function passedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (name === browserPermission) continue;
    if (typeof value === 'string' && passedPrefixes.some((prefix) => name.startsWith(prefix)))
      passed[name] = value;
  }
  return passed;
}
