import { join } from 'node:path';
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
