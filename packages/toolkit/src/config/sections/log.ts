import * as z from 'zod/mini';
import { flag } from './kinds.js';

export interface LogSection {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly prompts: boolean;
}

export const logSection: z.ZodMiniType<LogSection> = z
  .prefault(
    z.strictObject({
      level: z._default(
        z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
          .check(
            z.describe('The least that is written. info: a line for each request; warn: failures alone.'),
          ),
        'info',
      ),
      prompts: z._default(
        flag('Write what is asked, up to 8 KiB of each request, to be read by whoever reads the log.'),
        false,
      ),
    }),
    {},
  )
  .check(z.describe('What the gateway writes to stderr.'));
