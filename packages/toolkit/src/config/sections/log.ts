import type { Kind } from '../kind.js';
import { choice, flag, or, section } from './kinds.js';

export interface LogSection {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly prompts: boolean;
}

export const logSection: Kind<LogSection> = section('What the gateway writes to stderr.', {
  level: or(
    choice('The least that is written. info: a line for each request; warn: failures alone.', [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'fatal',
      'silent',
    ]),
    'info',
  ),
  prompts: or(
    flag('Write what is asked, up to 8 KiB of each request, to be read by whoever reads the log.'),
    false,
  ),
});
