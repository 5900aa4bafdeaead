import { version } from '@ai-toolkit/toolkit';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { modelPathItems } from './model-path-items.js';

/** Serves `/openapi.json`, which describes the gateway and all routes registered after this call. */
export async function openApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'AI Toolkit',
        version,
        description:
          'A gateway to language models in the wire formats of OpenAI and Anthropic, and the API of projects, cache, limits, usage and keys.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: [
        { name: 'models', description: 'In the wire formats of OpenAI and Anthropic; a gateway key.' },
        { name: 'projects', description: 'Projects and their stages; an admin key.' },
        { name: 'operations', description: 'Cache, limits, usage, keys and state; an admin key.' },
      ],
      paths: modelPathItems,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'ai-toolkit-session',
            description: 'Of POST /api/session, for a browser; the port of the address follows in its name.',
          },
        },
      },
      security: [{}, { bearer: [] }, { apiKey: [] }, { session: [] }],
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
