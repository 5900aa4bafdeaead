import { ConfigError } from '../../errors.js';
import type { Setting } from '../settings.js';
import { maskSecret } from './mask.js';

/** Fails with `CONFIG_SECRET_SHOWN` for a secret given as an argument, which other users of the machine can see. */
export function refuseShownSecret({ secret, path }: Setting, text: string): void {
  // A URL without a password is not a secret.
  if (!secret || !hasPassword(text)) return;
  throw new ConfigError('CONFIG_SECRET_SHOWN', `${path} is a secret, and arguments can be seen by others.`, {
    hint: `Give it on stdin: ai-toolkit config set ${path} < FILE, or leave it out on a terminal and type it.`,
  });
}

function hasPassword(text: string): boolean {
  return !(URL.canParse(text) && text.includes('://')) || maskSecret(text) !== new URL(text).href;
}
