import { KeysError } from '@ai-toolkit/gateway-keys';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { comesFromElsewhere } from '../access/elsewhere.js';
import { FailedLogins } from '../access/failed-logins.js';
import { sessionPath } from '../access/open-paths.js';
import { sessionCookie, sessionTokenOf } from '../access/session-cookie.js';
import type { Session } from '../access/sessions.js';
import type { ApiOptions } from './create-api.js';
import { answerOf, describe, objectOf } from './describe.js';

/** Maximum size of a login body, bytes. */
const maxLoginBytes = 4096;

/** `/api/session`: exchanges an admin key for a session cookie, which authorises a browser for everything the key does. */
export function sessionRoutes(
  app: FastifyInstance,
  { sessions, workers }: Pick<ApiOptions, 'sessions' | 'workers'>,
): void {
  const failed = new FailedLogins(workers);

  app.get(
    sessionPath,
    {
      schema: describe('operations', 'The session of the caller', {
        answer: answerOf({
          session: {
            description: 'Null for who came without one.',
            anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
          },
        }),
      }),
    },
    async ({ raw }) => {
      const token = sessionTokenOf(raw);
      return { session: (token === undefined ? undefined : sessions.read(token)) ?? null };
    },
  );

  app.post<{ Body: { key: string } }>(
    sessionPath,
    {
      bodyLimit: maxLoginBytes,
      schema: describe('operations', 'Log in: opens a session with an admin key', {
        description:
          'Sets a cookie (HttpOnly, SameSite=Strict) that is good for 12 hours, or as long as the key is. An address may try about ten wrong keys a minute.',
        body: objectOf({ key: { type: 'string', minLength: 1, maxLength: 1000 } }, ['key']),
        answer: answerOf({ keyId: { type: 'string' }, expiresAt: { type: 'integer' } }),
      }),
    },
    async ({ raw, body: { key } }, reply) => {
      refuseOtherSites({ raw });
      const address = raw.socket.remoteAddress ?? '';
      const waitMs = failed.waitMs(address);
      if (waitMs > 0) throw tooMany(waitMs);
      const opened = sessions.open(key);
      if (opened === undefined) {
        failed.note(address);
        throw noAdminKey();
      }
      const { token, ...session } = opened;
      return reply
        .header('set-cookie', sessionCookie(raw, token, session.expiresAt - Date.now()))
        .header('cache-control', 'no-store')
        .send(session satisfies Session);
    },
  );

  app.delete(
    sessionPath,
    {
      schema: describe('operations', 'Log out: ends the session of the caller', {
        description: 'The browser forgets its cookie. Revoke the admin key to end every session of it.',
        answer: answerOf({ ended: { type: 'boolean' } }),
      }),
    },
    async ({ raw }, reply) => {
      refuseOtherSites({ raw });
      return reply.header('set-cookie', sessionCookie(raw, '', 0)).send({ ended: true });
    },
  );
}

function refuseOtherSites({ raw }: Pick<FastifyRequest, 'raw'>): void {
  if (!comesFromElsewhere(raw)) return;
  throw new KeysError('KEYS_FORBIDDEN', 'Pages of other sites may not use this server.', {
    hint: 'Open the dashboard by its own address.',
  });
}

function noAdminKey(): KeysError {
  return new KeysError('KEYS_REJECTED', 'This is not a usable admin key.', {
    hint: '"ai-toolkit keys create --admin --name NAME" makes one.',
  });
}

function tooMany(retryAfterMs: number): KeysError {
  return new KeysError('KEYS_RATE_LIMITED', 'Too many wrong keys came from this address.', {
    hint: `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    retryAfterMs,
  });
}
