import { type ChosenProvider, ConfigError } from '@ai-toolkit/toolkit';
import { isLoopback } from './guard.js';

/** Wildcard addresses: all addresses of this machine, including loopback. */
const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Throws `CONFIG_INVALID` if a provider is the server itself, which would then call and wait for itself on every request. It happens to
 * people who set `OPENAI_BASE_URL` for their clients and then start the server in the same shell.
 */
export function refuseItself(providers: readonly ChosenProvider[], host: string, port: number): void {
  for (const { provider, reason } of providers) {
    if (typeof provider.baseUrl !== 'string' || !isAt(new URL(provider.baseUrl), host, port)) continue;
    const { origin } = new URL(provider.baseUrl);
    throw new ConfigError(
      'CONFIG_INVALID',
      `The server would ask itself: ${provider.name} is at ${origin}, because ${reason}.`,
      {
        hint: 'Set the base URL to where the provider is, or choose another port for the server with --port N.',
      },
    );
  }
}

function isAt(url: URL, host: string, port: number): boolean {
  if (url.protocol !== 'http:' || Number(url.port || 80) !== port) return false;
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return name === host || (isOfThisMachine(name) && isOfThisMachine(host));
}

function isOfThisMachine(name: string): boolean {
  return isLoopback(name) || everyAddress.has(name);
}
