import { hash } from 'node:crypto';

/** SHA-256 of a text, hex. Detects hand edits and damaged revisions. */
export function contentHash(text: string): string {
  return hash('sha256', text, 'hex');
}
