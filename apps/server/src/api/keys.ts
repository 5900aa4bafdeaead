import type { CreatedKey, CreateKeyOptions, Keyring } from '@ai-toolkit/gateway-keys';
import type { FastifyInstance } from 'fastify';

/** What the body of a new key may hold. A misspelt limit must not make a key without one. */
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

/** `/api/keys`: list, make, revoke. A key itself is told once, to who makes it. */
export function keyRoutes(app: FastifyInstance, keyring: Keyring): void {
  app.get('/api/keys', async () => ({ keys: await keyring.list() }));

  app.post('/api/keys', async ({ body }, reply) => {
    const { key, secret } = await createKey(keyring, body);
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...key, key: secret });
  });

  app.delete<{ Params: { id: string } }>('/api/keys/:id', async ({ params }) => keyring.revoke(params.id));
}

async function createKey(keyring: Keyring, body: unknown): Promise<CreatedKey> {
  if (typeof body !== 'object' || body === null) throw new RangeError('The body must be a JSON object');
  const foreign = Object.keys(body).find((name) => !settings.has(name));
  if (foreign !== undefined) throw new RangeError(`There is no setting ${JSON.stringify(foreign)} of a key`);
  try {
    return await keyring.create(body as CreateKeyOptions);
  } catch (error) {
    // The mistake of who sent it, and no fault of this server.
    throw error instanceof TypeError ? new RangeError(error.message) : error;
  }
}
