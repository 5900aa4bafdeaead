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
  /** Requests without a key are refused. */
  readonly required: boolean;
  /** The configuration has an admin key. */
  readonly hasAdminKey: boolean;
}

/** Authenticates requests. Throws the `KeysError` to answer with. */
export interface Doorkeeper {
  /** The key of a model request; `undefined` for a local caller that sends none and needs none. */
  caller(request: IncomingMessage): GatewayKey | undefined;
  /**
   * Passes requests with full access: with an admin key, in a session opened with one, or from this machine as long as no key is required
   * and no admin key exists.
   */
  admin(request: IncomingMessage): void;
}

export function createDoorkeeper(options: DoorkeeperOptions): Doorkeeper {
  const { keyring, access, sessions, required, hasAdminKey } = options;

  /**
   * SDKs insist on a key, so users configure a placeholder where none is needed. Where no key is required, an unknown one therefore counts
   * as none, unless it looks like one of ours or a gateway key exists that it might have been meant to be.
   */
  function meansNothing(secret: string): boolean {
    return !required && !secret.startsWith('ait-') && !hasGatewayKey();
  }

  /** False while the keyring is unavailable: a request without any key would be admitted, so a placeholder does no harm either. */
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
      // A browser adds Basic credentials to requests from any page; they are only for people viewing the dashboard.
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

/** The same for a missing, wrong, expired or revoked key: telling them apart would also tell someone who is guessing. */
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
