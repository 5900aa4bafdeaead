import type { IncomingMessage } from 'node:http';
import { type GatewayKey, type Keyring, KeysError } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';
import { credentialsOf } from './credentials.js';
import { comesFromElsewhere } from './elsewhere.js';
import { sessionTokenOf } from './session-cookie.js';
import type { Sessions } from './sessions.js';

export interface DoorkeeperOptions {
  readonly keyring: Keyring;
  readonly access: Pick<KeyAccess, 'isAdminKey'>;
  readonly sessions: Pick<Sessions, 'read'>;
  /** Nobody comes in without a key. */
  readonly required: boolean;
  /** The configuration has an admin key. */
  readonly hasAdminKey: boolean;
}

/** Says who asks. Throws the `KeysError` that the caller shall be told. */
export interface Doorkeeper {
  /** The key of who asks a model; `undefined` for somebody on this machine who brings none and needs none. */
  caller(request: IncomingMessage): GatewayKey | undefined;
  /** Passes who may see and change everything: an admin key, a session that was opened with one, or anyone on this machine as long as there is no such key. */
  admin(request: IncomingMessage): void;
}

export function createDoorkeeper(options: DoorkeeperOptions): Doorkeeper {
  const { keyring, access, sessions, required, hasAdminKey } = options;

  /**
   * SDKs cannot do without a key, and send any word where none is needed. So a word is let pass for no key where none is required,
   * as long as there is no key that it could be meant to be.
   */
  function meansNothing(secret: string): boolean {
    return !required && !secret.startsWith('ait-') && !hasGatewayKey();
  }

  /** Who sends no word at all comes in anyway, so where nobody can say whether there are keys, a word does no harm either. */
  function hasGatewayKey(): boolean {
    try {
      return keyring.hasKey('gateway');
    } catch (error) {
      if (KeysError.isInstance(error) && error.code === 'KEYS_UNAVAILABLE') return false;
      throw error;
    }
  }

  return {
    caller({ headers }) {
      const credentials = credentialsOf(headers);
      if (credentials === undefined) {
        if (required) throw rejected();
        return undefined;
      }
      const { secret, isBasic } = credentials;
      // Browsers would add it to what any page sends; it is for people who look at the dashboard.
      if (isBasic) throw rejected();
      const key = keyring.verify(secret);
      if (key?.role === 'gateway') return key;
      if (key !== undefined || access.isAdminKey(secret))
        throw forbidden('This is an admin key, and models are asked with a gateway key.');
      if (meansNothing(secret)) return undefined;
      throw rejected();
    },

    admin(request) {
      const credentials = credentialsOf(request.headers);
      const needed = required || hasAdminKey || keyring.hasKey('admin');
      if (credentials === undefined) {
        if (!needed) return;
        const token = sessionTokenOf(request);
        if (token === undefined || sessions.read(token) === undefined) throw rejected();
        if (comesFromElsewhere(request)) throw otherSite();
        return;
      }
      const { secret, isBasic } = credentials;
      const key = keyring.verify(secret);
      if (key?.role === 'admin' || access.isAdminKey(secret)) {
        if (isBasic && comesFromElsewhere(request)) throw otherSite();
        return;
      }
      if (key !== undefined) throw forbidden('This is a gateway key, and this route is for an admin key.');
      if (needed || !meansNothing(secret)) throw rejected();
    },
  };
}

/** The same for a key that is missing, wrong, expired or revoked: to tell them apart would tell who guesses, too. */
function rejected(): KeysError {
  return new KeysError('KEYS_REJECTED', 'A valid key is needed.', {
    hint: 'Send it as "Authorization: Bearer KEY" or "x-api-key: KEY"; "ai-toolkit keys create" makes one.',
  });
}

function forbidden(message: string): KeysError {
  return new KeysError('KEYS_FORBIDDEN', message, { hint: 'Use a key of the other kind.' });
}

function otherSite(): KeysError {
  return forbidden('Pages of other sites may not use this server.');
}
