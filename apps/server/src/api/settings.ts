import type { LoadedConfig } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import { answerOf, describe, listOfObjects } from './describe.js';

/** Stands for a secret, of which the list that the command prints has the end as well. */
const hidden = '********';
/** Members of tables that the user names, such as a provider's. */
const secretMember = /apikey|secret|password/i;

/** `/api/settings`: what is configured, and by what. No secret is in it. */
export function settingRoutes(
  app: FastifyInstance,
  config: LoadedConfig['config'],
  sources: LoadedConfig['sources'],
): void {
  app.get(
    '/api/settings',
    {
      schema: describe('operations', 'Settings and where each comes from', {
        description:
          'Each setting with its value and, where it is no default, the source of that: the command line, the environment or a file. Secrets are hidden.',
        answer: answerOf({ settings: listOfObjects }),
      }),
    },
    async () => {
      // The manual of the settings is made from their schema, which nobody else needs in a server.
      const { listSettings, maskSecret } = await import('@ai-toolkit/toolkit/config');
      const settings = listSettings({ config, sources }).map(({ value, ...setting }) => ({
        ...setting,
        ...(value === undefined ? {} : { value: shown(value, maskSecret) }),
      }));
      return { settings };
    },
  );
}

/** Nothing of a secret, and of a URL not the password that may be in it. */
function shown(value: unknown, maskUrl: (url: string) => string): unknown {
  if (typeof value === 'string') {
    if (value.startsWith(hidden)) return hidden;
    return value.includes('://') && URL.canParse(value) ? maskUrl(value) : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => shown(item, maskUrl));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      secretMember.test(name) ? hidden : shown(member, maskUrl),
    ]),
  );
}
