import { hash } from 'node:crypto';

/** SHA-256 of a text, hex: how revisions and hand edits are told apart. */
export function contentHash(text: string): string {
  return hash('sha256', text, 'hex');
}
