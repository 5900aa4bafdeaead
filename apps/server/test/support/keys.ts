import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CreateKeyOptions, createKeyring, type Keyring } from '@ai-toolkit/gateway-keys';

/** The keyring of the server with its state in `home`, opened outside the server's process, like the command line. */
export function keysOf(home: string): Keyring {
  return createKeyring({ path: join(home, 'keys', 'keys.sqlite'), lookEveryMs: 0 });
}

/** Creates a key and returns its secret. */
export async function createKey(home: string, options: Partial<CreateKeyOptions> = {}): Promise<string> {
  await using keyring = keysOf(home);
  return (await keyring.create({ name: 'a key', ...options })).secret;
}

interface Running {
  readonly home: string;
  readonly url: string;
}

/** The same for a running server, which looks for new keys at most four times a second. */
export async function createKnownKey(
  { home, url }: Running,
  options: Partial<CreateKeyOptions> = {},
): Promise<string> {
  const secret = await createKey(home, options);
  await untilModels(url, secret);
  return secret;
}

/** Resolves when the server accepts this secret: a key or, if no keys exist, any placeholder. */
export async function untilModels(url: string, word: string): Promise<void> {
  const headers = { authorization: `Bearer ${word}` };
  // Not `expect.poll`, which must not be called in a hook. The timeout of the test applies.
  while ((await fetch(`${url}/v1/models`, { headers })).status !== 200) await setTimeout(20);
}
