import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { type Keyring, signingSecretOf } from '@ai-toolkit/gateway-keys';

export interface SessionsOptions {
  readonly keyring: Pick<Keyring, 'verify' | 'signer'>;
  /** The admin key of the configuration, if it has one. */
  readonly adminKey: string | undefined;
  readonly isAdminKey: (secret: string) => boolean;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
}

/** A login, without its secret token. */
export interface Session {
  /** Id of the admin key it was opened with; `config` for the one in the configuration. */
  readonly keyId: string;
  /** Name of that key. */
  readonly keyName: string;
  /** Epoch, ms. */
  readonly expiresAt: number;
}

interface OpenedSession extends Session {
  /** For the cookie. */
  readonly token: string;
}

/**
 * Sessions opened with an admin key. The server stores nothing: a token contains the key's id and the session's expiry, signed with a
 * secret derived from the key. So every worker and machine with the key accepts it, it survives a restart, and it ends with the key.
 */
export interface Sessions {
  /** `undefined` if the secret is not a usable admin key. */
  open(secret: string): OpenedSession | undefined;
  /** `undefined` if the token is invalid or expired, or its key is. Throws `KEYS_UNAVAILABLE` if the keyring cannot be read. */
  read(token: string): Session | undefined;
}

/** Maximum lifetime of a session, ms. */
export const sessionMs: number = 12 * 3_600_000;

const purpose = 'ai-toolkit session 1';
/** Stands for the admin key of the configuration, which has no id. Cannot clash: ids of keys are hexadecimal. */
const configuredId = 'config';
const form = /^([a-z0-9]{1,40})\.([0-9]{1,16})\.([\w-]{43})$/;

interface Signer {
  readonly name: string;
  readonly secret: Uint8Array;
  readonly expiresAt?: number | undefined;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { keyring, adminKey, isAdminKey, clock = Date.now } = options;
  const configured: Signer | undefined =
    adminKey === undefined
      ? undefined
      : {
          name: 'the admin key of the configuration',
          secret: signingSecretOf(hash('sha256', adminKey, 'buffer'), purpose),
        };

  function signerOf(keyId: string): Signer | undefined {
    if (keyId === configuredId) return configured;
    const signer = keyring.signer(keyId, purpose);
    if (signer?.key.role !== 'admin') return undefined;
    return { name: signer.key.name, secret: signer.secret, expiresAt: signer.key.expiresAt };
  }

  function idOf(secret: string): string | undefined {
    if (isAdminKey(secret)) return configuredId;
    const key = keyring.verify(secret);
    return key?.role === 'admin' ? key.id : undefined;
  }

  return {
    open(secret) {
      const keyId = idOf(secret);
      const signer = keyId === undefined ? undefined : signerOf(keyId);
      if (keyId === undefined || signer === undefined) return undefined;
      const expiresAt = Math.min(clock() + sessionMs, signer.expiresAt ?? Number.POSITIVE_INFINITY);
      const text = `${keyId}.${expiresAt}`;
      const token = `${text}.${signatureOf(text, signer).toString('base64url')}`;
      return { keyId, keyName: signer.name, expiresAt, token };
    },

    read(token) {
      const [, keyId = '', end = '', signature = ''] = form.exec(token) ?? [];
      const expiresAt = Number(end);
      if (keyId === '' || clock() >= expiresAt) return undefined;
      const signer = signerOf(keyId);
      if (signer === undefined) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const right = signatureOf(`${keyId}.${end}`, signer);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return { keyId, keyName: signer.name, expiresAt };
    },
  };
}

function signatureOf(text: string, { secret }: Signer): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}
