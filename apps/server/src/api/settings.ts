import type { LoadedConfig } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import { answerOf, describe, listOfObjects } from './describe.js';

/** Replaces a secret. The list that the command prints also shows a secret's last characters; this one does not. */
const hidden = '********';
/** Secret members in tables whose names the user chooses, such as a provider's. */
const secretMember = /apikey|secret|password/i;

/** `/api/settings`: the settings and where each comes from, without secrets. */
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
      // Loaded on demand: it builds the list from the settings schema, which nothing else in a server needs.
      const { listSettings, maskSecret } = await import('@ai-toolkit/toolkit/config');
      const settings = listSettings({ config, sources }).map(({ value, ...setting }) => ({
        ...setting,
        ...(value === undefined ? {} : { value: shown(value, maskSecret) }),
      }));
      return { settings };
    },
  );
}

/** Hides secrets, and passwords in URLs. */
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
