import { constants, open } from 'node:fs/promises';
import { codeOf } from '../../error-code.js';
import type { LeftOutReason } from './left-out.js';
import { holdsSecret } from './secrets.js';

export type Source = { readonly text: string } | { readonly reason: LeftOutReason };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a source file, or returns why it is left out. */
export async function readSource(path: string, maxBytes: number): Promise<Source> {
  let bytes: Buffer;
  try {
    // The path may have become a link or FIFO since it was checked.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    await using file = await open(path, flags);
    const facts = await file.stat();
    if (!facts.isFile()) return { reason: 'not-a-file' };
    if (facts.size > maxBytes) return { reason: 'too-large' };
    bytes = await file.readFile();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return { reason: codeOf(error) === 'ELOOP' ? 'symbolic-link' : 'unreadable' };
  }
  if (bytes.length > maxBytes) return { reason: 'too-large' };
  const text = decode(bytes);
  if (text === undefined) return { reason: 'binary' };
  return holdsSecret(text) ? { reason: 'secret' } : { text };
}

function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
