import type { IncomingHttpHeaders } from 'node:http';

/** A key as a request brings it. */
export interface Credentials {
  readonly secret: string;
  /** By HTTP's own dialog, which a browser then answers for any page that asks. */
  readonly isBasic: boolean;
}

const bearer = /^bearer +(\S+) *$/i;
const basic = /^basic +([\w+/=-]+) *$/i;

/**
 * The key that a request brings: as OpenAI's clients send it (`Authorization: Bearer`), Anthropic's (`x-api-key`), Azure's (`api-key`),
 * or a browser (`Authorization: Basic`, the key as the password). An `Authorization` that cannot be read is a wrong key.
 */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials | undefined {
  const { authorization } = headers;
  if (authorization !== undefined && authorization !== '') return fromAuthorization(authorization);
  const secret = headers['x-api-key'] ?? headers['api-key'];
  return typeof secret === 'string' && secret !== '' ? { secret, isBasic: false } : undefined;
}

function fromAuthorization(value: string): Credentials {
  const token = bearer.exec(value)?.[1];
  if (token !== undefined) return { secret: token, isBasic: false };
  const encoded = basic.exec(value)?.[1];
  if (encoded === undefined) return { secret: '', isBasic: false };
  const pair = Buffer.from(encoded, 'base64').toString();
  return { secret: pair.slice(pair.indexOf(':') + 1), isBasic: true };
}
