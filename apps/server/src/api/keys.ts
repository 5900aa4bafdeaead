import type { CreatedKey, CreateKeyOptions, Keyring } from '@ai-toolkit/gateway-keys';
import type { FastifyInstance } from 'fastify';
import { answerOf, describe, listOfObjects, objectOf } from './describe.js';

/** Settings accepted for a new key. Others are refused, lest a misspelt limit create a key without one. */
const settings: ReadonlySet<string> = new Set([
  'name',
  'role',
  'tenant',
  'models',
  'requestsPerMinute',
  'tokensPerMinute',
  'budget',
  'sharedCache',
  'expiresAt',
] satisfies (keyof CreateKeyOptions)[]);

/** `/api/keys`: list, create, revoke. The secret is returned only once, on creation. */
export function keyRoutes(app: FastifyInstance, keyring: Keyring): void {
  app.get(
    '/api/keys',
    {
      schema: describe('operations', 'Keys and what they have spent', {
        answer: answerOf({ keys: listOfObjects }),
      }),
    },
    async () => ({ keys: await keyring.list() }),
  );

  app.post(
    '/api/keys',
    {
      schema: describe('operations', 'Create a key, which is returned only once', {
        description: `Settings: ${[...settings].join(', ')}.`,
        body: { type: ['object'], additionalProperties: true },
        status: 201,
        answer: answerOf({ id: { type: 'string' }, key: { type: 'string' } }),
      }),
    },
    async ({ body }, reply) => {
      const { key, secret } = await createKey(keyring, body);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...key, key: secret });
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/keys/:id',
    {
      schema: describe('operations', 'Revokes a key', {
        params: objectOf({ id: { type: 'string', description: 'Id, or a name that one key has.' } }, ['id']),
      }),
    },
    async ({ params }) => keyring.revoke(params.id),
  );
}

async function createKey(keyring: Keyring, body: unknown): Promise<CreatedKey> {
  if (typeof body !== 'object' || body === null) throw new RangeError('The body must be a JSON object');
  const foreign = Object.keys(body).find((name) => !settings.has(name));
  if (foreign !== undefined) throw new RangeError(`There is no setting ${JSON.stringify(foreign)} of a key`);
  try {
    return await keyring.create(body as CreateKeyOptions);
  } catch (error) {
    // A mistake of the client, not an internal error.
    throw error instanceof TypeError ? new RangeError(error.message) : error;
  }
}
