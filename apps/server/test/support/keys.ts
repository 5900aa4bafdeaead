import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CreateKeyOptions, createKeyring, type Keyring } from '@ai-toolkit/gateway-keys';

/** The keys of a server whose state lies in `home`: another process than the server's, as the command line is. */
export function keysOf(home: string): Keyring {
  return createKeyring({ path: join(home, 'keys', 'keys.sqlite'), lookEveryMs: 0 });
}

/** A new key, as its holder has it. */
export async function createKey(home: string, options: Partial<CreateKeyOptions> = {}): Promise<string> {
  await using keyring = keysOf(home);
  return (await keyring.create({ name: 'a key', ...options })).secret;
}

interface Running {
  readonly home: string;
  readonly url: string;
}

/** The same for a server that runs already: it looks for new keys four times a second at most. */
export async function createKnownKey(
  { home, url }: Running,
  options: Partial<CreateKeyOptions> = {},
): Promise<string> {
  const secret = await createKey(home, options);
  await untilModels(url, secret);
  return secret;
}

/** Resolves when the server lets this word in, be it a key or, where there is none, any word. */
export async function untilModels(url: string, word: string): Promise<void> {
  const headers = { authorization: `Bearer ${word}` };
  // Not by `expect.poll`, which may not be called in a hook. The test's own time limit ends it.
  while ((await fetch(`${url}/v1/models`, { headers })).status !== 200) await setTimeout(20);
}
