import type { IncomingHttpHeaders } from 'node:http';

/** The key sent with a request. */
export interface Credentials {
  readonly secret: string;
  /** Sent by HTTP Basic authentication, which a browser then repeats for requests from any page. */
  readonly isBasic: boolean;
}

const bearer = /^bearer +(\S+) *$/i;
const basic = /^basic +([\w+/=-]+) *$/i;

/**
 * The key of a request, as sent by the clients of OpenAI (`Authorization: Bearer`), Anthropic (`x-api-key`) and Azure (`api-key`), or by
 * a browser (`Authorization: Basic`, the key as the password). A malformed `Authorization` counts as a wrong key.
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
