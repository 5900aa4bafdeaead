import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance } from 'fastify';

/** Where the build puts the dashboard. */
const folder = fileURLToPath(new URL('./dashboard', import.meta.url));

/** The page may load only what this server serves, and must not be framed. */
const policy =
  "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/** Serves the dashboard at `/`. False if it was not built with the server. */
export async function dashboardRoutes(app: FastifyInstance): Promise<boolean> {
  if (!existsSync(folder)) return false;
  await app.register(async (files) => {
    // A path that leads out of the folder is forbidden, with a 403.
    files.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode !== 403) throw error;
      reply.callNotFound();
    });
    await files.register(fastifyStatic, {
      root: folder,
      setHeaders: ({ raw }) => {
        raw.setHeader('content-security-policy', policy);
        raw.setHeader('x-content-type-options', 'nosniff');
        raw.setHeader('referrer-policy', 'no-referrer');
      },
    });
  });
  return true;
}
